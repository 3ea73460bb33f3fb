import type { Call } from '@boocontrol/contracts';
import {
  answerCall,
  CallError,
  connectBus,
  createLogger,
  loadConfig,
  RpcClient,
  startService,
  type RunningService,
} from '@boocontrol/platform';
import { testDatabase, testNats, type TestDatabase, type TestNats } from '@boocontrol/testing';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { EvalsServiceModule } from '../evals-service.module.js';
import { evalsConfig, type EvalsConfig } from '../config.js';

export type Replica = RunningService<EvalsConfig>;

/** A bus and a database, and as many processes of the service as a test wants; without hosts. */
export class World {
  private readonly replicas: Replica[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly database: TestDatabase,
    readonly nc: NatsConnection,
    readonly rpc: RpcClient,
  ) {}

  static async open(): Promise<World> {
    const [nats, database] = await Promise.all([testNats(), testDatabase()]);
    const log = createLogger('world', { level: 'silent' });
    const nc = await connectBus({ url: nats.url, name: 'world', log });
    return new World(nats, database, nc, new RpcClient(nc));
  }

  /** One replica, in this process. */
  async service(env: Record<string, string> = {}): Promise<Replica> {
    const environment = {
      NATS_URL: this.nats.url,
      DATABASE_URL: this.database.url,
      LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
      ...env,
    };
    const config = loadConfig(evalsConfig, environment);
    const replica = await startService({ name: 'evals', config, module: EvalsServiceModule.of() });
    this.replicas.push(replica);
    return replica;
  }

  /** The table's connection of a replica. */
  db(replica: Replica): DataSource {
    return replica.app.get(DataSource);
  }

  ask<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<z.output<A>> {
    return this.rpc.ask(call, body, { timeoutMs: 15_000 });
  }

  /** Answers in the place of another service, from now on. */
  async answering<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    answer: (request: z.output<Q>) => z.input<A>,
  ): Promise<Subscription> {
    const subscription = answerCall(this.nc, call, {}, answer);
    await this.nc.flush();
    return subscription;
  }

  /** The code of what refuses it; fails when it is not refused. */
  async refused<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<string> {
    const answer = await this.ask(call, body).catch((error: unknown) => error);
    if (answer instanceof CallError) return answer.code;
    throw new Error(`it was not refused: ${JSON.stringify(answer)}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.nc.close();
    await this.nats.stop();
    await this.database.drop();
  }
}

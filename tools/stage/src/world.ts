import type { Call } from '@boocontrol/contracts';
import {
  answerCall,
  CallError,
  connectBus,
  createLogger,
  RpcClient,
  type BaseConfig,
  type RunningService,
} from '@boocontrol/platform';
import {
  spawnService,
  testDatabase,
  testNats,
  type RunningService as Process,
  type TestDatabase,
  type TestNats,
} from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { z } from 'zod';

/** What a world stands on: a bus, a database, and a connection to the bus. */
export interface Ground {
  nats: TestNats;
  database: TestDatabase;
  nc: NatsConnection;
}

export async function openGround(): Promise<Ground> {
  const [nats, database] = await Promise.all([testNats(), testDatabase()]);
  const log = createLogger('test', { level: 'silent' });
  return { nats, database, nc: await connectBus({ url: nats.url, name: 'test', log }) };
}

/** A bus and a database, calls over them, and what a test started on them: `close` ends it all, the last first. */
export class World {
  readonly nats: TestNats;
  readonly database: TestDatabase;
  readonly nc: NatsConnection;
  readonly rpc: RpcClient;
  private readonly ends: (() => Promise<unknown>)[] = [];

  constructor({ nats, database, nc }: Ground) {
    this.nats = nats;
    this.database = database;
    this.nc = nc;
    this.rpc = new RpcClient(nc);
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
    await this.nc.close();
    await this.nats.stop();
    await this.database.drop();
  }

  /** Runs when the world closes. */
  atEnd(end: () => Promise<unknown>): void {
    this.ends.push(end);
  }

  /** What every process of a service needs to know. */
  get environment(): Record<string, string> {
    const LOG_LEVEL = process.env['TEST_LOG'] ?? 'silent';
    return { NATS_URL: this.nats.url, DATABASE_URL: this.database.url, LOG_LEVEL };
  }

  /** A replica in this process; it is stopped when the world closes. */
  async runs<C extends BaseConfig>(starting: Promise<RunningService<C>>): Promise<RunningService<C>> {
    const service = await starting;
    this.atEnd(() => service.stop());
    return service;
  }

  /**
   * A process of its own, that can be killed; ready when it resolves.
   *
   * @param entry relative to the project: `services/bench/dist/main.js`
   * @param environment beyond what every process needs
   */
  async spawn(entry: string, environment: Record<string, string> = {}): Promise<Process> {
    const spawned = await spawnService(entry, { ...this.environment, ...environment });
    this.atEnd(() => spawned.kill9());
    await spawned.waitReady();
    return spawned;
  }

  /** A replica's connection to the database. */
  db(replica: Pick<RunningService<BaseConfig>, 'app'>): DataSource {
    return replica.app.get(DataSource);
  }

  ask<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<z.output<A>> {
    return this.rpc.ask(call, body, { timeoutMs: 15_000 });
  }

  /** What refuses it; fails when it is not refused. */
  async refused<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<CallError> {
    const answer = await this.ask(call, body).catch((error: unknown) => error);
    if (answer instanceof CallError) return answer;
    throw new Error(`it was not refused: ${JSON.stringify(answer)}`, { cause: answer });
  }

  /** The code of what refuses it; fails when it is not refused. */
  async refusedAs<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
    call: Call<Q, A, Code>,
    body: z.input<Q>,
  ): Promise<string> {
    return (await this.refused(call, body)).code;
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

  /** The messages of a subject that a stream has now, oldest first; not validated. */
  async stored(stream: string, subject: string): Promise<unknown[]> {
    const consumer = await jetstream(this.nc).consumers.get(stream, { filter_subjects: [subject] });
    const { num_pending: stored } = await consumer.info(true);
    const messages: unknown[] = [];
    if (stored === 0) return messages;
    for await (const message of await consumer.fetch({ max_messages: stored, expires: 5_000 })) {
      messages.push(message.json());
      if (messages.length === stored) break;
    }
    return messages;
  }
}

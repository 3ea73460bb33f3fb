import {
  ActionFactSchema,
  BUCKET,
  calls,
  ProviderSchema,
  STREAM,
  subjects,
  type Action,
  type ActionFact,
  type ActionRequest,
  type Provider,
  type Submitted,
} from '@boocontrol/contracts';
import {
  connectBus,
  createLogger,
  LiveFleet,
  loadConfig,
  RpcClient,
  startService,
  type RunningService,
} from '@boocontrol/platform';
import { createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import {
  spawnService,
  testDatabase,
  testNats,
  waitFor,
  type TestDatabase,
  type TestNats,
} from '@boocontrol/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import { ActionsServiceModule } from '../actions-service.module.js';
import { findAction } from '../actions/actions.repository.js';
import { TIMINGS, type ActionTimings } from '../actions/timings.js';
import { actionsConfig, type ActionsConfig } from '../config.js';
import { proxyFor, type Proxy } from './proxy.js';

/** Waits short enough for tests; what they prove is not how long they are. */
export const QUICK: ActionTimings = {
  ...TIMINGS,
  limit: { warm: 10_000, unload: 4_000, 'unload-all': 4_000, profile: 3_000, cancel: 4_000 },
  stallMs: 2_500,
  heartbeatEveryMs: 300,
  abandonedAfterMs: 4_000,
  progressEveryMs: 100,
  lookAgainMs: 100,
  unreachableMs: 1_500,
  careEveryMs: 300,
  unacceptedMs: 1_500,
};

export interface Host {
  id: string;
  sim: SimHost;
  proxy: Proxy;
}

export type Replica = RunningService<ActionsConfig>;

type Asking = { source?: string; confirm?: boolean; idempotencyKey?: string; fencingToken?: string };

/** A bus and a database, the real ingest, simulated hosts, and as many processes of the service as a test wants. */
export class Bench {
  private readonly cleanUp: (() => Promise<unknown>)[] = [];
  private count = 0;

  private constructor(
    readonly nats: TestNats,
    readonly database: TestDatabase,
    readonly nc: NatsConnection,
    readonly rpc: RpcClient,
  ) {}

  static async open(): Promise<Bench> {
    const [nats, database] = await Promise.all([testNats(), testDatabase()]);
    const log = createLogger('bench', { level: 'silent' });
    const nc = await connectBus({ url: nats.url, name: 'bench', log });
    const bench = new Bench(nats, database, nc, new RpcClient(nc));
    const ingest = await spawnService('services/ingest/dist/main.js', {
      NATS_URL: nats.url,
      LOG_LEVEL: 'warn',
    });
    bench.cleanUp.push(() => ingest.kill9());
    await ingest.waitReady();
    return bench;
  }

  async close(): Promise<void> {
    for (const clean of this.cleanUp.reverse()) await clean();
    await this.nc.close();
    await this.nats.stop();
    await this.database.drop();
  }

  get environment(): Record<string, string> {
    return {
      NATS_URL: this.nats.url,
      DATABASE_URL: this.database.url,
      LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
    };
  }

  /** One replica, in this process. */
  async service(timings = QUICK): Promise<Replica> {
    const service = await startService({
      name: 'actions',
      config: loadConfig(actionsConfig, this.environment),
      module: ActionsServiceModule.of(timings),
    });
    this.cleanUp.push(() => service.stop());
    return service;
  }

  /** A host that is registered, and that this replica knows as connected. */
  async host(
    service: Replica,
    input: Partial<SimHostInput> = {},
    entry: Partial<Provider> = {},
  ): Promise<Host> {
    const id = `host-${++this.count}`;
    const models = [
      { id: 'one', loadMs: 200 },
      { id: 'two', loadMs: 200, aliases: ['zwei'] },
    ];
    const sim = await createSimHost({ id, models, stopMs: 50, ...input });
    const proxy = await proxyFor(() => sim.url);
    this.cleanUp.push(async () => {
      await proxy.close();
      await sim.close();
    });
    await this.register(id, { baseUrl: proxy.url, ...entry });
    await this.known(service, id);
    return { id, sim, proxy };
  }

  /** Resolves when this replica knows the host as connected. */
  async known(service: Replica, id: string): Promise<void> {
    const live = service.app.get(LiveFleet);
    await waitFor(
      () => {
        const host = live.state?.hosts[id];
        return host?.liveness?.state === 'connected' && host.models.length > 0 && host.inflight !== null;
      },
      { what: `${id} to be followed` },
    );
  }

  async register(id: string, entry: Partial<Provider>): Promise<void> {
    const at = '2026-11-21T12:00:00.000000Z';
    const provider = ProviderSchema.parse({
      id,
      kind: 'llama-swap',
      label: id,
      enabled: true,
      tags: [],
      origin: 'api',
      createdAt: at,
      updatedAt: at,
      ...entry,
    });
    const kv = await new Kvm(this.nc).open(BUCKET.providers);
    await kv.put(id, JSON.stringify(provider));
  }

  submit(request: ActionRequest, { source = 'test', ...more }: Asking = {}): Promise<Submitted> {
    return this.rpc.ask(calls.submitAction, { request, source, ...more }, { timeoutMs: 15_000 });
  }

  /** The code of what refuses it, and the problem; fails when it is accepted. */
  async refused(
    request: ActionRequest,
    more: Asking = {},
  ): Promise<{ code: string; message: string; details: unknown }> {
    const accepted = await this.submit(request, more).catch((error: unknown) => error);
    if (!(accepted instanceof Error) || !('code' in accepted))
      throw new Error(`it was not refused: ${JSON.stringify(accepted)}`);
    const { code, message, details } = accepted as Error & { code: string; details?: unknown };
    return { code, message, details };
  }

  async action(service: Replica, id: string): Promise<Action> {
    const row = await findAction(service.app.get(DataSource), id);
    if (row === null) throw new Error(`there is no action ${id}`);
    return row.action;
  }

  ended(service: Replica, id: string, timeoutMs = 40_000): Promise<Action> {
    return waitFor(
      async () => {
        const action = await this.action(service, id);
        return action.endedAt === null ? undefined : action;
      },
      { what: `action ${id} to end`, timeoutMs },
    );
  }

  until(service: Replica, id: string, state: Action['state']): Promise<Action> {
    return waitFor(
      async () => {
        const action = await this.action(service, id);
        return action.state === state ? action : undefined;
      },
      { what: `action ${id} to be ${state}` },
    );
  }

  /** Facts of an action, in the order of its versions. */
  async facts(providerId: string, id: string): Promise<ActionFact[]> {
    const consumer = await jetstream(this.nc).consumers.get(STREAM.actions, {
      filter_subjects: [subjects.action(providerId, '*' as ActionFact['event'])],
    });
    const { num_pending: stored } = await consumer.info(true);
    const facts: ActionFact[] = [];
    if (stored === 0) return facts;
    let read = 0;
    for await (const message of await consumer.fetch({ max_messages: stored, expires: 5_000 })) {
      facts.push(ActionFactSchema.parse(message.json()));
      if (++read === stored) break;
    }
    return facts.filter(({ action }) => action.id === id).sort((a, b) => a.action.version - b.action.version);
  }

  /** Events of its facts, once the last one has the given state. */
  events(providerId: string, id: string, last: ActionFact['event']): Promise<string[]> {
    return waitFor(
      async () => {
        const events = (await this.facts(providerId, id)).map(({ event }) => event);
        return events.at(-1) === last ? events : undefined;
      },
      { what: `the fact ${last} of ${id}` },
    );
  }

  async queued(): Promise<number> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    return (await jsm.streams.info(STREAM.actionQueue)).state.messages;
  }
}

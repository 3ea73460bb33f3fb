import {
  BUCKET,
  calls,
  JobFactSchema,
  ProviderSchema,
  STREAM,
  subjects,
  type EvalRun,
  type EvalRunDetail,
  type Call,
  type JobFact,
  type Provider,
  type EvalSampleHead,
  type EvalSuiteInput,
} from '@boocontrol/contracts';
import { HostLeases } from '@boocontrol/client';
import {
  CallError,
  connectBus,
  createLogger,
  LiveFleet,
  loadConfig,
  RpcClient,
  RpcError,
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
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { EvalsServiceModule } from '../evals-service.module.js';
import { evalsConfig, type EvalsConfig } from '../config.js';
import { TIMINGS, type EvalTimings } from '../runs/timings.js';
import type { Engine } from '../runs/engine.js';

/** Waits short enough for tests; what they prove is not how long they are. */
export const QUICK: EvalTimings = {
  ...TIMINGS,
  heartbeatMs: 200,
  abandonedMs: 6_000,
  lookAgainMs: 100,
  careEveryMs: 300,
  unqueuedMs: 2_000,
  scoreEveryMs: 300,
  againMs: 50,
  gpuLagMs: 100,
  awayMs: 1_500,
};

export type Replica = RunningService<EvalsConfig>;
type Process = Awaited<ReturnType<typeof spawnService>>;

export interface Host {
  id: string;
  sim: SimHost;
}

/** Quick to load, and exactly so fast whatever the machine does. */
export const MODEL = { id: 'one', loadMs: 50, ctx: 8_192, pace: { firstMs: 10, tokenMs: 2 } };

/** Questions of which a rule says at once what the answer is worth, whatever it is. */
export function suiteOf(
  items: readonly string[] = ['pass/1', 'fail/1'],
  over: Partial<EvalSuiteInput> = {},
): EvalSuiteInput {
  return {
    name: 'small',
    title: 'Small',
    category: 'chat',
    licence: 'CC0-1.0',
    samples: 2,
    sampler: { temperature: 0, maxTokens: 4_000 },
    items: items.map((id) => ({
      kind: 'text',
      id,
      prompt: `Say something about ${id}.`,
      checks: [{ check: 'words', min: id.startsWith('pass') ? 1 : 10_000 }],
    })),
    ...over,
  };
}

/** A request of somebody else. Resolves when it was answered, fails when it was not. */
export async function chat(
  { sim }: Host,
  { source, tokens }: { source: string; tokens: number },
): Promise<void> {
  const answer = await fetch(`${sim.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-boo-source': source },
    body: JSON.stringify({
      model: MODEL.id,
      messages: [{ role: 'user', content: 'Hello there' }],
      max_tokens: tokens,
      ignore_eos: true,
    }),
  });
  if (!answer.ok) throw new Error(`it was answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

/** How a run is started. */
export type Launch = Omit<z.input<typeof calls.startEval.request>, 'suite' | 'targets' | 'source'> & {
  suite: EvalSuiteInput;
};

/** A bus and a database, the real ingest, simulated hosts, and as many processes of the service as a test wants. */
export class Stage {
  private readonly cleanUp: (() => Promise<unknown>)[] = [];
  private count = 0;

  private constructor(
    readonly nats: TestNats,
    readonly database: TestDatabase,
    readonly nc: NatsConnection,
    readonly rpc: RpcClient,
    readonly leases: HostLeases,
  ) {}

  static async open(): Promise<Stage> {
    const [nats, database] = await Promise.all([testNats(), testDatabase()]);
    const log = createLogger('stage', { level: 'silent' });
    const nc = await connectBus({ url: nats.url, name: 'stage', log });
    const stage = new Stage(nats, database, nc, new RpcClient(nc), new HostLeases(nc));
    const ingest = await spawnService('services/ingest/dist/main.js', {
      NATS_URL: nats.url,
      LOG_LEVEL: 'warn',
    });
    stage.cleanUp.push(() => ingest.kill9());
    await ingest.waitReady();
    return stage;
  }

  async close(): Promise<void> {
    for (const clean of this.cleanUp.reverse()) await clean();
    await this.nc.close();
    await this.nats.stop();
    await this.database.drop();
  }

  private get environment(): Record<string, string> {
    const LOG_LEVEL = process.env['TEST_LOG'] ?? 'silent';
    return { NATS_URL: this.nats.url, DATABASE_URL: this.database.url, LOG_LEVEL };
  }

  /** One replica, in this process. @param engine in the place of what asks and grades */
  async service(timings = QUICK, engine?: Engine): Promise<Replica> {
    const config = loadConfig(evalsConfig, this.environment);
    const replica = await startService({
      name: 'evals',
      config,
      module: EvalsServiceModule.of(timings, engine),
    });
    this.cleanUp.push(() => replica.stop());
    return replica;
  }

  /** A process of its own, that can be killed. @param environment beyond what every process needs */
  async process(environment: Record<string, string> = {}): Promise<Process> {
    const spawned = await spawnService('services/evals/dist/main.js', {
      ...this.environment,
      ...environment,
    });
    this.cleanUp.push(() => spawned.kill9());
    await spawned.waitReady();
    return spawned;
  }

  /** A host that is registered, and that this replica knows as connected. */
  async host(
    replica: Replica,
    input: Partial<SimHostInput> = {},
    entry: Partial<Provider> = {},
  ): Promise<Host> {
    const id = `host-${++this.count}`;
    const sim = await createSimHost({ id, models: [MODEL], stopMs: 20, ...input });
    this.cleanUp.push(() => sim.close());
    await this.register(id, { baseUrl: sim.url, ...entry });
    const live = replica.app.get(LiveFleet);
    await waitFor(
      () => {
        const known = live.state?.hosts[id];
        return known?.liveness?.state === 'connected' && known.models.length > 0 && known.inflight !== null;
      },
      { what: `${id} to be followed` },
    );
    return { id, sim };
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

  /** A run of one model of each host, in one launch; the suite is stored first. */
  async start(hosts: readonly Pick<Host, 'id'>[], over: Partial<Launch> = {}): Promise<EvalRun[]> {
    const { suite = suiteOf(), ...rest } = over;
    const targets = hosts.map(({ id }) => ({ providerId: id, model: MODEL.id }));
    // A process that has just begun reads the state of the hosts first.
    const { runs } = await waitFor(
      async () => {
        try {
          await this.ask(calls.saveEvalSuite, { suite });
          return await this.ask(calls.startEval, { suite: suite.name, targets, source: 'test', ...rest });
        } catch (error) {
          if (error instanceof RpcError && error.isRetryable) return undefined;
          throw error;
        }
      },
      { what: 'the run to be taken in' },
    );
    return runs;
  }

  /** The same of one host. */
  async one(host: Pick<Host, 'id'>, over: Partial<Launch> = {}): Promise<EvalRun> {
    const [run] = await this.start([host], over);
    if (run === undefined) throw new Error('nothing was started');
    return run;
  }

  detail(id: string): Promise<EvalRunDetail> {
    return this.ask(calls.evalRun, { id });
  }

  /** Once it is in one of the states. */
  until(id: string, states: readonly EvalRun['state'][], timeoutMs = 60_000): Promise<EvalRunDetail> {
    return waitFor(
      async () => {
        const detail = await this.detail(id).catch(() => null);
        return detail !== null && states.includes(detail.run.state) ? detail : undefined;
      },
      { what: `run ${id} to be ${states.join(' or ')}`, timeoutMs },
    );
  }

  ended(id: string, timeoutMs = 60_000): Promise<EvalRunDetail> {
    return this.until(id, ['succeeded', 'failed', 'cancelled', 'interrupted'], timeoutMs);
  }

  /** Every sample of a run that has its outcome, in the order of its pages. */
  async samples(id: string, limit = 3): Promise<EvalSampleHead[]> {
    const all: EvalSampleHead[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.ask(calls.evalSamples, {
        id,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      all.push(...page.samples);
      if (page.nextCursor === null) return all;
      cursor = page.nextCursor;
    }
  }

  /** Facts of a run that are on the log, in the order in which they were stated. */
  async facts(id: string): Promise<JobFact[]> {
    const consumer = await jetstream(this.nc).consumers.get(STREAM.jobs, {
      filter_subjects: [subjects.job('eval', id, '*' as JobFact['event'])],
    });
    const { num_pending: stored } = await consumer.info(true);
    const facts: JobFact[] = [];
    if (stored === 0) return facts;
    for await (const message of await consumer.fetch({ max_messages: stored, expires: 5_000 })) {
      facts.push(JobFactSchema.parse(message.json()));
      if (facts.length === stored) break;
    }
    return facts.sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
  }

  /** Events of its facts but progress, once the last one of them is there. */
  events(id: string, last: JobFact['event']): Promise<string[]> {
    return waitFor(
      async () => {
        const events = (await this.facts(id))
          .map(({ event }) => event)
          .filter((event) => event !== 'progress');
        return events.at(-1) === last ? events : undefined;
      },
      { what: `the fact ${last} of ${id}` },
    );
  }

  /** Once so many of its samples have their outcome. */
  async isAt(id: string, done: number): Promise<void> {
    await waitFor(async () => (await this.detail(id)).run.done >= done, { what: `${done} samples of ${id}` });
  }

  db(replica: Replica): DataSource {
    return replica.app.get(DataSource);
  }

  /** Nobody has the host, and nothing is under way there. */
  async isClean({ id, sim }: Host): Promise<void> {
    await waitFor(async () => (await this.leases.read(id)) === null && sim.state().inflight === 0, {
      what: `${id} to be left alone`,
    });
  }
}

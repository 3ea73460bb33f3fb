import {
  calls,
  SuiteSchema,
  type BenchRun,
  type BenchRunDetail,
  type JobFact,
  type Provider,
  type Sample,
  type Suite,
  type SuiteInput,
} from '@boocontrol/contracts';
import { loadConfig, RpcError, startService, type RunningService } from '@boocontrol/platform';
import type { SimHostInput } from '@boocontrol/sim';
import {
  jobEvents,
  jobFacts,
  MODEL,
  openGround,
  Stage as HostStage,
  type StagedHost,
} from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { BenchServiceModule } from '../bench-service.module.js';
import { benchConfig, type BenchConfig } from '../config.js';
import { TIMINGS, type BenchTimings } from '../runs/timings.js';
import type { Now } from '../schedules/scheduler.js';

/** Waits short enough for tests; what they prove is not how long they are. */
export const QUICK: BenchTimings = {
  ...TIMINGS,
  heartbeatMs: 200,
  abandonedMs: 6_000,
  lookAgainMs: 100,
  careEveryMs: 300,
  unqueuedMs: 2_000,
};

export type Replica = RunningService<BenchConfig>;
export type Host = StagedHost;

/** A suite of small cells, one for each concurrency. */
export function suiteOf(over: Partial<SuiteInput> = {}): Suite {
  return SuiteSchema.parse({
    name: 'small',
    promptTokens: [64],
    outputTokens: [16],
    load: { kind: 'closed', concurrency: [1, 2] },
    repetitions: 5,
    warmup: { requests: 1, until: 'count' },
    ...over,
  });
}

/** A bus and a database, the real ingest, simulated hosts, and as many processes of the service as a test wants. */
export class Stage extends HostStage {
  static async open(): Promise<Stage> {
    return new Stage(await openGround()).begun();
  }

  /** One replica, in this process. @param now the clock of schedules */
  service(timings = QUICK, now?: Now): Promise<Replica> {
    const config = loadConfig(benchConfig, this.environment);
    return this.runs(startService({ name: 'bench', config, module: BenchServiceModule.of(timings, now) }));
  }

  process(): ReturnType<Stage['spawn']> {
    return this.spawn('services/bench/dist/main.js');
  }

  /** A host that is registered, and that this replica knows as connected. */
  host(replica: Replica, input: Partial<SimHostInput> = {}, entry: Partial<Provider> = {}): Promise<Host> {
    return this.simulated(replica, { models: [MODEL], stopMs: 20, ...input }, entry);
  }

  /** A run of one model of one host. */
  async start(host: Pick<Host, 'id'>, suite: Suite = suiteOf(), confirm = false): Promise<BenchRun> {
    const targets = [{ providerId: host.id, model: MODEL.id }];
    // A process that has just begun reads the state of the hosts first.
    const { runs } = await waitFor(
      () =>
        this.ask(calls.startBench, { suite, targets, source: 'test', confirm }).catch((error: unknown) => {
          if (error instanceof RpcError && error.isRetryable) return undefined;
          throw error;
        }),
      { what: 'the run to be taken in' },
    );
    const [run] = runs;
    if (run === undefined) throw new Error('nothing was started');
    return run;
  }

  detail(id: string, against?: string): Promise<BenchRunDetail> {
    return this.ask(calls.benchRun, { id, ...(against === undefined ? {} : { against }) });
  }

  /** Once it is in one of the states. */
  until(id: string, states: readonly BenchRun['state'][], timeoutMs = 60_000): Promise<BenchRunDetail> {
    return waitFor(
      async () => {
        const detail = await this.detail(id).catch(() => null);
        return detail !== null && states.includes(detail.run.state) ? detail : undefined;
      },
      { what: `run ${id} to be ${states.join(' or ')}`, timeoutMs },
    );
  }

  ended(id: string, timeoutMs = 60_000): Promise<BenchRunDetail> {
    return this.until(id, ['succeeded', 'failed', 'cancelled', 'interrupted'], timeoutMs);
  }

  /** Every request of a run, in the order of its pages. */
  async samples(id: string, limit = 7): Promise<Sample[]> {
    const all: Sample[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.ask(calls.benchSamples, {
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
  facts(id: string): Promise<JobFact[]> {
    return jobFacts(this, 'bench', id);
  }

  /** Events of its facts but progress, once the last one of them is there. */
  events(id: string, last: JobFact['event']): Promise<string[]> {
    return jobEvents(this, 'bench', id, last);
  }

  /** Once requests of a cell are measured, its warm-up done. */
  async isMeasuring(id: string, cell: number): Promise<void> {
    await waitFor(
      async () =>
        (await this.facts(id)).some(
          (fact) => fact.event === 'progress' && fact.body.cell === cell && fact.body.figures !== undefined,
        ),
      { what: `cell ${cell} to be measured` },
    );
  }
}

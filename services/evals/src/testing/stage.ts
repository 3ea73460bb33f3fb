import {
  calls,
  type EvalRun,
  type EvalRunDetail,
  type EvalSampleHead,
  type EvalSuiteInput,
  type JobFact,
  type Provider,
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
export type Host = StagedHost;

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

/** How a run is started. */
export type Launch = Omit<z.input<typeof calls.startEval.request>, 'suite' | 'targets' | 'source'> & {
  suite: EvalSuiteInput;
};

/** A bus and a database, the real ingest, simulated hosts, and as many processes of the service as a test wants. */
export class Stage extends HostStage {
  static async open(): Promise<Stage> {
    return new Stage(await openGround()).begun();
  }

  /** One replica, in this process. @param engine in the place of what asks and grades */
  service(timings = QUICK, engine?: Engine): Promise<Replica> {
    const config = loadConfig(evalsConfig, this.environment);
    return this.runs(startService({ name: 'evals', config, module: EvalsServiceModule.of(timings, engine) }));
  }

  /** A process of its own, that can be killed. @param environment beyond what every process needs */
  process(environment: Record<string, string> = {}): ReturnType<Stage['spawn']> {
    return this.spawn('services/evals/dist/main.js', environment);
  }

  /** A host that is registered, and that this replica knows as connected. */
  host(replica: Replica, input: Partial<SimHostInput> = {}, entry: Partial<Provider> = {}): Promise<Host> {
    return this.simulated(replica, { models: [MODEL], stopMs: 20, ...input }, entry);
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
  facts(id: string): Promise<JobFact[]> {
    return jobFacts(this, 'eval', id);
  }

  /** Events of its facts but progress, once the last one of them is there. */
  events(id: string, last: JobFact['event']): Promise<string[]> {
    return jobEvents(this, 'eval', id, last);
  }

  /** Once so many of its samples have their outcome. */
  async isAt(id: string, done: number): Promise<void> {
    await waitFor(async () => (await this.detail(id)).run.done >= done, { what: `${done} samples of ${id}` });
  }
}

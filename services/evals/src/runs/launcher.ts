import { calls, type BenchTarget, type EvalItem, type EvalRun, type EvalSuite } from '@boocontrol/contracts';
import { isQuestion, Outbox, refuse, type Objection } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Sandboxes } from '../grading/sandboxes.js';
import { Suites } from '../suites/suites.js';
import { Admission } from './admission.js';
import { insertRuns, type NewLaunch } from './runs.repository.js';
import type { PlannedSample } from './samples.repository.js';
import { seedOf } from './seeds.js';

type Start = z.output<typeof calls.startEval.request>;
export type Asked = z.output<typeof calls.estimateEval.request>;

/** What is to be asked, with everything looked up. */
export type Wanted = Omit<NewLaunch, 'suite' | 'source' | 'confirmed'> & {
  suite: EvalSuite;
  items: readonly EvalItem[];
  targets: BenchTarget[];
};

/** Queues runs. */
@Injectable()
export class Launcher {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Sandboxes) private readonly sandboxes: Sandboxes,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  /**
   * A run for each target, all or none.
   * @throws {CallError} what `calls.startEval` refuses; {RpcError} `unavailable`; {LeaseError}
   */
  async launch(asked: Start): Promise<EvalRun[]> {
    const wanted = await this.resolve(asked);
    await this.admit(wanted.items, wanted.targets, asked.confirm);
    const { source, confirm: confirmed } = asked;
    const runs = await insertRuns(this.db, { ...wanted, source, confirmed }, wanted.targets);
    this.outbox.notify();
    return runs;
  }

  /** @throws {CallError} why it cannot be asked now; {RpcError} `unavailable`; {LeaseError} */
  async admit(
    items: readonly Pick<EvalItem, 'kind'>[],
    targets: readonly BenchTarget[],
    confirm: boolean,
  ): Promise<void> {
    const noSandbox = items.some(({ kind }) => kind === 'coding') ? await this.sandboxes.whyNone() : null;
    if (noSandbox !== null) throw refuse(calls.startEval, 'no_sandbox', noSandbox);
    const refused: Refused[] = [];
    for (const target of targets) {
      const problem = await this.admission.objectionTo(target, confirm);
      if (problem !== null) refused.push({ ...target, problem });
    }
    const why = worstOf(refused);
    if (why !== null) throw refuse(calls.startEval, why.code, why.message, why.details);
  }

  /** @throws {CallError} `unknown_suite`, `nothing_to_ask` */
  async resolve(asked: Asked): Promise<Wanted> {
    const found = await this.suites.find(asked.suite, asked.hash);
    if (found === null)
      throw refuse(
        calls.startEval,
        'unknown_suite',
        asked.hash === undefined
          ? `There is no suite "${asked.suite}".`
          : `There is no version ${asked.hash} of a suite "${asked.suite}".`,
      );
    const { suite, retired, hash } = found;
    const meant = asked.items && new Set(asked.items);
    const asking = suite.items.filter(({ id }) => !retired.has(id));
    const items = asking.filter(({ id }) => meant?.has(id) ?? true);
    if (items.length === 0)
      throw refuse(
        calls.startEval,
        'nothing_to_ask',
        'None of these items is in the suite, or they are all retired.',
      );
    const k = asked.samples ?? suite.samples;
    const sampler = { ...suite.sampler, ...asked.sampler };
    return {
      ...{ suite, suiteHash: hash, k, sampler, items, concurrency: asked.concurrency },
      isWhole: items.length === asking.length,
      samples: samplesOf(items, k, sampler.seed),
      targets: distinct(asked.targets),
    };
  }
}

/** Each item k times in a row, in the order of the suite. */
const samplesOf = (items: readonly EvalItem[], k: number, seed: number | undefined): PlannedSample[] =>
  items.flatMap(({ id, kind }, index) =>
    Array.from({ length: k }, (_, sample) => ({
      ...{ item: id, sample, kind, n: index * k + sample },
      seed: seedOf(seed, id, sample),
    })),
  );

interface Refused extends BenchTarget {
  problem: Objection;
}

/** What cannot be confirmed goes first: to confirm the rest would be of no use. */
function worstOf(refused: readonly Refused[]): Objection | null {
  const [first] = refused.toSorted((a, b) => Number(isQuestion(a.problem)) - Number(isQuestion(b.problem)));
  if (first === undefined) return null;
  const { problem } = first;
  if (refused.length === 1) return problem;
  const message = `${problem.message} ${refused.length - 1} more of what is to be asked cannot be either.`;
  return { ...problem, message, details: { targets: refused } };
}

function distinct(targets: readonly BenchTarget[]): BenchTarget[] {
  const known = new Map(
    targets.map(({ providerId, model }) => [`${providerId} ${model}`, { providerId, model }]),
  );
  return [...known.values()];
}

import { randomInt } from 'node:crypto';
import { calls, type BenchRun, type BenchTarget, type Suite } from '@boocontrol/contracts';
import { fits } from '@boocontrol/fleet-model';
import { suiteHash } from '@boocontrol/measure';
import { isQuestion, Outbox, refuse, type Objection } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Suites } from '../suites/suites.js';
import { Admission } from './admission.js';
import { insertRuns } from './runs.repository.js';

/** What is to be measured, with everything looked up. */
export interface Wanted {
  suite: Suite;
  suiteName: string;
  suiteHash: string;
  targets: BenchTarget[];
}

export interface Launch {
  /** Name of a stored suite, or a suite that is not stored. */
  suite: string | Suite;
  /** Absent: the targets that the suite names. */
  targets?: BenchTarget[] | undefined;
  /** Of a run that is to be repeated; absent: a new one for each. */
  seed?: number | undefined;
  source: string;
  /** true: also on hosts that others use, or have to themselves. */
  confirm: boolean;
  /** The schedule that asks for it; absent: a person or program does. */
  scheduleId?: string | undefined;
}

const MAX_TARGETS = 200;
const SEEDS = 2 ** 31;

/** Queues runs. */
@Injectable()
export class Launcher {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  /**
   * A run for each target, all or none.
   * @throws {CallError} what `calls.startBench` refuses; {RpcError} `unavailable`; {LeaseError}
   */
  async launch(launch: Launch): Promise<BenchRun[]> {
    const wanted = await this.resolve(launch);
    const refused: Refused[] = [];
    for (const target of wanted.targets) {
      const problem = await this.admission.objectionTo(target, launch.confirm);
      if (problem !== null) refused.push({ ...target, problem });
    }
    const why = worstOf(refused);
    if (why !== null) throw refuse(calls.startBench, why.code, why.message, why.details);
    return this.begin(wanted, launch);
  }

  /** Queues what was looked up and admitted. */
  async begin(wanted: Wanted, launch: Omit<Launch, 'suite' | 'targets'>): Promise<BenchRun[]> {
    const { targets, ...suite } = wanted;
    const { source, confirm, seed, scheduleId = null } = launch;
    const all = { ...suite, source, confirmed: confirm, scheduleId, seed: () => seed ?? randomInt(SEEDS) };
    const rows = await insertRuns(this.db, all, targets);
    this.outbox.notify();
    return rows.map(({ run }) => run);
  }

  /** @throws {CallError} `unknown_suite`, `nothing_to_measure`; {RpcError} `unavailable` while the fleet has not been read */
  async resolve({ suite: asked, targets }: Pick<Launch, 'suite' | 'targets'>): Promise<Wanted> {
    const stored = typeof asked === 'string' ? ((await this.suites.byName(asked))?.suite ?? null) : null;
    if (typeof asked === 'string' && stored === null)
      throw refuse(calls.startBench, 'unknown_suite', `There is no suite "${asked}".`);
    const suite = typeof asked === 'string' ? stored : asked;
    if (suite === null) throw new Error('a suite that was found is not there');
    const found = distinct(targets ?? this.named(suite)).slice(0, MAX_TARGETS);
    if (found.length === 0)
      throw refuse(
        calls.startBench,
        'nothing_to_measure',
        suite.targets.length === 0
          ? 'The suite names no models of hosts. Say which ones to measure.'
          : 'No model of a host that is connected fits what the suite names.',
      );
    const suiteName = typeof asked === 'string' ? asked : suite.name;
    return { suite, suiteName, suiteHash: suiteHash(suite), targets: found };
  }

  /** What the patterns of a suite stand for now. Services that cost money have to be named as they are. */
  private named(suite: Suite): BenchTarget[] {
    return suite.targets.flatMap((pattern) =>
      this.admission.models().flatMap(({ provider, models }) => {
        const isMeant =
          provider.id === pattern.provider ||
          (provider.kind === 'llama-swap' && fits(pattern.provider, provider.id));
        if (!isMeant) return [];
        return models
          .filter(({ id, peerId, state }) => peerId === null && state !== 'absent' && fits(pattern.model, id))
          .map(({ id }) => ({ providerId: provider.id, model: id }));
      }),
    );
  }
}

interface Refused extends BenchTarget {
  problem: Objection;
}

/** What cannot be confirmed goes first: to confirm the rest would be of no use. */
function worstOf(refused: readonly Refused[]): Objection | null {
  const [first] = refused.toSorted((a, b) => Number(isQuestion(a.problem)) - Number(isQuestion(b.problem)));
  if (first === undefined) return null;
  const { problem } = first;
  if (refused.length === 1) return problem;
  const message = `${problem.message} ${refused.length - 1} more of what is to be measured cannot be either.`;
  return { ...problem, message, details: { targets: refused } };
}

function distinct(targets: readonly BenchTarget[]): BenchTarget[] {
  const known = new Map(
    targets.map(({ providerId, model }) => [`${providerId} ${model}`, { providerId, model }]),
  );
  return [...known.values()];
}

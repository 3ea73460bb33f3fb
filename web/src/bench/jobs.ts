import type { ControlJob } from '@boocontrol/contracts';

type Fact = ControlJob['jobs'][number];

/** How far a run is, as it was told last. */
export interface Progress {
  done: number;
  total: number | null;
  /** Index of the cell under way; null: none is. */
  cell: number | null;
  /** The newest values by the names of figures; empty: there are none yet. */
  figures: Readonly<Record<string, number>>;
}

export type ProgressOf = Readonly<Record<string, Progress>>;

const isBench = ({ kind }: Fact): boolean => kind === 'bench';

/** The newest progress of each run; of one that has ended there is none. The same when nothing was told of any. */
export function takeProgress(before: ProgressOf, jobs: readonly Fact[]): ProgressOf {
  let next: Record<string, Progress> | null = null;
  for (const fact of jobs.filter(isBench)) {
    if (fact.event === 'progress') {
      const { done, total, cell, figures } = fact.body;
      next ??= { ...before };
      next[fact.run] = { done, total, cell: cell ?? null, figures: figures ?? {} };
    } else if (fact.event !== 'cell' && fact.event !== 'regressed' && before[fact.run]) {
      next ??= { ...before };
      delete next[fact.run];
    }
  }
  return next ?? before;
}

/** Runs of which more has changed than how far they are. */
export const changedRuns = (jobs: readonly Fact[]): string[] => [
  ...new Set(jobs.filter((fact) => isBench(fact) && fact.event !== 'progress').map(({ run }) => run)),
];

import type { ControlJob } from '@boocontrol/contracts';

type Fact = ControlJob['jobs'][number];

/** How far a run is, as it was told last. */
export interface Progress {
  done: number;
  total: number | null;
  /** Of a benchmark: index of the cell under way; null: none is. */
  cell: number | null;
  /** Of a benchmark: the newest values by the names of figures; empty: there are none yet. */
  figures: Readonly<Record<string, number>>;
  /** Of an eval: samples so far by what became of them; empty: there are none yet. */
  outcomes: Readonly<Record<string, number>>;
}

export type ProgressOf = Readonly<Record<string, Progress>>;

/** What sort of job a page follows. */
export type JobKind = 'bench' | 'eval';

/** The newest progress of each run of a kind; of one that has ended there is none. The same when nothing was told of any. */
export function takeProgress(before: ProgressOf, jobs: readonly Fact[], of: JobKind): ProgressOf {
  let next: Record<string, Progress> | null = null;
  for (const fact of jobs.filter(({ kind }) => kind === of)) {
    if (fact.event === 'progress') {
      const { done, total, cell, figures, outcomes } = fact.body;
      next ??= { ...before };
      next[fact.run] = {
        done,
        total,
        cell: cell ?? null,
        figures: figures ?? {},
        outcomes: outcomes ?? {},
      };
    } else if (fact.event !== 'cell' && fact.event !== 'regressed' && before[fact.run]) {
      next ??= { ...before };
      delete next[fact.run];
    }
  }
  return next ?? before;
}

/** Runs of which more has changed than how far they are. */
export const changedRuns = (jobs: readonly Fact[], of: JobKind): string[] => [
  ...new Set(jobs.filter((fact) => fact.kind === of && fact.event !== 'progress').map(({ run }) => run)),
];

import { createHash } from 'node:crypto';
import type { Score } from '@boocontrol/contracts';
import type { ScoredRun } from './leaderboard.repository.js';
import { versionsOf } from './leaderboard.js';
import { meanOf } from '../statistics/interval.js';

/** Keys of KV `scores` that are ours begin with this. */
export const OURS = 'evals.';

/**
 * What routing is told: of each category the scores of that version of a suite by which most models were measured (of
 * several, the one that was run last), since scores of different versions cannot be compared. Overall is the mean of those
 * categories in which at least half of the models were measured, for models that have them all.
 *
 * @returns scores by their keys in KV `scores`
 */
export function adviceOf(runs: readonly ScoredRun[]): Map<string, Score> {
  const advice = new Map<string, Score>();
  const byTarget = new Map<string, ScoredRun[]>();
  for (const category of new Set(runs.map((run) => run.category))) {
    const leading = [...versionsOf(runs.filter((run) => run.category === category)).values()].sort(
      (a, b) => b.length - a.length || (newest(a) < newest(b) ? 1 : -1),
    )[0];
    for (const run of leading ?? []) {
      advice.set(keyOf(run, category), scoreFor(run));
      const key = JSON.stringify([run.providerId, run.model]);
      byTarget.set(key, [...(byTarget.get(key) ?? []), run]);
    }
  }
  const counts = new Map<string, number>();
  for (const { category } of [...byTarget.values()].flat())
    counts.set(category, (counts.get(category) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count * 2 >= byTarget.size).map(([name]) => name);
  for (const those of byTarget.values()) {
    const counted = those.filter(({ category }) => common.includes(category));
    const [one] = counted;
    if (one && counted.length === common.length) advice.set(keyOf(one, null), overall(one, counted));
  }
  return advice;
}

function scoreFor(run: ScoredRun): Score {
  const { genTps, ttftMs } = run.speed;
  return {
    model: run.model,
    providerId: run.providerId,
    category: run.category,
    ...run.score.pass1,
    n: run.score.items,
    measuredAt: run.at,
    suite: { name: run.suiteName, hash: run.suiteHash },
    runId: run.runId,
    ...(genTps === null ? {} : { genTps }),
    ...(ttftMs === null ? {} : { ttftMs }),
    by: `suite ${run.suiteName}`,
  };
}

function overall({ model, providerId }: ScoredRun, runs: readonly ScoredRun[]): Score {
  const mean = (end: 'mean' | 'low' | 'high') => meanOf(runs.map(({ score }) => score.pass1[end]));
  const [low, middle, high] = [mean('low'), mean('mean'), mean('high')];
  return {
    model,
    providerId,
    category: null,
    // Means of numbers that are in order are in order, but for rounding.
    ...{ low: Math.min(low, middle), mean: middle, high: Math.max(middle, high) },
    n: runs.reduce((sum, { score }) => sum + score.items, 0),
    measuredAt: newest(runs),
    by: `suites ${runs.map(({ suiteName }) => suiteName).join(', ')}`.slice(0, 160),
  };
}

const newest = (runs: readonly ScoredRun[]): string =>
  runs.map(({ at }) => at).reduce((a, b) => (a > b ? a : b), '');

const keyOf = ({ providerId, model }: ScoredRun, category: string | null): string =>
  OURS +
  createHash('sha256')
    .update(JSON.stringify([providerId, model, category]))
    .digest('hex')
    .slice(0, 32);

import type {
  Fingerprint,
  FleetState,
  Leaderboard,
  LeaderboardEntry,
  LeaderboardRow,
} from '@boocontrol/contracts';
import { parseQuant, parseSize } from '@boocontrol/fleet-model';
import type { ScoredRun } from './leaderboard.repository.js';
import { paretoOf, ranksOf } from '../statistics/ranks.js';

/**
 * The newest runs as a table: a row for each model of each host, the best of the first category first.
 *
 * @param newestHashes newest version of each suite, by its name
 * @param fleet null: not known yet, so nothing is loaded
 */
export function leaderboardOf(
  runs: readonly ScoredRun[],
  newestHashes: ReadonlyMap<string, string>,
  fleet: FleetState | null,
): Leaderboard {
  const ranks = ranksByRun(runs);
  const rows = new Map<string, LeaderboardRow>();
  for (const run of runs) {
    const key = modelKey(run);
    const row =
      rows.get(key) ??
      rowOf(
        run,
        runs.filter((one) => modelKey(one) === key),
        fleet,
      );
    const isOld = newestHashes.has(run.suiteName) && newestHashes.get(run.suiteName) !== run.suiteHash;
    row.scores.push({
      runId: run.runId,
      suiteName: run.suiteName,
      suiteHash: run.suiteHash,
      category: run.category,
      score: run.score,
      rank: ranks.get(run.runId) ?? { from: 1, to: 1 },
      speed: run.speed,
      at: run.at,
      isStale: isOld || isOther(run.fingerprint, run.newestFingerprint),
    });
    rows.set(key, row);
  }
  const categories = [...new Set(runs.map(({ category }) => category))].sort();
  for (const { scores } of rows.values()) scores.sort(byCategory);
  return {
    rows: [...rows.values()].sort((a, b) => best(b, categories[0]) - best(a, categories[0]) || byName(a, b)),
    categories,
    pareto: categories.map((category) => ({ category, runIds: front(runs, category) })),
  };
}

/** @param those its newest runs */
function rowOf(
  { providerId, model, quant }: ScoredRun,
  those: readonly ScoredRun[],
  fleet: FleetState | null,
): LeaderboardRow {
  const host = fleet?.hosts[providerId];
  return {
    providerId,
    model,
    quant: quant ?? parseQuant(model),
    sizeB: parseSize(model)?.totalB ?? null,
    ...memoryOf(those),
    loaded: host?.models.some(({ id, state }) => id === model && state === 'ready') ?? false,
    healthy: host?.liveness?.state === 'connected',
    scores: [],
  };
}

const NOT_LOOKED = 'It was asked before memory was looked at. Ask it again.';

/** What the newest run says that tells it; else why the newest of all does not. */
function memoryOf(those: readonly ScoredRun[]): Pick<LeaderboardRow, 'vramMb' | 'vramReason'> {
  const newest = those.toSorted((a, b) => textOrder(b.at, a.at));
  const told = newest.find(({ vramMb }) => vramMb !== null);
  if (told) return { vramMb: told.vramMb, vramReason: null };
  return { vramMb: null, vramReason: newest[0]?.vramReason ?? NOT_LOOKED };
}

/** Places are those among runs of the same version of the same suite: others are not comparable. */
function ranksByRun(runs: readonly ScoredRun[]): Map<string, LeaderboardEntry['rank']> {
  const ranks = new Map<string, LeaderboardEntry['rank']>();
  for (const same of versionsOf(runs).values()) {
    const places = ranksOf(same.map(({ score }) => score.pass1));
    for (const [index, { runId }] of same.entries()) ranks.set(runId, places[index] ?? { from: 1, to: 1 });
  }
  return ranks;
}

/** Runs by the version of the suite that they are of. */
export function versionsOf(runs: readonly ScoredRun[]): Map<string, ScoredRun[]> {
  const versions = new Map<string, ScoredRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.suiteName, run.suiteHash]);
    versions.set(key, [...(versions.get(key) ?? []), run]);
  }
  return versions;
}

function front(runs: readonly ScoredRun[], category: string): string[] {
  const those = [...versionsOf(runs.filter((run) => run.category === category)).values()];
  return those
    .flatMap((same) =>
      paretoOf(same.map((run) => ({ run, quality: run.score.pass1.mean, speed: run.speed.genTps }))),
    )
    .map(({ run }) => run.runId);
}

/** The model is served by another build or from another file than when it was measured. */
function isOther(then: Fingerprint | null, now: Fingerprint | null): boolean {
  if (then === null || now === null) return false;
  const differs = (key: 'engineBuild' | 'file') =>
    then[key] !== null && now[key] !== null && then[key] !== now[key];
  return differs('engineBuild') || differs('file');
}

function byCategory(a: LeaderboardEntry, b: LeaderboardEntry): number {
  return textOrder(a.category, b.category) || textOrder(a.suiteName, b.suiteName);
}

const modelKey = ({ providerId, model }: ScoredRun): string => JSON.stringify([providerId, model]);
const best = ({ scores }: LeaderboardRow, category: string | undefined): number =>
  Math.max(-1, ...scores.filter((one) => one.category === category).map(({ score }) => score.pass1.mean));
const byName = (a: LeaderboardRow, b: LeaderboardRow): number =>
  textOrder(a.model, b.model) || textOrder(a.providerId, b.providerId);
const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

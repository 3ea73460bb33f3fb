import {
  apartMs,
  endsApartMs,
  FAR_MS,
  isSameCount,
  mayBeSame,
  type AttemptSight,
  type RowSight,
} from '@boocontrol/fleet-model';

/** An attempt of a request to /v1 that a host may have a row of. */
export interface OpenAttempt extends AttemptSight {
  dispatchId: string;
  /** From 1. */
  attempt: number;
}

/** A row of the host. */
export interface OpenRow extends RowSight {
  entryId: number;
  ts: string;
  /** By its captured headers; null: it has none. undefined: its headers are not known. */
  dispatchId: string | null | undefined;
}

export interface Join {
  attempt: OpenAttempt;
  row: OpenRow;
  joined: 'exact' | 'matched';
}

interface Pair extends Join {
  /** The most telling first. */
  evidence: number;
  distance: number;
}

/**
 * Which attempt is which row. Each has one at most. What is joined depends on nothing but the two sets: not on their order,
 * nor on what was joined before. The closest pair of all comes first, then the closest of what is left; so no two that
 * are left would both rather have each other.
 */
export function matchAttempts(attempts: readonly OpenAttempt[], rows: readonly OpenRow[]): Join[] {
  const pairs = [...exactPairs(attempts, rows), ...guessedPairs(attempts, rows)].sort(closestFirst);
  const takenAttempts = new Set<OpenAttempt>();
  const takenRows = new Set<OpenRow>();
  const joins: Join[] = [];
  for (const { attempt, row, joined } of pairs) {
    if (takenAttempts.has(attempt) || takenRows.has(row)) continue;
    takenAttempts.add(attempt);
    takenRows.add(row);
    joins.push({ attempt, row, joined });
  }
  return joins;
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function closestFirst(a: Pair, b: Pair): number {
  return (
    compare(a.joined, b.joined) ||
    b.evidence - a.evidence ||
    a.distance - b.distance ||
    compare(a.attempt.dispatchId, b.attempt.dispatchId) ||
    a.attempt.attempt - b.attempt.attempt ||
    a.row.entryId - b.row.entryId ||
    compare(a.row.ts, b.row.ts)
  );
}

/** By the id in the row's headers. Of several attempts at one host the id tells not which: the times do. */
function exactPairs(attempts: readonly OpenAttempt[], rows: readonly OpenRow[]): Pair[] {
  const ofDispatch = groupBy(attempts, ({ dispatchId }) => [dispatchId]);
  return rows.flatMap((row) =>
    (ofDispatch.get(row.dispatchId ?? '') ?? []).map((attempt) => ({
      attempt,
      row,
      joined: 'exact' as const,
      evidence: 0,
      distance: apartMs(attempt, row),
    })),
  );
}

/** By what both tell, where the row's headers are not known. */
function guessedPairs(attempts: readonly OpenAttempt[], rows: readonly OpenRow[]): Pair[] {
  const near = groupBy(
    rows.filter(({ dispatchId }) => dispatchId === undefined),
    (row) => [...new Set([row.endMs, row.endMs - row.durationMs].map((ms) => placeOf(row, ms, 0)))],
  );
  return attempts.flatMap((attempt) => {
    const times = [attempt.endMs, attempt.startMs];
    const places = times.flatMap((ms) => [-1, 0, 1].map((step) => placeOf(attempt, ms, step)));
    const found = new Set(places.flatMap((place) => near.get(place) ?? []));
    return [...found].filter((row) => mayBeSame(attempt, row)).map((row) => guess(attempt, row));
  });
}

function placeOf(of: { model: string; reqPath: string }, ms: number, step: number): string {
  return JSON.stringify([of.model, of.reqPath, Math.floor(ms / FAR_MS) + step]);
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  return groups;
}

function guess(attempt: OpenAttempt, row: OpenRow): Pair {
  const hasSameOutput = isSameCount(attempt.outputTokens, row.outputTokens);
  const hasSamePrompt = isSameCount(attempt.promptTokens, row.promptTokens);
  const hasSameSource = row.source === attempt.source;
  // How long it took needs no common clock, and the host tells it to the millisecond.
  const took = Math.abs(attempt.endMs - attempt.startMs - row.durationMs);
  return {
    attempt,
    row,
    joined: 'matched',
    evidence: (hasSameOutput ? 2 : 0) + (hasSamePrompt ? 2 : 0) + (hasSameSource ? 1 : 0),
    distance: attempt.outcome === 'answered' ? took + endsApartMs(attempt, row) / 4 : apartMs(attempt, row),
  };
}

import { UNATTRIBUTED, type RouteAttempt } from '@boocontrol/contracts';

/** An attempt of a request to /v1 that a host may have a row of. Times are Unix milliseconds. */
export interface OpenAttempt {
  dispatchId: string;
  /** From 1. */
  attempt: number;
  model: string;
  reqPath: string;
  source: string;
  outcome: RouteAttempt['outcome'];
  status: number | null;
  startMs: number;
  endMs: number;
  promptTokens: number | null;
  outputTokens: number | null;
}

/** A row of the host. Times are Unix milliseconds. */
export interface OpenRow {
  entryId: number;
  ts: string;
  model: string;
  reqPath: string;
  source: string;
  status: number;
  /** By our clock, as exactly as the host tells: llama-swap from v236 on cuts it to the second. */
  endMs: number;
  durationMs: number;
  promptTokens: number | null;
  isPromptCertain: boolean;
  outputTokens: number | null;
  /** By its captured headers; null: it has none. undefined: its headers are not known. */
  dispatchId: string | null | undefined;
}

export interface Join {
  attempt: OpenAttempt;
  row: OpenRow;
  joined: 'exact' | 'matched';
}

/** Further apart than this, by both their beginnings and their ends, two are not the same: clocks differ by 2 s, and seconds are cut. */
export const FAR_MS = 5_000;

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
    return [...found].filter((row) => mayBe(attempt, row)).map((row) => guess(attempt, row));
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

const endsApart = (attempt: OpenAttempt, row: OpenRow): number => Math.abs(attempt.endMs - row.endMs);
const startsApart = (attempt: OpenAttempt, row: OpenRow): number =>
  Math.abs(attempt.startMs - (row.endMs - row.durationMs));

/** A host that the client left goes on for a while, and one that loads may not count that: one end has to fit. */
function apartMs(attempt: OpenAttempt, row: OpenRow): number {
  return Math.min(endsApart(attempt, row), startsApart(attempt, row));
}

/** llama-swap says 0 of what it found no figures of: an answer cut off, an embedding, an error. */
const told = (tokens: number | null): number | null => (tokens === 0 ? null : tokens);

const isSameCount = (a: number | null, b: number | null): boolean => told(a) !== null && a === b;
const differ = (a: number | null, b: number | null): boolean => a !== null && b !== null && a !== b;

function mayBe(attempt: OpenAttempt, row: OpenRow): boolean {
  if (attempt.model !== row.model || attempt.reqPath !== row.reqPath) return false;
  if (apartMs(attempt, row) > FAR_MS) return false;
  // The source goes to the host as a header, so a row that knows its own and has another is of somebody else.
  if (row.source !== UNATTRIBUTED && row.source !== attempt.source) return false;
  const isOk = row.status >= 100 && row.status < 400;
  const output = told(row.outputTokens);
  if (attempt.outcome === 'answered') {
    if (attempt.status !== row.status) return false;
    if (differ(told(attempt.outputTokens), output)) return false;
    return !row.isPromptCertain || !differ(told(attempt.promptTokens), told(row.promptTokens));
  }
  // Nobody got a whole answer: the host either says so, or has a row without figures.
  if (attempt.outcome === 'status' && attempt.status !== null && !isOk) return attempt.status === row.status;
  return !isOk || output === null;
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
    distance: attempt.outcome === 'answered' ? took + endsApart(attempt, row) / 4 : apartMs(attempt, row),
  };
}

import { UNATTRIBUTED, type RouteAttempt } from '@boocontrol/contracts';

/** An attempt of a request to /v1, as far as a host's row is held against it. Times are Unix milliseconds. */
export interface AttemptSight {
  model: string;
  reqPath: string;
  source: string;
  outcome: RouteAttempt['outcome'];
  status: number | null;
  startMs: number;
  endMs: number;
  /** null: not told, as all tokens here. */
  promptTokens: number | null;
  outputTokens: number | null;
}

/** A row of a host, as far as an attempt is held against it. Times are Unix milliseconds. */
export interface RowSight {
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
}

/**
 * Further apart than this, by both their beginnings and their ends, an attempt and a row are not the same: clocks differ by 2 s,
 * and seconds are cut. Milliseconds.
 */
export const FAR_MS = 5_000;

/** Milliseconds. Never throws. */
export function endsApartMs(attempt: AttemptSight, row: RowSight): number {
  return Math.abs(attempt.endMs - row.endMs);
}

/**
 * Milliseconds between an attempt and a row. A host that the client left goes on for a while, and one that loads may not count
 * that: one end has to fit. Never throws.
 */
export function apartMs(attempt: AttemptSight, row: RowSight): number {
  const startsApart = Math.abs(attempt.startMs - (row.endMs - row.durationMs));
  return Math.min(endsApartMs(attempt, row), startsApart);
}

/** llama-swap says 0 of what it found no figures of: an answer cut off, an embedding, an error. */
const told = (tokens: number | null): number | null => (tokens === 0 ? null : tokens);
const differ = (a: number | null, b: number | null): boolean => a !== null && b !== null && a !== b;

/**
 * Whether a row may be an attempt's at its host, by what both tell, where the row's headers are not known. Never throws.
 */
export function mayBeSame(attempt: AttemptSight, row: RowSight): boolean {
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

/** Whether both tell so many tokens. Never throws. */
export function isSameCount(a: number | null, b: number | null): boolean {
  return told(a) !== null && a === b;
}

import type { Suite } from '@boocontrol/contracts';

/** What a run has used of its limits, over all its cells, warm-ups included. */
export interface Spent {
  /** Milliseconds of measuring. */
  ms: number;
  /** Requests that failed, or whose answers ended before their end. */
  errors: number;
}

export const NOTHING_SPENT: Spent = { ms: 0, errors: 0 };

/** Which limit is reached, in words; null: none. */
export function limitOf({ maxS, maxErrors }: Suite['stop'], { ms, errors }: Spent): string | null {
  if (errors >= maxErrors) return `${errors} requests failed`;
  if (maxS !== undefined && ms > maxS * 1000) return `${maxS} s are over`;
  return null;
}

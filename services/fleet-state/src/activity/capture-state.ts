import type { ActivityEntry } from '@boocontrol/contracts';

export interface CaptureFacts {
  isStored: boolean;
  /** The host said that it keeps one. */
  hasCapture: boolean;
  /** Captures as old as this one were deleted for the budget. */
  pruned: boolean;
  /** Ingest stated that it could not be had any more. */
  lost: boolean;
  statedAtMs: number;
}

/** A capture is fetched at once; one that is not there after this time will not come. */
const PENDING_MS = 10 * 60_000;

export function captureState(facts: CaptureFacts, nowMs: number): ActivityEntry['captureState'] {
  if (facts.isStored) return 'stored';
  if (!facts.hasCapture) return 'none';
  if (facts.pruned || facts.lost || nowMs - facts.statedAtMs > PENDING_MS) return 'gone';
  return 'pending';
}

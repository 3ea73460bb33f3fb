import { AGING, type Aging } from './retention.repository.js';

export interface RetentionDays {
  perf: number;
  rollups: number;
  requests: number;
  modelEvents: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Cutoff {
  aging: Aging;
  /** Rows before it go; a full hour, an RFC 3339 instant. */
  before: string;
}

/** What goes, in order: raw samples first. Whole hours, so that a bucket of a rollup is deleted whole or not at all. */
export function cutoffs(days: RetentionDays, nowMs: number): Cutoff[] {
  const before = (keptDays: number): string =>
    new Date(Math.floor((nowMs - keptDays * DAY_MS) / HOUR_MS) * HOUR_MS).toISOString();
  return [
    { aging: AGING.perfSamples, before: before(days.perf) },
    { aging: AGING.rollups, before: before(days.rollups) },
    { aging: AGING.requests, before: before(days.requests) },
    { aging: AGING.captures, before: before(days.requests) },
    { aging: AGING.attempts, before: before(days.requests) },
    { aging: AGING.modelEvents, before: before(days.modelEvents) },
  ];
}

import type { ActivityEntry, ActivityRow } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';

/** From when a request came to the end of its answer, Unix ms. */
export interface Span {
  beginMs: number;
  endMs: number;
}

/** Hosts of generations B and C tell whole seconds, cut off, and clocks are never quite alike. */
export const MARGIN_MS = 1_000;

/** By the clock of its host, as the rows of other requests are. */
export function hostSpan({ ts, durationMs }: Pick<ActivityRow, 'ts' | 'durationMs'>): Span {
  const endMs = instantToMs(ts);
  return { beginMs: endMs - durationMs, endMs };
}

/** By our clock, as lines of logs and events of models are; by the host's where nothing better is known. */
export function ownSpan({ row, endedAt }: Pick<ActivityEntry, 'row' | 'endedAt'>): Span {
  const endMs = instantToMs(endedAt ?? row.ts);
  return { beginMs: endMs - row.durationMs, endMs };
}

export const withMargin = ({ beginMs, endMs }: Span): Span => ({
  beginMs: beginMs - MARGIN_MS,
  endMs: endMs + MARGIN_MS,
});

/** How long two stretches of time have in common; never negative. */
export const overlapMs = (a: Span, b: Span): number =>
  Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.beginMs, b.beginMs));

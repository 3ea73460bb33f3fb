import type { Gap, Liveness, ModelChanged } from '@boocontrol/contracts';

/** A row of fleet.model_events; the name of each field is that of its column in the insert. */
export interface ModelEventRow {
  providerId: string;
  /** `*` for the host itself. */
  model: string;
  state: string;
  ts: string;
  /** Microseconds added to ts. */
  shiftUs: number;
  detail: Record<string, unknown>;
  /** Sequence of its fact in the log. */
  seq: number;
}

export function modelChangedRow(
  { providerId, model, from, to, observed, failed, at }: ModelChanged,
  seq: number,
): ModelEventRow {
  return { providerId, model, state: to, ts: at, shiftUs: 0, detail: { from, observed, failed }, seq };
}

// (provider, model, state, ts) is unique, and one loss of contact may cost rows, samples and bodies from the same instant on.
const GAP_SHIFT_US = {
  ring_overflow: 0,
  host_restarted: 1,
  perf_ring_overflow: 2,
  capture_lost: 3,
  projection_behind_log: 4,
} as const;

export function gapRow(
  { providerId, state, fromTs, toTs, reason, missing }: Gap,
  seq: number,
): ModelEventRow {
  const detail = { fromTs, toTs, reason, missing };
  return { providerId, model: '*', state, ts: fromTs, shiftUs: GAP_SHIFT_US[reason], detail, seq };
}

const LIVENESS_EVENTS = {
  connecting: null,
  connected: 'host_connected',
  reconnecting: 'host_reconnecting',
  down: 'host_down',
  disabled: 'host_disabled',
} as const;
export type HostEvent = NonNullable<(typeof LIVENESS_EVENTS)[keyof typeof LIVENESS_EVENTS]>;

/** A host repeats its liveness with each attempt; all have the same `since`, so they are one row. null: not a change worth keeping. */
export function livenessRow(
  { providerId, state, since, reason, lastSeenAt, generation }: Liveness,
  seq: number,
): ModelEventRow | null {
  const event = LIVENESS_EVENTS[state];
  if (event === null) return null;
  return {
    providerId,
    model: '*',
    state: event,
    ts: since,
    shiftUs: 0,
    detail: { reason, lastSeenAt, generation },
    seq,
  };
}

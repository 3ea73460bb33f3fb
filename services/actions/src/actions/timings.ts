import type { ActionKind } from '@boocontrol/contracts';

/** Waits of the actions feature, all in milliseconds. */
export interface ActionTimings {
  /** How long a host may take. */
  limit: Readonly<Record<ActionKind, number>>;
  /** A worker that was held up for longer between taking an action and asking the host does not ask. */
  stallMs: number;
  heartbeatEveryMs: number;
  /** An action without a heartbeat for so long has nobody who works on it. Much longer than `stallMs`. */
  abandonedAfterMs: number;
  progressEveryMs: number;
  /** Between two looks at a host whose answer was lost. */
  lookAgainMs: number;
  /** A host that cannot be reached for so long leaves the outcome unknown. */
  unreachableMs: number;
  /** Between two rounds of the caretaker. */
  careEveryMs: number;
  /** A row for so long without a place in the queue never got one. */
  unacceptedMs: number;
}

/** Injection token of ActionTimings. */
export const ACTION_TIMINGS = Symbol('ACTION_TIMINGS');

export const TIMINGS: ActionTimings = {
  limit: { warm: 10 * 60_000, unload: 60_000, 'unload-all': 60_000, profile: 15_000, cancel: 8_000 },
  stallMs: 5_000,
  heartbeatEveryMs: 5_000,
  abandonedAfterMs: 30_000,
  progressEveryMs: 1_000,
  lookAgainMs: 1_000,
  unreachableMs: 30_000,
  careEveryMs: 5_000,
  unacceptedMs: 60_000,
};

import type { LivenessState, Problem } from '@boocontrol/contracts';

/** The connection to one host as a state machine. The driver connects when nextAttemptAtMs has come. */
export interface Link {
  state: LivenessState;
  /** When this state began. */
  sinceMs: number;
  /** Failed attempts in a row. Kept over a connection that did not last, so that a flapping host backs off too. */
  failures: number;
  /** null: nothing is due (connected, an attempt is under way, or disabled). */
  nextAttemptAtMs: number | null;
  reason: Problem | null;
}

export type LinkEvent =
  | { type: 'connecting' }
  | { type: 'connected' }
  /** `retryAfterMs`: how long it asks to be left alone; null: it does not say. */
  | { type: 'failed'; reason: Problem; retryAfterMs: number | null }
  /** A person asks for it now; also ends a pause. */
  | { type: 'reconnect' }
  /** For good: a host that is enabled again gets a new link. */
  | { type: 'disable' };

const FIRST_DELAY_MS = 1_000;
export const MAX_DELAY_MS = 30_000;
/** Failures in a row that open the breaker: the host is `down` and only probed from then on. */
export const BREAKER_FAILURES = 6;
export const PROBE_MS = 30_000;
/** Nobody is left alone for longer, whatever they ask. */
export const MAX_RETRY_AFTER_MS = 60 * 60_000;
/** A connection shorter than this does not count as a recovery. */
export const STABLE_MS = 10_000;

export function initialLink(nowMs: number): Link {
  return {
    state: 'connecting',
    sinceMs: nowMs,
    failures: 0,
    nextAttemptAtMs: nowMs,
    reason: null,
  };
}

/** Delay before the next attempt after `failures` (≥ 1) in a row; `random` in [0, 1) adds 0 to 50 %. */
export function retryDelayMs(failures: number, random: number): number {
  if (failures >= BREAKER_FAILURES) return PROBE_MS;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)) * (1 + random / 2);
}

export function stepLink(
  link: Link,
  event: LinkEvent,
  { nowMs, random }: { nowMs: number; random: number },
): Link {
  if (link.state === 'disabled') return link;
  const to = (state: LivenessState): Pick<Link, 'state' | 'sinceMs'> =>
    state === link.state ? { state, sinceMs: link.sinceMs } : { state, sinceMs: nowMs };
  switch (event.type) {
    case 'connecting':
      return { ...link, nextAttemptAtMs: null };
    case 'connected':
      return { ...link, ...to('connected'), nextAttemptAtMs: null, reason: null };
    case 'failed': {
      const lasted = link.state === 'connected' && nowMs - link.sinceMs >= STABLE_MS;
      const failures = lasted ? 1 : link.failures + 1;
      return {
        ...link,
        ...to(failures >= BREAKER_FAILURES ? 'down' : 'reconnecting'),
        failures,
        nextAttemptAtMs:
          nowMs +
          Math.max(retryDelayMs(failures, random), Math.min(event.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)),
        reason: event.reason,
      };
    }
    case 'reconnect':
      return { ...link, ...to('connecting'), failures: 0, nextAttemptAtMs: nowMs, reason: null };
    case 'disable':
      return { ...link, ...to('disabled'), failures: 0, nextAttemptAtMs: null, reason: null };
  }
}

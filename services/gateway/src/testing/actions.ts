import type { Action, Lease } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

const BASE_MS = Date.parse('2026-11-21T16:00:00Z');

/** The n-th of ids that never change. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A whole action; queued unless `differs` says otherwise. */
export function action(n: number, differs: Partial<Action> = {}): Action {
  return {
    id: idOf(n),
    version: 1,
    providerId: 'tower',
    kind: 'warm',
    model: 'org/model',
    profile: null,
    inflightId: null,
    state: 'queued',
    source: 'test',
    confirmed: false,
    turn: n,
    createdAt: instantFromMs(BASE_MS + n),
    startedAt: null,
    endedAt: null,
    progress: null,
    reason: null,
    ...differs,
  };
}

/** The same action when it had succeeded. */
export function succeeded(of: Action, endedMs = BASE_MS + (of.turn ?? 0)): Action {
  return { ...of, version: of.version + 1, state: 'succeeded', endedAt: instantFromMs(endedMs) };
}

/** A whole lease that is held, of the host `tower` unless `differs` says otherwise. */
export function lease(n: number, differs: Partial<Lease> = {}): Lease {
  const providerId = differs.providerId ?? 'tower';
  return {
    id: `${providerId}.lease-${String(n).padStart(4, '0')}`,
    version: 1,
    providerId,
    holder: 'bench on tower-2',
    purpose: 'speed of org/model',
    source: 'bench',
    since: instantFromMs(BASE_MS + n),
    expectedUntil: null,
    endedAt: null,
    end: null,
    endedBy: null,
    foreignRequests: 0,
    ...differs,
  };
}

/** The same lease when it had been given back. */
export function released(of: Lease): Lease {
  return { ...of, version: of.version + 1, end: 'released', endedAt: instantFromMs(BASE_MS + 60_000) };
}

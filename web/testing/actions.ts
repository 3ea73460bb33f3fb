import type { Action, ActionRequest, Lease } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';

/** Plain parts of what hosts are told to do and of who has them. */

const AN_INSTANT = instantFromMs(Date.UTC(2026, 10, 21, 12));

export function action(more: Partial<Action> = {}): Action {
  return {
    id: '0199f7a1-6f0e-7c3a-9d2b-5b6f1e2d3c4a',
    version: 1,
    providerId: 'tower',
    kind: 'warm',
    model: 'qwen3-32b-Q4_K_M',
    profile: null,
    inflightId: null,
    state: 'queued',
    source: 'browser',
    confirmed: false,
    turn: 1,
    createdAt: AN_INSTANT,
    startedAt: null,
    endedAt: null,
    progress: null,
    reason: null,
    ...more,
  };
}

export function lease(more: Partial<Lease> = {}): Lease {
  return {
    id: 'tower.c2FtcGxlLWxlYXNl',
    version: 1,
    providerId: 'tower',
    holder: 'bench on tower-2',
    purpose: 'bench: speed of qwen3-30b',
    source: 'control-bench',
    since: AN_INSTANT,
    expectedUntil: null,
    endedAt: null,
    end: null,
    endedBy: null,
    foreignRequests: 0,
    ...more,
  };
}

/** What an action of a request is about. */
export const subjectOf = (
  request: ActionRequest,
): Pick<Action, 'providerId' | 'kind' | 'model' | 'profile' | 'inflightId'> => ({
  providerId: request.providerId,
  kind: request.kind,
  model: 'model' in request ? request.model : null,
  profile: request.kind === 'profile' ? request.profile : null,
  inflightId: request.kind === 'cancel' ? request.inflightId : null,
});

let lastId = 0;

export const nextActionId = (): string => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;

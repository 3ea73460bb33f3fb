import type { HostState, Inflight, Liveness, Model } from '@boocontrol/contracts';
import type { Asked } from '../actions/asked.js';
import type { LeaseInTheWay, World } from '../actions/decide.js';

const at = '2026-11-21T11:00:00.000000Z';

export const asked = (over: Partial<Asked> = {}): Asked => ({
  providerId: 'tower',
  kind: 'warm',
  model: 'm',
  profile: null,
  inflightId: null,
  confirmed: false,
  fencingToken: null,
  ...over,
});

export const model = (over: Partial<Model> & Pick<Model, 'id'>): Model => ({
  name: over.id,
  description: '',
  state: 'stopped',
  since: null,
  failedAt: null,
  unlisted: false,
  peerId: null,
  aliases: [],
  capabilities: [],
  contextLength: null,
  ttlS: null,
  ...over,
});

/** Requests under way, all to one model. */
export const inflight = (ids: readonly string[], of = 'm'): Inflight => ({
  providerId: 'tower',
  at,
  total: ids.length,
  requests: ids.map((id) => ({
    id,
    startedAt: null,
    model: of,
    reqPath: '/v1/chat/completions',
    method: 'POST',
    source: 'arena',
    remoteIp: null,
    respBytes: null,
  })),
});

export const liveness = (over: Partial<Liveness>): Liveness => ({
  providerId: 'tower',
  at,
  state: 'connected',
  since: at,
  attempt: 0,
  nextAttemptAt: null,
  lastSeenAt: at,
  reason: null,
  generation: 'C',
  version: null,
  hardware: null,
  monitoring: 'on',
  ...over,
});

interface WorldOptions {
  provider?: Partial<NonNullable<World['provider']>> | null;
  liveness?: Partial<Liveness>;
  models?: HostState['models'];
  inflight?: HostState['inflight'];
  lease?: LeaseInTheWay | null;
}

/** A host that is connected, has the stopped model "m", and that nobody holds. */
export const world = (over: WorldOptions = {}): World => ({
  provider:
    over.provider === null
      ? null
      : { id: 'tower', kind: 'llama-swap', label: 'tower', enabled: true, ...over.provider },
  host: {
    liveness: liveness(over.liveness ?? {}),
    models: over.models ?? [model({ id: 'm', aliases: ['other name'] })],
    inflight: over.inflight ?? null,
  },
  lease: over.lease ?? null,
});

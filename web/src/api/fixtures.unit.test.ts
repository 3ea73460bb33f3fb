import {
  ActionPreviewSchema,
  ActionSchema,
  ActionsPageSchema,
  ActivityEntrySchema,
  ActivityPageSchema,
  ApiKeySchema,
  ApiKeysResponseSchema,
  ControlFrameSchemas,
  CreatedApiKeySchema,
  DispatchesPageSchema,
  DispatchTotalsSchema,
  ErrorBodySchema,
  FactSchema,
  FactSchemas,
  FavoritesResponseSchema,
  FleetStateSchema,
  GapsSchema,
  HeldLeaseSchema,
  HiddenResponseSchema,
  LeasesPageSchema,
  type Gaps,
  ModelEventsSchema,
  ModelFiguresSchema,
  PerfSeriesSchema,
  ProvidersResponseSchema,
  PublicProviderSchema,
  RouteFactSchema,
  RoutePoliciesSchema,
  RoutingStateSchema,
  ReconnectResponseSchema,
  SubmittedSchema,
  TotalsSchema,
  ExplainSchema,
  RouteChoicesSchema,
  RoutePolicyInputSchema,
  RoutePolicySchema,
  RoutePolicyVersionsSchema,
} from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dispatchesOf, dispatchId } from '../../testing/dispatches';
import { homeFleet, largeFleet, noFleet } from '../../testing/fleet';
import { homeKeys } from '../../testing/keys';
import { logOf } from '../../testing/log';
import { animate } from '../../testing/live';
import { driftOf } from '../../testing/routes';
import { FixtureServer } from '../../testing/server';
import { busyGateways } from '../../testing/under-way';
import { allPages } from './pages';

/**
 * What the cockpit is tried with, it could have got from the gateway. A schema drops what it does not know, so
 * what it gives back is compared with what came.
 */
function holds(schema: { parse: (value: unknown) => unknown }, value: unknown): void {
  expect(schema.parse(value)).toEqual(value);
}

const NOW = Date.now();
const realFetch = fetch;
const made = homeFleet(NOW);
const server = new FixtureServer(made);
let base = '';
beforeAll(async () => {
  base = await server.listen();
});
afterAll(() => server.close());

const call = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${base}/api${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
};

describe('the made-up fleets hold to the contracts', () => {
  it.each([
    ['a home', made],
    ['a hundred hosts', largeFleet(100, NOW)],
    ['none', noFleet()],
  ])('%s', (_name, { fleet, providers }) => {
    holds(FleetStateSchema, fleet);
    holds(ProvidersResponseSchema, { providers });
  });
});

it('every kind of fact of a made-up log holds to the contracts', () => {
  const facts = logOf(14, NOW);
  for (const fact of facts) holds(FactSchema, fact);
  expect(new Set(facts.map(({ kind }) => kind)).size).toBe(Object.keys(FactSchemas).length);
});

describe('the answers of the fixture server hold to the contracts', () => {
  const from = new Date(NOW - 900_000).toISOString();
  it.each([
    ['/activity?limit=100', ActivityPageSchema],
    ['/activity?limit=100&cursor=100', ActivityPageSchema],
    [`/activity/totals?from=${from}`, TotalsSchema],
    ['/activity/totals?groupBy=provider&groupBy=model&groupBy=source', TotalsSchema],
    [`/perf?providerId=tower&from=${from}&maxPoints=360`, PerfSeriesSchema],
    ['/activity/totals?groupBy=model&limit=2', TotalsSchema],
    [`/gaps?providerId=tower&from=${from}`, GapsSchema],
    [`/gaps?from=${from}&limit=1`, GapsSchema],
    [`/gaps?from=${from}&limit=1&cursor=1`, GapsSchema],
    [`/model-events?providerId=tower&from=${from}&limit=2&cursor=2`, ModelEventsSchema],
    [`/model-events?providerId=tower&from=${from}`, ModelEventsSchema],
    [`/model-figures?providerId=tower&from=${from}`, ModelFiguresSchema],
    ['/routing/policies', RoutePoliciesSchema],
    ['/routing/dispatches?limit=200', DispatchesPageSchema],
    [
      '/routing/dispatches?policy=code&outcome=succeeded&providerId=tower&limit=5&cursor=5',
      DispatchesPageSchema,
    ],
    [`/routing/dispatches/${dispatchId(7)}`, RouteFactSchema],
    ['/routing/dispatches/totals?asked=auto&source=opencode&failedOver=false', DispatchTotalsSchema],
    ['/routing/state', RoutingStateSchema],
    ['/nowhere', ErrorBodySchema],
    ['/activity/nonsense', ErrorBodySchema],
  ])('GET %s', async (path, schema) => holds(schema, await call(path)));

  it('pages of gaps hold every gap once', async () => {
    const gapsOf = ({ gaps }: Gaps) => gaps;
    vi.stubGlobal('fetch', (path: string) => realFetch(`${base}${path}`));
    try {
      const whole = await allPages(`/gaps?from=${from}`, gapsOf);
      const inPages = await allPages(`/gaps?from=${from}&limit=1`, gapsOf);
      const kindsOf = ({ rows }: typeof whole) => rows.map(({ kind }) => kind);
      expect([kindsOf(whole), kindsOf(inPages)]).toEqual([
        ['lost', 'unreachable', 'unreachable'],
        ['lost', 'unreachable', 'unreachable'],
      ]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('a page of totals has the rest of them', async () => {
    const whole = TotalsSchema.parse(await call('/activity/totals'));
    const first = TotalsSchema.parse(await call('/activity/totals?groupBy=model&limit=2'));
    const shown = first.groups.reduce((sum, { requests }) => sum + requests, 0);
    expect(first.rest?.requests).toBeGreaterThan(0);
    expect(shown + (first.rest?.requests ?? 0)).toBe(whole.groups[0]?.requests);
  });

  it('GET of an entry, for every route that requests have and whatever became of its capture', async () => {
    const states = new Set<string>();
    const routes = new Set<string>();
    for (const request of made.requests.slice(0, 200)) {
      const entry = await call(`/activity/${encodeURIComponent(toActivityRow(request).key)}`);
      holds(ActivityEntrySchema, entry);
      states.add(ActivityEntrySchema.parse(entry).captureState);
      routes.add(request.reqPath);
    }
    expect([...states].toSorted()).toEqual(['gone', 'none', 'stored']);
    expect(routes.size).toBeGreaterThan(4);
  });

  it('favourites', async () => {
    holds(FavoritesResponseSchema, await call('/favorites'));
    await fetch(`${base}/api/favorites/tower/qwen3-32b-Q4_K_M`, { method: 'PUT' });
    const starred = await call('/favorites');
    holds(FavoritesResponseSchema, starred);
    expect(FavoritesResponseSchema.parse(starred).favorites).toHaveLength(1);
  });

  it('what is hidden', async () => {
    for (const path of ['/hidden/tower', '/hidden/tower/org/model'])
      expect((await fetch(`${base}/api${path}`, { method: 'PUT' })).status).toBe(204);
    const answer = await call('/hidden');
    holds(HiddenResponseSchema, answer);
    expect(HiddenResponseSchema.parse(answer).hidden.map(({ model }) => model)).toEqual([null, 'org/model']);
  });

  it('actions: the dry run, the queue, what is refused, what is taken back', async () => {
    const warm = { kind: 'warm', providerId: 'tower', model: 'phi-4-Q8_0' };
    holds(ActionPreviewSchema, await call('/actions?dryRun=true', 'POST', warm));
    const submitted = SubmittedSchema.parse(await call('/actions', 'POST', warm));
    for (let n = 0; n < 3; n++) holds(SubmittedSchema, await call('/actions', 'POST', warm));
    const full = ErrorBodySchema.parse(await call('/actions', 'POST', warm));
    expect(full.error.code).toBe('queue_full');
    holds(ErrorBodySchema, await call('/actions', 'POST', { ...warm, providerId: 'nas' }));
    holds(ActionSchema, await call(`/actions/${submitted.action.id}`, 'DELETE'));
    holds(ErrorBodySchema, await call(`/actions/${submitted.action.id}`, 'DELETE'));
    const page = await call('/actions?providerId=tower&limit=10');
    holds(ActionsPageSchema, page);
    expect(ActionsPageSchema.parse(page)).toMatchObject({
      open: [{}, {}, {}],
      ended: [{ state: 'cancelled' }],
    });
    holds(
      SubmittedSchema,
      await call('/actions', 'POST', { kind: 'cancel', providerId: 'tower', inflightId: 'a1' }),
    );
  });

  it('leases, and what they stand against', async () => {
    const wanted = { providerId: 'workstation', holder: 'bench', purpose: 'bench: speed' };
    const held = HeldLeaseSchema.parse(await call('/leases', 'POST', wanted));
    holds(ErrorBodySchema, await call('/leases', 'POST', wanted));
    const unload = { kind: 'unload-all', providerId: 'workstation' };
    const refused = ErrorBodySchema.parse(await call('/actions', 'POST', unload));
    expect(refused.error).toMatchObject({ code: 'bench_in_progress', requiresConfirmation: true });
    holds(LeasesPageSchema, await call('/leases?limit=10'));
    const path = `/leases/${held.leaseId}?fencingToken=${held.fencingToken}`;
    expect((await fetch(`${base}/api${path}`, { method: 'DELETE' })).status).toBe(204);
    const page = LeasesPageSchema.parse(await call('/leases?providerId=workstation'));
    expect(page).toMatchObject({ held: [], ended: [{ end: 'released' }] });
  });

  it('what is under way through /v1, and the end of it', async () => {
    server.routing.show(busyGateways(NOW));
    holds(RoutingStateSchema, await call('/routing/state'));
    const [{ id } = { id: '' }] = server.routing.gateways[0]?.inflight ?? [];
    const cancel = () => fetch(`${base}/api/routing/inflight/${id}`, { method: 'DELETE' });
    expect((await cancel()).status).toBe(204);
    holds(RouteFactSchema, await call(`/routing/dispatches/${id}`));
    expect((await cancel()).status).toBe(404);
  });

  it('maintenance and protected models', async () => {
    const put = async (path: string, method: string, body?: object): Promise<void> => {
      const answer = await fetch(`${base}/api/providers/tower/${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      expect(answer.status).toBe(204);
    };
    await put('maintenance', 'PUT', { note: 'new fan' });
    await put('protected/org/model', 'PUT');
    holds(PublicProviderSchema, made.providers[0]);
    expect(made.providers[0]).toMatchObject({
      maintenance: { note: 'new fan' },
      protectedModels: ['org/model'],
    });
    await put('maintenance', 'DELETE');
    await put('protected/org/model', 'DELETE');
    expect(made.providers[0]?.maintenance).toBeUndefined();
  });

  it('keys for /v1', async () => {
    server.keys.list = homeKeys(NOW);
    holds(ApiKeysResponseSchema, await call('/keys'));
    const made = await call('/keys', 'POST', {
      name: 'Phone',
      label: 'phone',
      expiresAt: '2027-01-01T00:00:00Z',
    });
    holds(CreatedApiKeySchema, made);
    const path = `/keys/${CreatedApiKeySchema.parse(made).apiKey.id}`;
    holds(ApiKeySchema, await call(path, 'PATCH', { isDisabled: true, monthlyTokens: 5 }));
    holds(ErrorBodySchema, await call('/keys', 'POST', { name: '' }));
    holds(ErrorBodySchema, await call('/keys/none', 'PATCH', {}));
    expect((await fetch(`${base}/api${path}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('policies, what they choose, and dry runs', async () => {
    holds(RoutePoliciesSchema, await call('/routing/policies'));
    holds(RouteChoicesSchema, await call('/routing/choices'));
    const { policies } = RoutePoliciesSchema.parse(await call('/routing/policies'));
    const [auto] = policies;
    if (!auto) throw new Error('no policy');
    const input = RoutePolicyInputSchema.strip().parse(auto);
    holds(RoutePolicySchema, await call('/routing/policies', 'POST', { name: 'mine', ...input }));
    holds(ErrorBodySchema, await call('/routing/policies', 'POST', { name: 'mine', ...input }));
    holds(RoutePolicySchema, await call('/routing/policies/mine?version=1', 'PUT', input));
    holds(ErrorBodySchema, await call('/routing/policies/mine?version=1', 'PUT', input));
    holds(RoutePolicyVersionsSchema, await call('/routing/policies/mine/versions'));
    const draft = { name: 'mine', ...input, models: ['qwen*'] };
    for (const model of ['auto:mine', 'phi-4-Q8_0', 'auto'])
      holds(ExplainSchema, await call('/routing/explain', 'POST', { body: { model }, draft }));
    expect((await fetch(`${base}/api/routing/policies/mine?version=2`, { method: 'DELETE' })).status).toBe(
      204,
    );
  });

  it('commands about hosts', async () => {
    const input = { id: 'new', baseUrl: 'http://new.lan:8080', tags: ['a'] };
    holds(PublicProviderSchema, await call('/providers', 'POST', input));
    holds(ErrorBodySchema, await call('/providers', 'POST', input));
    holds(ErrorBodySchema, await call('/providers', 'POST', { ...input, id: 'Not good' }));
    holds(PublicProviderSchema, await call('/providers/new', 'PATCH', { label: 'New' }));
    holds(ReconnectResponseSchema, await call('/providers/new/reconnect', 'POST'));
    expect((await fetch(`${base}/api/providers/new`, { method: 'DELETE' })).status).toBe(204);
  });
});

it('every answer that was given above, the gateway could have given', () => {
  const asked = server.answered.filter(({ url }) => url.pathname !== '/api/nowhere');
  expect(new Set(asked.map(({ method }) => method))).toEqual(
    new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  );
  expect(asked.map(driftOf).filter((drift) => drift !== null)).toEqual([]);
});

it.each([
  ['GET', '/api/nowhere', 404, 'GET /api/nowhere: the gateway has no such route'],
  ['DELETE', '/api/activity', 204, 'DELETE /api/activity: the gateway has no such route'],
  ['GET', '/api/activity?hosts=a', 200, 'GET /api/activity: the gateway does not know hosts'],
  ['GET', '/api/activity', 201, 'GET /api/activity: the gateway never answers 201'],
])('an answer that the gateway would not give is told: %s %s %i', (method, address, status, drift) => {
  expect(driftOf({ method, url: new URL(address, 'http://fixture'), status })).toBe(drift);
});

describe('the frames of the fixture server hold to the contracts', () => {
  it('snapshot, facts of every room, providers and farewell', async () => {
    const socket: Socket = io(`${base}/control`, { transports: ['websocket'] });
    const seen = new Map<string, unknown>();
    const stop = animate(server);
    try {
      await new Promise<void>((resolve) => {
        socket.on('connect', () =>
          socket.emit('join', { rooms: ['fleet', 'perf', 'activity', 'routing'] }, () => undefined),
        );
        socket.onAny((event: string, frame: { type?: string }) => {
          seen.set(frame.type ? `${event} ${frame.type}` : event, frame);
          if (frame.type === 'snapshot') {
            server.setProviders(made.providers);
            server.routing.end(dispatchesOf(1, NOW)[0]!);
            server.controls.add({ kind: 'unload-all', providerId: 'tower' });
            server.push('inflight', { ...made.fleet.hosts['tower']!.inflight!, total: 3 });
          }
          if (seen.has('control_perf') && seen.has('control_activity')) server.sayGoodbye();
          if (seen.has('bye')) resolve();
        });
      });
    } finally {
      stop();
      socket.close();
    }
    const frames = [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(frames.map(([name]) => name)).toEqual([
      'bye',
      'control_actions all',
      'control_actions changed',
      'control_activity',
      'control_dispatches',
      'control_fleet facts',
      'control_fleet providers',
      'control_fleet snapshot',
      'control_leases',
      'control_marks',
      'control_perf',
      'control_routing',
    ]);
    for (const [name, frame] of frames) {
      const event = name.split(' ')[0] as keyof typeof ControlFrameSchemas;
      holds(ControlFrameSchemas[event], frame);
    }
  });
});

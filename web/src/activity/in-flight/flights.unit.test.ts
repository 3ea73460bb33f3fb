import type {
  HostState,
  InflightRequest,
  InflightRoute,
  PublicProvider,
  RoutingState,
} from '@boocontrol/contracts';
import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provider } from '../../../testing/hosts';
import { idleGateway, inflightRoute } from '../../../testing/under-way';
import { inFlightNow, type InFlightNow } from './flights';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

const entry = (id: string, over: Partial<InflightRequest> = {}): InflightRequest => ({
  id,
  startedAt: instantFromMs(NOW_MS - 10_000),
  model: 'qwen3',
  reqPath: '/v1/chat/completions',
  method: 'POST',
  source: 'boochat',
  remoteIp: null,
  respBytes: null,
  ...over,
});
interface Made {
  generation?: 'A' | 'B' | 'C';
  requests?: InflightRequest[];
  total?: number;
  state?: 'connected' | 'down';
}
function host(id: string, { generation = 'C', requests = [], total, state = 'connected' }: Made): HostState {
  const at = instantFromMs(NOW_MS);
  const since = instantFromMs(NOW_MS - 60_000);
  return {
    ...emptyHost(id),
    inflight: { providerId: id, at, total: total ?? requests.length, requests },
    liveness: {
      ...{ providerId: id, at, state, since, attempt: 0, nextAttemptAt: null, lastSeenAt: since },
      ...{ reason: null, generation, version: null, hardware: null, monitoring: 'on' },
    },
  };
}
const routed = (n: number, over: Partial<InflightRoute> = {}): InflightRoute =>
  inflightRoute(n, NOW_MS - 10_000, { providerId: 'tower', model: 'qwen3', ...over });
const routing = (inflight: InflightRoute[], inflightTotal = inflight.length): RoutingState => ({
  gateways: [{ ...idleGateway('one', NOW_MS), inflight, inflightTotal }],
});
const providers: PublicProvider[] = [provider('tower', 'Tower'), provider('nas', 'NAS')];
const now = (tower: Made, routes: InflightRoute[] = [], inflightTotal?: number): InFlightNow =>
  inFlightNow(providers, { tower: host('tower', tower) }, routing(routes, inflightTotal));
const shown = ({ flights }: InFlightNow): unknown[] =>
  flights.map(({ key, joined }) => [key.split(' ')[0], joined]);

describe('what is under way', () => {
  it('is one, whether its host, our gateway or both tell of it', () => {
    const route = routed(1);
    const { flights } = now({ requests: [entry('7', { dispatchId: route.id, respBytes: 900_000 })] }, [
      route,
    ]);
    expect(flights).toMatchObject([
      { key: `route ${route.id}`, joined: 'exact', state: 'streaming', bytes: 900_000, source: 'opencode' },
    ]);
    expect(flights[0]?.cancel).toEqual({ by: 'route', id: route.id });
  });

  it('is known by model, path and time where a host tells no headers, and then only there', () => {
    const unknown = { sourceKnown: false, source: 'unattributed' };
    const ours = entry('7', unknown);
    const later = entry('8', { ...unknown, startedAt: instantFromMs(NOW_MS - 1_000) });
    const made = now({ generation: 'B', requests: [later, ours] }, [routed(1)]);
    expect(shown(made)).toEqual([
      ['route', 'matched'],
      ['host', null],
    ]);
    expect(made.flights[1]).toMatchObject({ key: 'host tower 8', source: null });
    // Its headers are known, and name no request of ours.
    expect(shown(now({ requests: [entry('7', { dispatchId: null })] }, [routed(1)]))).toHaveLength(2);
    // It waits for a place: the host cannot have it.
    const queued = routed(1, { state: 'queued' });
    expect(shown(now({ generation: 'B', requests: [ours] }, [queued]))).toHaveLength(2);
    const embeds = entry('7', { ...unknown, reqPath: '/v1/embeddings' });
    expect(shown(now({ generation: 'B', requests: [embeds] }, [routed(1)]))).toHaveLength(2);
  });

  it('is only counted where the host lists nothing; ours are not counted twice', () => {
    const made = now({ generation: 'A', total: 3 }, [routed(1), routed(2, { state: 'queued' })]);
    expect(made.unlisted).toEqual([{ providerId: 'tower', requests: 2, generation: 'A' }]);
    expect(made.flights).toHaveLength(2);
    expect(now({ generation: 'A', total: 0 }).unlisted).toEqual([]);
  });

  it('is not known of a host that nobody follows; what we have sent there ourselves is', () => {
    const made = now({ state: 'down', requests: [entry('7')] }, [routed(1)]);
    expect(made.away).toEqual([{ providerId: 'tower', lastSeenMs: NOW_MS - 60_000 }]);
    expect(shown(made)).toEqual([['route', null]]);
  });

  it('has what a gateway does not tell of as a number, and the longest first', () => {
    const made = now(
      {
        requests: [
          entry('7', { startedAt: instantFromMs(NOW_MS - 99_000), dispatchId: null }),
          entry('8', { startedAt: null, dispatchId: null }),
        ],
      },
      [routed(1)],
      230,
    );
    expect(made.untold).toBe(229);
    expect(made.flights.map(({ startedMs }) => startedMs)).toEqual([NOW_MS - 99_000, NOW_MS - 10_000, null]);
  });

  it('is neither lost nor shown twice, whatever host and gateways tell', () => {
    const id = fc.nat(6);
    const entries = fc.uniqueArray(
      fc.record({ id, dispatch: fc.option(fc.nat(6)), known: fc.boolean(), ago: fc.nat(20_000) }),
      { selector: (each) => each.id },
    );
    const routes = fc.uniqueArray(
      fc.record({
        id,
        state: fc.constantFrom('receiving', 'queued', 'loading', 'waiting', 'streaming'),
        isHere: fc.boolean(),
      }),
      { selector: (each) => each.id },
    );
    fc.assert(
      fc.property(entries, routes, (listed, sent) => {
        const requests = listed.map(({ id: n, dispatch, known, ago }) =>
          entry(String(n), {
            startedAt: instantFromMs(NOW_MS - ago),
            ...(known ? { dispatchId: dispatch === null ? null : routed(dispatch).id } : {}),
          }),
        );
        const ours = sent.map(({ id: n, state, isHere }) =>
          routed(n, { state, ...(isHere ? {} : { providerId: 'nas' }) }),
        );
        const { flights } = now({ requests }, ours);
        const joined = flights.filter((flight) => flight.joined !== null).length;
        expect(flights).toHaveLength(requests.length + ours.length - joined);
        expect(new Set(flights.map(({ key }) => key)).size).toBe(flights.length);
        for (const route of ours) expect(flights.some(({ key }) => key === `route ${route.id}`)).toBe(true);
      }),
    );
  });
});

it('a thousand hosts with five hundred requests are put together at once', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => provider(`h${i}`, `H ${i}`));
  const hosts = Object.fromEntries(
    many.map(({ id }, i) => [id, host(id, { generation: 'B', requests: i % 2 === 0 ? [entry('1')] : [] })]),
  );
  const made = inFlightNow(
    many,
    hosts,
    routing(many.slice(0, 200).map((each, n) => routed(n, { providerId: each.id }))),
  );
  expect(made.flights).toHaveLength(600);
  expect(made.flights.filter(({ joined }) => joined === 'matched')).toHaveLength(100);
});

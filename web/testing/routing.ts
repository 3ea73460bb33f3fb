import type {
  ActivityRow,
  ControlFrames,
  DispatchesPage,
  DispatchTotals,
  GatewayRouting,
  InflightRoute,
  RouteFact,
  RoutePolicy,
  RoutingState,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { dispatchesOf } from './dispatches.js';
import { madePolicies } from './policies.js';
import { idleGateway } from './under-way.js';

type Tell = <E extends 'control_routing' | 'control_dispatches'>(event: E, frame: ControlFrames[E]) => void;

/** What goes through /v1 of a made-up fleet, what has gone, and by what rules. */
export class MadeRouting {
  policies: RoutePolicy[] = madePolicies();
  /** Newest first. */
  dispatches: RouteFact[];
  /** As each gateway tells it. */
  gateways: GatewayRouting[];
  /** GET of the records fails as long as it is set. */
  listFails: { code: string; message: string } | null = null;

  constructor(
    rows: number,
    nowMs: number,
    private readonly tell: Tell,
  ) {
    this.dispatches = dispatchesOf(rows, nowMs);
    this.gateways = [idleGateway('made-up', nowMs)];
  }

  get state(): RoutingState {
    return { gateways: this.gateways };
  }

  /** Tells every browser what is under way now. */
  show(gateways: readonly GatewayRouting[]): void {
    this.gateways = [...gateways];
    this.tell('control_routing', this.state);
  }

  /** Only the first gateway's requests change. */
  inflight(...requests: InflightRoute[]): void {
    const [first = idleGateway('made-up', Date.now()), ...others] = this.gateways;
    this.show([{ ...first, inflight: requests, inflightTotal: requests.length }, ...others]);
  }

  /** One has ended: it is on record, and told. */
  end(fact: RouteFact, missed = 0): void {
    this.dispatches.unshift(fact);
    this.tell('control_dispatches', { dispatches: [fact], missed });
    this.show(
      this.gateways.map((gateway) => {
        const inflight = gateway.inflight.filter(({ id }) => id !== fact.id);
        return { ...gateway, inflight, inflightTotal: inflight.length };
      }),
    );
  }

  answer(method: string, path: string, params: URLSearchParams): Answer {
    if (method === 'GET' && path === '/routing/policies')
      return { status: 200, body: { policies: this.policies } };
    if (method === 'GET' && path === '/routing/state') return { status: 200, body: this.state };
    if (method === 'GET' && path.startsWith('/routing/dispatches') && this.listFails)
      return { status: 503, body: { error: this.listFails } };
    if (method === 'GET' && path === '/routing/dispatches') return { status: 200, body: this.page(params) };
    if (method === 'GET' && path === '/routing/dispatches/totals')
      return { status: 200, body: totalsOf(this.dispatches.filter((fact) => fits(fact, params))) };
    const [, id] = /^\/routing\/dispatches\/([^/]+)$/.exec(path) ?? [];
    const found = this.dispatches.find((each) => each.id === id);
    if (method === 'GET' && found) return { status: 200, body: found };
    const [, live] = /^\/routing\/inflight\/([^/]+)$/.exec(path) ?? [];
    if (method === 'DELETE' && live !== undefined) return this.cancel(live);
    return refuse(404, 'not_found', `Nothing is at ${path}.`);
  }

  /** A row with what its dispatch tells of it: the attempt that answered. */
  joined(row: ActivityRow): ActivityRow {
    const found = this.dispatches.find(({ id }) => id === row.dispatchId);
    const last = found?.attempts.at(-1);
    if (found === undefined || last === undefined) return row;
    const attempts = found.attempts.length;
    return { ...row, dispatch: { joined: 'exact', attempt: attempts, attempts, outcome: last.outcome } };
  }

  private cancel(id: string): Answer {
    const request = this.gateways.flatMap(({ inflight }) => inflight).find((each) => each.id === id);
    if (!request) return refuse(404, 'not_found', `No request with the id ${id} is under way.`);
    const [like] = dispatchesOf(1, Date.now());
    if (like)
      this.end({
        ...like,
        id,
        at: request.at,
        asked: request.asked,
        source: request.source,
        outcome: 'incomplete',
        error: {
          code: 'cancelled',
          message: 'The request was cancelled at the gateway, by browser.',
          details: { by: 'browser' },
        },
      });
    return { status: 204 };
  }

  private page(params: URLSearchParams): DispatchesPage {
    const all = this.dispatches.filter((fact) => fits(fact, params));
    const start = Number(params.get('cursor') ?? 0);
    const next = start + Number(params.get('limit') ?? 100);
    return { dispatches: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
  }
}

function fits(fact: RouteFact, params: URLSearchParams): boolean {
  const among = (name: string, values: readonly string[]): boolean =>
    !params.has(name) || values.includes(params.get(name) ?? '');
  const [from, to] = [params.get('from'), params.get('to')];
  return (
    among('policy', [fact.policy?.name ?? 'direct']) &&
    among(
      'providerId',
      fact.attempts.map(({ providerId }) => providerId),
    ) &&
    among('outcome', [fact.outcome]) &&
    among('source', [fact.source]) &&
    among('asked', [fact.asked]) &&
    among('failedOver', [String(fact.attempts.length > 1)]) &&
    (from === null || fact.at >= instantFromMs(Date.parse(from))) &&
    (to === null || fact.at < instantFromMs(Date.parse(to)))
  );
}

function totalsOf(facts: readonly RouteFact[]): DispatchTotals {
  const times = facts
    .flatMap(({ firstContentMs }) => (firstContentMs === null ? [] : [firstContentMs]))
    .toSorted((a, b) => a - b);
  const number = (outcomes: readonly RouteFact['outcome'][]): number =>
    facts.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    requests: facts.length,
    failovers: facts.filter(({ attempts }) => attempts.length > 1).length,
    failed: number(['failed', 'refused']),
    incomplete: number(['incomplete']),
    firstContentMsP50: times[Math.floor(times.length * 0.5)] ?? null,
    firstContentMsP95: times[Math.floor(times.length * 0.95)] ?? null,
  };
}

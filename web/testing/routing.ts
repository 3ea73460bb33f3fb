import type { ActivityRow, DispatchesPage, RouteFact, RoutePolicy } from '@boocontrol/contracts';
import { refuse, type Answer } from './answer.js';
import { dispatchesOf } from './dispatches.js';
import { madePolicies } from './policies.js';

/** What came through /v1 of a made-up fleet, and by what rules. */
export class MadeRouting {
  policies: RoutePolicy[] = madePolicies();
  /** Newest first. */
  dispatches: RouteFact[];

  constructor(rows: number, nowMs: number) {
    this.dispatches = dispatchesOf(rows, nowMs);
  }

  answer(method: string, path: string, params: URLSearchParams): Answer {
    if (method === 'GET' && path === '/routing/policies')
      return { status: 200, body: { policies: this.policies } };
    if (method === 'GET' && path === '/routing/dispatches') return { status: 200, body: this.page(params) };
    const [, id] = /^\/routing\/dispatches\/([^/]+)$/.exec(path) ?? [];
    const found = this.dispatches.find((each) => each.id === id);
    if (method === 'GET' && found) return { status: 200, body: found };
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

  private page(params: URLSearchParams): DispatchesPage {
    const fits = (name: string, values: readonly string[]): boolean =>
      !params.has(name) || values.includes(params.get(name) ?? '');
    const all = this.dispatches.filter(
      ({ policy, attempts, outcome }) =>
        fits('policy', [policy?.name ?? 'direct']) &&
        fits(
          'providerId',
          attempts.map(({ providerId }) => providerId),
        ) &&
        fits('outcome', [outcome]),
    );
    const start = Number(params.get('cursor') ?? 0);
    const next = start + Number(params.get('limit') ?? 100);
    return { dispatches: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
  }
}

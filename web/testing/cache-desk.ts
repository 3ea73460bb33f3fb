import type { CacheRates, PrefixDrift } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { madeTurns, sessionsOf, totalsOf, type Turn } from './prompt-cache.js';

const STEP_S = 900;
const DAY_MS = 24 * 3_600_000;

/** What the gateway tells of prompt caches, over made-up sessions. */
export class MadeCache {
  made: ReturnType<typeof madeTurns>;
  /** Set: everything fails with it. */
  fails: { code: string; message: string } | null = null;

  constructor(
    private readonly nowMs: number,
    sessions: number,
  ) {
    this.made = madeTurns(nowMs, sessions);
  }

  /** As it would be where nothing ever goes wrong. */
  calm(): void {
    this.made = madeTurns(this.nowMs, 12, true);
  }

  answer(method: string, path: string, params: URLSearchParams): Answer {
    if (this.fails) return refuse(503, this.fails.code, this.fails.message);
    const [, , what, id] = path.split('/');
    const [from, to] = [params.get('from'), params.get('to')];
    const toMs = to === null ? Date.now() : Date.parse(to);
    const fromMs = from === null ? toMs - DAY_MS : Date.parse(from);
    const period = { from: instantFromMs(fromMs), to: instantFromMs(toMs) };
    const held = this.within(params, fromMs, toMs);
    const ok = (body: unknown): Answer => ({ status: 200, body });
    if (method === 'GET' && what === 'totals') return ok(totalsOf(held, period.from, period.to));
    if (method === 'GET' && what === 'rates') return ok({ ...period, ...ratesOf(held.turns) });
    if (method === 'GET' && what === 'drifts' && id !== undefined) {
      const found = this.made.drifts.find((drift) => drift.id === id);
      return found ? ok(found) : refuse(404, 'not_found', `Nothing went wrong with ${id}.`);
    }
    if (method === 'GET' && what === 'drifts')
      return ok(page('drifts', this.listed(held.drifts, params), params));
    if (method === 'GET' && what === 'sessions' && id !== undefined)
      return ok({
        turns: held.turns
          .filter(({ prefix }) => prefix.session === id)
          .map(({ source: _source, ...turn }) => turn),
      });
    if (method === 'GET' && what === 'sessions') return ok(page('sessions', sessionsOf(held), params));
    return refuse(404, 'not_found', `Nothing is at ${path}.`);
  }

  private within(params: URLSearchParams, fromMs: number, toMs: number): ReturnType<typeof madeTurns> {
    const [source, model, host] = [params.get('source'), params.get('model'), params.get('providerId')];
    const isIn = (one: Turn | PrefixDrift): boolean => {
      const ms = instantToMs(one.at);
      const consumer = 'consumer' in one ? one.consumer : one.source;
      return (
        ms >= fromMs &&
        ms < toMs &&
        (source === null || consumer === source) &&
        (model === null || one.model === model) &&
        (host === null || one.providerId === host)
      );
    };
    return { turns: this.made.turns.filter(isIn), drifts: this.made.drifts.filter(isIn) };
  }

  private listed(drifts: readonly PrefixDrift[], params: URLSearchParams): PrefixDrift[] {
    const among = (name: 'kind' | 'cause' | 'session') => (drift: PrefixDrift) =>
      !params.has(name) || params.get(name) === drift[name];
    const found = drifts.filter(among('kind')).filter(among('cause')).filter(among('session'));
    return params.get('order') === 'cost'
      ? found.toSorted((a, b) => (b.lostMs ?? -1) - (a.lostMs ?? -1))
      : found;
  }
}

function page(name: string, all: readonly unknown[], params: URLSearchParams): object {
  const start = Number(params.get('cursor') ?? 0);
  const next = start + Number(params.get('limit') ?? 50);
  return { [name]: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
}

function ratesOf(turns: readonly Turn[]): Omit<CacheRates, 'from' | 'to'> {
  const series = new Map<string, CacheRates['series'][number]>();
  for (const { source, model, at, promptTokens, cacheTokens } of turns.toReversed()) {
    const name = `${source} ${model}`;
    const own = series.get(name) ?? {
      source,
      model,
      requests: 0,
      promptTokens: 0,
      cacheTokens: 0,
      points: [],
    };
    series.set(name, own);
    const point = instantFromMs(Math.floor(instantToMs(at) / (STEP_S * 1_000)) * STEP_S * 1_000);
    let last = own.points.at(-1);
    if (last?.at !== point)
      own.points.push((last = { at: point, requests: 0, promptTokens: 0, cacheTokens: 0 }));
    for (const each of [own, last]) {
      each.requests++;
      each.promptTokens += promptTokens ?? 0;
      each.cacheTokens += cacheTokens ?? 0;
    }
  }
  const sorted = [...series.values()].toSorted((a, b) => b.promptTokens - a.promptTokens);
  return { stepS: STEP_S, series: sorted, leftOut: 0 };
}

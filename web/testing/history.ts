import { isStatusFilter, outcomeOf, passesStatus } from '@boocontrol/contracts';
import type { ActivityPage, Gaps, ModelEvent, PerfSeries, Request, Totals } from '@boocontrol/contracts';
import { instantFromMs, instantToMs, toActivityRow, toldPrompt } from '@boocontrol/fleet-model';

/** Answers of the history routes over a list of requests, newest first. */

function wanted(request: Request, params: URLSearchParams): boolean {
  const among = (name: string, value: string): boolean => {
    const list = params.getAll(name);
    return list.length === 0 || list.includes(value);
  };
  const statuses = params.getAll('status').filter(isStatusFilter);
  const ms = instantToMs(request.ts);
  const [from, to] = [params.get('from'), params.get('to')];
  return (
    among('providerId', request.providerId) &&
    among('model', request.model) &&
    among('source', request.source) &&
    among('reqPath', request.reqPath) &&
    (statuses.length === 0 || passesStatus(statuses, request.statusCode)) &&
    (!from || ms >= Date.parse(from)) &&
    (!to || ms < Date.parse(to))
  );
}

/** A page as the gateway gives it; the cursor is where the next one begins. */
function pageOf<T>(
  all: readonly T[],
  params: URLSearchParams,
  most: number,
): { page: T[]; nextCursor: string | null } {
  const start = Number(params.get('cursor') ?? 0);
  const next = start + Number(params.get('limit') ?? most);
  return { page: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
}

export function activityPage(requests: readonly Request[], params: URLSearchParams): ActivityPage {
  const all = requests.filter((request) => wanted(request, params));
  const { page, nextCursor } = pageOf(all, params, 100);
  return { rows: page.map(toActivityRow), nextCursor };
}

const sum = (requests: readonly Request[], of: (request: Request) => number | null): number =>
  requests.reduce((total, request) => total + (of(request) ?? 0), 0);

export function totals(requests: readonly Request[], params: URLSearchParams): Totals {
  const groupBy = params.getAll('groupBy');
  const groups = new Map<string, Request[]>();
  for (const request of requests.filter((each) => wanted(each, params))) {
    const key = JSON.stringify([
      groupBy.includes('provider') ? request.providerId : null,
      groupBy.includes('model') ? request.model : null,
      groupBy.includes('source') ? request.source : null,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  const inOrder = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { page, nextCursor } = pageOf(inOrder, params, 2500);
  const after = nextCursor === null ? [] : inOrder.slice(Number(nextCursor));
  return {
    groups: page.map(([key, group]) => {
      const [providerId, model, source] = JSON.parse(key) as [string | null, string | null, string | null];
      return { bucket: null, providerId, model, source, ...figures(group) };
    }),
    rest: after.length === 0 ? null : figures(after.flatMap(([, group]) => group)),
    nextCursor,
  };
}

function figures(group: readonly Request[]): NonNullable<Totals['rest']> {
  const timed = group.filter(({ genTps }) => genTps !== null);
  return {
    requests: group.length,
    errors: group.filter(({ statusCode }) => outcomeOf(statusCode) === 'failed').length,
    inputTokens: sum(group, ({ inputTokens }) => inputTokens),
    promptTokens: sum(group, (request) => toldPrompt(request).promptTokens),
    cacheTokens: sum(group, ({ cacheTokens }) => cacheTokens),
    outputTokens: sum(group, ({ outputTokens }) => outputTokens),
    durationMs: sum(group, ({ durationMs }) => durationMs),
    genTps: timed.length > 0 ? sum(timed, ({ genTps }) => genTps) / timed.length : null,
    promptTps: null,
  };
}

export function perfSeries(params: URLSearchParams, nowMs: number): PerfSeries {
  const from = Date.parse(params.get('from') ?? '');
  const to = Math.min(nowMs, Date.parse(params.get('to') ?? new Date(nowMs).toISOString()));
  const maxPoints = Number(params.get('maxPoints') ?? 300);
  const stepS = Math.max(5, Math.ceil((to - from) / 1000 / maxPoints));
  const points: PerfSeries['points'] = [];
  for (let ms = from; ms < to; ms += stepS * 1000) {
    const phase = (ms - from) / (to - from);
    if (phase > 0.42 && phase < 0.5) continue;
    const load = 0.5 + 0.4 * Math.sin(ms / 97_000) * Math.sin(ms / 311_000);
    const stat = (avg: number) => ({ avg, max: avg * 1.08 });
    points.push({
      ts: instantFromMs(ms),
      samples: 1,
      gpus: [
        {
          id: 0,
          utilPct: stat(90 * load),
          memUsedMb: stat(phase < 0.5 ? 9000 : 26_000),
          tempC: stat(40 + 40 * load),
          powerW: stat(60 + 400 * load),
        },
      ],
      cpuUtilPct: stat(30 * load),
      memUsedMb: stat(30_000 + 4000 * load),
      netRxBps: 20_000 * load,
      netTxBps: 400_000 * load,
    });
  }
  return {
    providerId: params.get('providerId') ?? '',
    stepS,
    resolution: 'raw',
    gpus: [{ id: 0, name: 'NVIDIA GeForce RTX 5090', memTotalMb: 32_607 }],
    points,
  };
}

export function gaps(params: URLSearchParams, nowMs: number): Gaps {
  const hosts = params.getAll('providerId');
  const from = Date.parse(params.get('from') ?? new Date(nowMs - 3_600_000).toISOString());
  const all: Gaps['gaps'] = [
    {
      providerId: 'mac-studio',
      kind: 'lost',
      fromTs: instantFromMs(nowMs - 100_000),
      toTs: instantFromMs(nowMs - 60_000),
      reason: 'host_restarted',
      missingRows: null,
    },
    {
      providerId: 'tower',
      kind: 'unreachable',
      fromTs: instantFromMs(from + 0.42 * (nowMs - from)),
      toTs: instantFromMs(from + 0.5 * (nowMs - from)),
      reason: 'host unreachable',
      missingRows: null,
    },
  ];
  const { page, nextCursor } = pageOf(
    all.filter(({ providerId }) => hosts.length === 0 || hosts.includes(providerId)),
    params,
    5000,
  );
  return { gaps: page, nextCursor };
}

export function modelEvents(
  params: URLSearchParams,
  nowMs: number,
): { events: ModelEvent[]; nextCursor: string | null } {
  const from = Date.parse(params.get('from') ?? new Date(nowMs - 3_600_000).toISOString());
  const at = (share: number): string => instantFromMs(from + share * (nowMs - from));
  const providerId = params.get('providerId') ?? 'tower';
  const all: ModelEvent[] = [
    { providerId, model: 'qwen3-32b-Q4_K_M', state: 'ready', ts: at(0.52), detail: {} },
    { providerId, model: 'qwen3-32b-Q4_K_M', state: 'starting', ts: at(0.51), detail: {} },
    { providerId, model: 'phi-4-Q8_0', state: 'ready', ts: at(0.1), detail: {} },
  ];
  const { page, nextCursor } = pageOf(all, params, 500);
  return { events: page, nextCursor };
}

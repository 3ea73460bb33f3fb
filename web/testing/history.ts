import { isStatusFilter, outcomeOf, passesStatus } from '@boocontrol/contracts';
import type {
  ActivityPage,
  Gaps,
  HostState,
  ModelEvent,
  ModelFigures,
  Request,
  Totals,
} from '@boocontrol/contracts';
import {
  captureText,
  foundIn,
  hitsIn,
  instantFromMs,
  instantToMs,
  readTextQuery,
  toActivityRow,
  toldPrompt,
  type Phrase,
} from '@boocontrol/fleet-model';
import { eventsOf, gapsOf } from './readings.js';
import { captureOf } from './requests.js';

/** Answers of the history routes over a list of requests, newest first. */

function wanted(request: Request, params: URLSearchParams): boolean {
  const among = (name: string, value: string): boolean => {
    const list = params.getAll(name);
    return list.length === 0 || list.includes(value);
  };
  const statuses = params.getAll('status').filter(isStatusFilter);
  const ms = instantToMs(request.ts);
  const [from, to] = [params.get('from'), params.get('to')];
  // Those that ran in the range, too, where they are asked for.
  const beganMs = params.get('ran') === 'true' ? ms - request.durationMs : ms;
  return (
    (!params.has('dispatchId') || request.dispatchId === params.get('dispatchId')) &&
    among('providerId', request.providerId) &&
    among('model', request.model) &&
    among('source', request.source) &&
    among('reqPath', request.reqPath) &&
    (statuses.length === 0 || passesStatus(statuses, request.statusCode)) &&
    (!from || ms >= Date.parse(from)) &&
    (!to || beganMs < Date.parse(to)) &&
    says(request, params.get('text'))
  );
}

/** Whether the capture of a request says what is looked for. */
function says(request: Request, typed: string | null): boolean {
  if (typed === null) return true;
  const query = readTextQuery(typed);
  if (!query.ok || !request.hasCapture) return false;
  const { prompt, answer } = captureText(captureOf(request));
  const has = (phrase: Phrase): boolean =>
    hitsIn(`${prompt}\n${answer}`, { ok: true, any: [{ phrases: [phrase], without: [] }] }).length > 0;
  return query.any.some(({ phrases, without }) => phrases.every(has) && !without.some(has));
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

let asked: { key: string; found: readonly Request[] } | null = null;

/** Those of a filter; a page after the other asks for the same ones. */
function filtered(requests: readonly Request[], params: URLSearchParams): readonly Request[] {
  const filter = new URLSearchParams(params);
  for (const name of ['cursor', 'limit']) filter.delete(name);
  const key = `${filter.toString()} ${requests.length} ${requests[0]?.ts} ${requests[0]?.entryId}`;
  if (asked?.key !== key) asked = { key, found: requests.filter((request) => wanted(request, params)) };
  return asked.found;
}

export function activityPage(requests: readonly Request[], params: URLSearchParams): ActivityPage {
  const all = filtered(requests, params);
  const { page, nextCursor } = pageOf(all, params, 100);
  const typed = params.get('text');
  if (typed === null) return { rows: page.map(toActivityRow), nextCursor };
  const query = readTextQuery(typed);
  const rows = page.map((request) => ({
    ...toActivityRow(request),
    found: foundIn(captureText(captureOf(request)), query),
  }));
  return { rows, nextCursor, searched: { since: requests.at(-1)?.ts ?? null, unread: 0 } };
}

const sum = (requests: readonly Request[], of: (request: Request) => number | null): number =>
  requests.reduce((total, request) => total + (of(request) ?? 0), 0);

export function totals(requests: readonly Request[], params: URLSearchParams): Totals {
  const groupBy = params.getAll('groupBy');
  const bucketMs = Number(params.get('bucketS') ?? 0) * 1000;
  const groups = new Map<string, Request[]>();
  for (const request of requests.filter((each) => wanted(each, params))) {
    const key = JSON.stringify([
      bucketMs > 0 ? Math.floor(instantToMs(request.ts) / bucketMs) * bucketMs : null,
      groupBy.includes('provider') ? request.providerId : null,
      groupBy.includes('model') ? request.model : null,
      groupBy.includes('source') ? request.source : null,
    ]);
    const group = groups.get(key);
    if (group) group.push(request);
    else groups.set(key, [request]);
  }
  const inOrder = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { page, nextCursor } = pageOf(inOrder, params, 2500);
  const after = nextCursor === null ? [] : inOrder.slice(Number(nextCursor));
  return {
    groups: page.map(([key, group]) => {
      const [startMs, providerId, model, source] = JSON.parse(key) as GroupKey;
      const bucket = startMs === null ? null : instantFromMs(startMs);
      return { bucket, providerId, model, source, ...figures(group) };
    }),
    rest: after.length === 0 ? null : figures(after.flatMap(([, group]) => group)),
    nextCursor,
  };
}

/** Start of the bucket, host, model, consumer; null: not grouped by it. */
type GroupKey = [number | null, string | null, string | null, string | null];

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

export function gaps(params: URLSearchParams, nowMs: number, madeMs?: number): Gaps {
  const { page, nextCursor } = pageOf(gapsOf(params, nowMs, madeMs), params, 5000);
  return { gaps: page, nextCursor };
}

export function modelEvents(
  params: URLSearchParams,
  nowMs: number,
  host: HostState | undefined,
  madeMs?: number,
): { events: ModelEvent[]; nextCursor: string | null } {
  const { page, nextCursor } = pageOf(eventsOf(params, nowMs, host, madeMs), params, 500);
  return { events: page, nextCursor };
}

/** Loads take as long as the made-up hosts take for them. */
const LOAD_MS = 8000;

export function modelFigures(
  requests: readonly Request[],
  params: URLSearchParams,
  events: readonly ModelEvent[],
): ModelFigures {
  const grouped = new URLSearchParams(params);
  grouped.append('groupBy', 'model');
  const { groups } = totals(requests, grouped);
  const found = requests.filter((request) => wanted(request, params));
  const names = new Set([...groups.map(({ model }) => model ?? ''), ...events.map(({ model }) => model)]);
  const { page, nextCursor } = pageOf([...names].toSorted(), params, 1000);
  return {
    nextCursor,
    models: page.map((model) => {
      const {
        bucket: _bucket,
        providerId: _id,
        source: _source,
        ...figures
      } = groups.find((group) => group.model === model) ?? NOTHING;
      const speeds = found
        .flatMap(({ model: name, genTps }) => (name === model && genTps !== null ? [genTps] : []))
        .toSorted((a, b) => a - b);
      const own = events.filter((event) => event.model === model);
      const loads = own.filter(({ state }) => state === 'ready').length;
      return {
        ...figures,
        model,
        genTpsP50: speeds[Math.floor(speeds.length / 2)] ?? null,
        genTpsP95: speeds[Math.floor(speeds.length * 0.95)] ?? null,
        loads,
        failedLoads: own.filter(({ detail }) => detail['failed'] === true).length,
        loadMsP50: loads > 0 ? LOAD_MS : null,
      };
    }),
  };
}

const NOTHING: Omit<Totals['groups'][number], 'model'> = {
  bucket: null,
  providerId: null,
  source: null,
  requests: 0,
  errors: 0,
  inputTokens: 0,
  promptTokens: 0,
  cacheTokens: 0,
  outputTokens: 0,
  durationMs: 0,
  genTps: null,
  promptTps: null,
};

import { parseRfc3339 } from '../core/rfc3339.js';

const SORT_KEYS = [
  'id',
  'time',
  'model',
  'req_path',
  'resp_status_code',
  'resp_content_type',
  'cached',
  'prompt',
  'generated',
  'drafted',
  'prompt_speed',
  'gen_speed',
  'duration',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface ActivityQuery {
  models: string[];
  limit: number;
  page: number;
  sort: SortKey;
  order: 'asc' | 'desc';
  minId?: number;
  maxId?: number;
  startNs?: bigint;
  endNs?: bigint;
}

export type ActivityQueryResult = { ok: true; query: ActivityQuery } | { ok: false; message: string };

/** Reads `GET /api/metrics/activity`'s parameters. `range` = the newer builds' bounds; older ones ignore them. */
export function parseActivityQuery(params: URLSearchParams, range: boolean): ActivityQueryResult {
  const limit = whole(params, 'limit') ?? 25;
  if (Number.isNaN(limit)) return refuse('invalid limit');
  if (limit < 1 || limit > 999) return refuse('limit must be between 1 and 999');
  const page = whole(params, 'page') ?? 1;
  if (!(page >= 1)) return refuse('page must be >= 1');
  const sort = text(params, 'sort') || 'id';
  if (!isSortKey(sort)) return refuse('invalid sort column');
  const order = text(params, 'order').toLowerCase() || 'desc';
  if (order !== 'asc' && order !== 'desc') return refuse('order must be asc or desc');
  const named = params.getAll('model').map((name) => name.trim());
  const models = (range ? named : named.slice(0, 1)).filter((name) => name !== '');
  const query: ActivityQuery = { models, limit, page, sort, order };
  return range ? withRange(query, params) : { ok: true, query };
}

function withRange(query: ActivityQuery, params: URLSearchParams): ActivityQueryResult {
  for (const [name, key] of [
    ['min_id', 'minId'],
    ['max_id', 'maxId'],
  ] as const) {
    const id = whole(params, name);
    if (id === undefined) continue;
    if (!(id >= 1)) return refuse(`${name} must be >= 1`);
    query[key] = id;
  }
  if ((query.minId ?? 0) > (query.maxId ?? Infinity)) return refuse('min_id must be <= max_id');
  for (const [name, key] of [
    ['start', 'startNs'],
    ['end', 'endNs'],
  ] as const) {
    const raw = text(params, name);
    if (raw === '') continue;
    const ns = parseRfc3339(raw);
    if (ns === undefined) return refuse(`invalid '${name}' timestamp, use RFC3339 format`);
    query[key] = ns;
  }
  if (query.startNs !== undefined && query.endNs !== undefined && query.startNs > query.endNs) {
    return refuse('start must be before end');
  }
  return { ok: true, query };
}

function refuse(message: string): ActivityQueryResult {
  return { ok: false, message };
}

function text(params: URLSearchParams, name: string): string {
  return (params.get(name) ?? '').trim();
}

/** Undefined when absent, NaN when it is no whole number. */
function whole(params: URLSearchParams, name: string): number | undefined {
  const raw = text(params, name);
  if (raw === '') return undefined;
  return /^[+-]?\d+$/.test(raw) ? Number(raw) : NaN;
}

function isSortKey(value: string): value is SortKey {
  return (SORT_KEYS as readonly string[]).includes(value);
}

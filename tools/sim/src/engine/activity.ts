import { formatRfc3339, parseRfc3339 } from '../core/rfc3339.js';
import type { Generation } from '../options.js';
import type { ActivityRow } from './activity-row.js';
import type { ActivityQuery, SortKey } from './activity-query.js';

export interface ActivityPage {
  data: ActivityRow[];
  page: number;
  limit: number;
  total: number;
  total_pages: number;
}

/** The host's activity ring: the newest rows, in the order of their ids. */
export class Activity {
  #rows: ActivityRow[];
  #nextId: number;
  /** Rows kept; a fault may shrink it. */
  maxRows: number;

  constructor(
    private readonly generation: Generation,
    maxRows: number,
    private readonly utcOffsetMinutes: number,
    carried: readonly ActivityRow[] = [],
  ) {
    this.maxRows = maxRows;
    this.#rows = [...carried];
    this.#nextId = (carried.at(-1)?.id ?? (generation === 'A' ? -1 : 0)) + 1;
  }

  /**
   * Stores a finished request. Generation A keeps the end time to the nanosecond; B and C keep rows in sqlite,
   * whose time column holds whole seconds.
   */
  insert(endedNs: bigint, fields: Omit<ActivityRow, 'id' | 'timestamp'>): ActivityRow {
    const ns = this.generation === 'A' ? endedNs : (endedNs / 1_000_000_000n) * 1_000_000_000n;
    const row: ActivityRow = {
      id: this.#nextId,
      timestamp: formatRfc3339(ns, this.utcOffsetMinutes),
      ...fields,
    };
    this.#nextId += 1;
    this.#rows.push(row);
    this.trim();
    return row;
  }

  trim(): void {
    if (this.#rows.length > this.maxRows) this.#rows = this.#rows.slice(-this.maxRows);
  }

  rows(): readonly ActivityRow[] {
    return this.#rows;
  }

  page(query: ActivityQuery): ActivityPage {
    const matching = this.#rows.filter((row) => matches(row, query)).sort(comparator(query));
    const from = (query.page - 1) * query.limit;
    return {
      data: matching.slice(from, from + query.limit),
      page: query.page,
      limit: query.limit,
      total: matching.length,
      total_pages: Math.ceil(matching.length / query.limit),
    };
  }
}

function matches(row: ActivityRow, query: ActivityQuery): boolean {
  if (query.models.length > 0 && !query.models.includes(row.model)) return false;
  if (query.minId !== undefined && row.id < query.minId) return false;
  if (query.maxId !== undefined && row.id > query.maxId) return false;
  const seconds = (parseRfc3339(row.timestamp) ?? 0n) / 1_000_000_000n;
  if (query.startNs !== undefined && seconds < query.startNs / 1_000_000_000n) return false;
  return query.endNs === undefined || seconds <= query.endNs / 1_000_000_000n;
}

const COLUMNS: Record<SortKey, (row: ActivityRow) => number | string> = {
  id: (row) => row.id,
  time: (row) => Number(parseRfc3339(row.timestamp) ?? 0n),
  model: (row) => row.model,
  req_path: (row) => row.req_path,
  resp_status_code: (row) => row.resp_status_code,
  resp_content_type: (row) => row.resp_content_type,
  cached: (row) => row.tokens.cache_tokens,
  prompt: (row) => row.tokens.input_tokens,
  generated: (row) => row.tokens.output_tokens,
  drafted: (row) => row.tokens.draft_tokens ?? -1,
  prompt_speed: (row) => row.tokens.prompt_per_second,
  gen_speed: (row) => row.tokens.tokens_per_second,
  duration: (row) => row.duration_ms,
};

function comparator(query: ActivityQuery): (a: ActivityRow, b: ActivityRow) => number {
  const column = COLUMNS[query.sort];
  const sign = query.order === 'asc' ? 1 : -1;
  return (a, b) => {
    const left = column(a);
    const right = column(b);
    if (left === right) return sign * (a.id - b.id);
    return left < right ? -sign : sign;
  };
}

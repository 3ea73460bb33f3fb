import { UNATTRIBUTED, type Generation, type InflightRequest } from '@boocontrol/contracts';
import {
  cleanText,
  isObject,
  numberOf,
  readEach,
  Strange,
  textOf,
  type BadItem,
  type Json,
} from './loose.js';
import { dispatchIdOf, sourceOf } from './source.js';
import { hostTime } from './time.js';

/** What is under way at a host. Generation A tells only how many. */
export interface InflightNow {
  total: number;
  requests: InflightRequest[];
}

/** String values of a JSON object, e.g. headers; anything else in it is left out. */
export function stringMap(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs.map(([name, text]) => [cleanText(name, 256), cleanText(text, 4096)]));
}

function readEntry(item: Json): InflightRequest {
  const id = textOf(item, 'id', 128);
  if (id === '') throw new Strange('id is missing');
  const bytes = numberOf(item, 'resp_bytes');
  // Headers are there from generation C on.
  const hasHeaders = isObject(item['req_headers']);
  const headers = stringMap(item['req_headers']);
  return {
    id,
    startedAt: hostTime(item['timestamp'])?.instant ?? null,
    model: textOf(item, 'model', 256),
    reqPath: textOf(item, 'req_path'),
    method: textOf(item, 'method', 16),
    source: hasHeaders ? sourceOf({ headers }) : UNATTRIBUTED,
    ...(hasHeaders ? { dispatchId: dispatchIdOf({ headers }) } : { sourceKnown: false }),
    remoteIp: textOf(item, 'remote_ip', 64) || null,
    respBytes: bytes === null || bytes < 0 ? null : Math.trunc(bytes),
  };
}

export interface FoldedInflight {
  /** Which generation sends it in this shape. */
  shape: Generation;
  now: InflightNow;
  bad: BadItem[];
}

/** More are not listed; a host that never removes any would fill our memory. */
const LISTED_MAX = 1_000;

/** Folds the three shapes of `inflight` events into the whole list. */
export class InflightFold {
  private byId = new Map<string, InflightRequest>();

  /** Thrown: Strange when it has none of the known shapes. */
  apply(data: unknown): FoldedInflight {
    if (!isObject(data)) throw new Strange('inflight is not an object');
    const { operation, requests, request, id } = data;
    if (operation === undefined && requests === undefined) return this.total(data);
    if (operation === undefined || operation === 'snapshot') {
      const { items, bad } = readEach(
        Array.isArray(requests) ? requests.slice(0, LISTED_MAX) : [],
        readEntry,
      );
      this.byId = new Map(items.map((entry) => [entry.id, entry]));
      return { shape: operation === undefined ? 'B' : 'C', now: this.now(), bad };
    }
    if (operation === 'upsert') {
      const { items, bad } = readEach([request], readEntry);
      for (const entry of items) this.byId.set(entry.id, entry);
      const [oldest] = this.byId.keys();
      if (this.byId.size > LISTED_MAX && oldest !== undefined) this.byId.delete(oldest);
      return { shape: 'C', now: this.now(), bad };
    }
    if (operation === 'remove' && typeof id === 'string') {
      this.byId.delete(id);
      return { shape: 'C', now: this.now(), bad: [] };
    }
    throw new Strange(`inflight operation ${JSON.stringify(operation)?.slice(0, 64)} is not known`);
  }

  private total(data: Json): FoldedInflight {
    const total = numberOf(data, 'total');
    if (total === null) throw new Strange('inflight has neither total nor requests');
    this.byId.clear();
    return { shape: 'A', now: { total: Math.max(0, Math.trunc(total)), requests: [] }, bad: [] };
  }

  private now(): InflightNow {
    return { total: this.byId.size, requests: [...this.byId.values()] };
  }
}

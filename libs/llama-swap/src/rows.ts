import type { Request } from '@boocontrol/contracts';
import { isObject, numberOf, readEach, Strange, textOf, type BadItem, type Json } from './loose.js';
import { hostTime } from './time.js';

/** A finished request as its host tells it; who sent it is not in there (see sourceOf), and its clock is the host's. */
export type HostRow = Omit<Request, 'providerId' | 'at' | 'endedAt' | 'source'>;

/** -1 is the host's "not reported". */
function tokens(item: Json, key: string): number | null {
  const value = numberOf(item, key);
  return value === null || value < 0 ? null : Math.trunc(value);
}

function rate(item: Json, key: string): number | null {
  const value = numberOf(item, key);
  return value === null || value < 0 ? null : value;
}

function readRow(item: Json): HostRow {
  const id = numberOf(item, 'id');
  if (id === null || !Number.isSafeInteger(id) || id < 0)
    throw new Strange('id is not a whole number from 0');
  const ts = hostTime(item['timestamp']);
  if (ts === null) throw new Strange('timestamp is not an instant');
  const counted = item['tokens'] ?? {};
  if (!isObject(counted)) throw new Strange('tokens is not an object');
  const status = numberOf(item, 'resp_status_code') ?? 0;
  if (!Number.isInteger(status) || status < 0 || status > 999)
    throw new Strange('resp_status_code is out of range');
  const hasCapture = item['has_capture'] ?? false;
  if (typeof hasCapture !== 'boolean') throw new Strange('has_capture is not true or false');
  return {
    entryId: id,
    ts: ts.instant,
    model: textOf(item, 'model', 256) || 'unknown',
    reqPath: textOf(item, 'req_path'),
    respContentType: textOf(item, 'resp_content_type', 256) || null,
    statusCode: status,
    durationMs: Math.max(0, numberOf(item, 'duration_ms') ?? 0),
    cacheTokens: tokens(counted, 'cache_tokens'),
    inputTokens: tokens(counted, 'input_tokens'),
    outputTokens: tokens(counted, 'output_tokens'),
    draftTokens: tokens(counted, 'draft_tokens'),
    draftAcceptedTokens: tokens(counted, 'draft_acc_tokens'),
    promptTps: rate(counted, 'prompt_per_second'),
    genTps: rate(counted, 'tokens_per_second'),
    hasCapture,
    errorMsg: textOf(item, 'error_msg', 4096) || null,
  };
}

/** Rows of an activity answer or a `metrics` event. Missing fields are tolerated, strange types reject the row. Never throws. */
export function readRows(items: readonly unknown[]): { rows: HostRow[]; bad: BadItem[] } {
  const { items: rows, bad } = readEach(items, readRow);
  return { rows, bad };
}

import type { ActivityRow, Request } from '@boocontrol/contracts';
import { toldPrompt } from './prompt.js';

export interface RowKey {
  providerId: string;
  entryId: number;
  ts: string;
}

const KEY = /^([a-z0-9-]{1,63}) (\d{1,15}) (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)$/;

/**
 * Opaque, URL-safe name of a request row. A host's entry id alone is not unique: it starts again with the host.
 *
 * @throws {DOMException} `InvalidCharacterError` when the provider id or instant is not Latin-1, which no valid one is
 */
export function activityKey({ providerId, entryId, ts }: RowKey): string {
  return btoa(`${providerId} ${entryId} ${ts}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The row that a key names; null when the text was not made by activityKey. Never throws. */
export function parseActivityKey(key: string): RowKey | null {
  if (!/^[A-Za-z0-9_-]{8,200}$/.test(key)) return null;
  let text: string;
  try {
    text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return null;
  }
  const match = KEY.exec(text);
  if (!match) return null;
  const [, providerId = '', entryId = '', ts = ''] = match;
  return { providerId, entryId: Number(entryId), ts };
}

/**
 * The row of the feed that a request fact is.
 *
 * @throws {DOMException} as activityKey does
 */
export function toActivityRow(request: Request): ActivityRow {
  const { at: _at, endedAt: _endedAt, dispatchId, ...row } = request;
  const from = dispatchId == null ? {} : { dispatchId };
  return { ...row, ...toldPrompt(row), ...from, key: activityKey(request) };
}

import { isObject, readEach, Strange, textOf } from './loose.js';

export interface RunningModel {
  model: string;
  state: string;
  /** Idle seconds until it is unloaded, 0 = never. */
  ttlS: number;
}

/**
 * The answer of `GET /running`: what runs, by ids and never by aliases; null when it is no such answer. The host's command
 * lines may hold secrets and are dropped here.
 */
export function readRunning(answer: unknown): RunningModel[] | null {
  if (!isObject(answer)) return null;
  const list = Array.isArray(answer['running']) ? answer['running'] : [];
  return readEach(list, (item): RunningModel => {
    const { ttl } = item;
    if (typeof ttl !== 'number' || ttl < 0) throw new Strange('ttl is not a number from 0');
    return { model: textOf(item, 'model', 256), state: textOf(item, 'state', 64), ttlS: Math.trunc(ttl) };
  }).items;
}

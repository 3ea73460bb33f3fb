import type { Generation, LogSource } from '@boocontrol/contracts';
import { InflightFold, type InflightNow } from './inflight.js';
import { badItem, isObject, Strange, type BadItem } from './loose.js';
import { readModels, type WireModel } from './models.js';
import { readRows, type HostRow } from './rows.js';
import type { SseEvent } from './sse.js';

/** One message of the host's event stream. `bad` lists are items of a good message that were rejected. */
export type HostEvent =
  | { type: 'modelStatus'; models: WireModel[]; bad: BadItem[] }
  | { type: 'logData'; source: LogSource; data: string }
  /** Generation A: finished requests; the whole ring at connect. */
  | { type: 'metrics'; rows: HostRow[]; bad: BadItem[] }
  /** Generations B and C: a request finished; its row is to be fetched. */
  | { type: 'activity'; id: number }
  /** Always the whole list, whatever the shape on the wire. */
  | { type: 'inflight'; shape: Generation; now: InflightNow; bad: BadItem[] }
  | { type: 'uiConfig' }
  | { type: 'profileChanged'; active: string | null }
  /** A type that this version does not know: to be counted and ignored. */
  | { type: 'unknown'; name: string }
  | { type: 'bad'; reason: string; raw: string };

function listOf(data: unknown): unknown[] {
  // Go writes null for an empty list.
  if (data === null) return [];
  if (!Array.isArray(data)) throw new Strange('data is not a list');
  return data;
}

/** Turns stream messages into events; holds the fold of generation C's in-flight operations, so one for each connection. */
export class FrameReader {
  private readonly inflight = new InflightFold();

  /** Never throws: what cannot be read is an event of type `bad`. */
  read(event: SseEvent): HostEvent {
    if (!event.ok) return { type: 'bad', reason: event.reason, raw: '' };
    try {
      return this.readEnvelope(event.data);
    } catch (error) {
      const reason =
        error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error);
      return { type: 'bad', ...badItem(reason, event.data) };
    }
  }

  private readEnvelope(text: string): HostEvent {
    const envelope: unknown = JSON.parse(text);
    if (!isObject(envelope) || typeof envelope['type'] !== 'string') throw new Strange('no type');
    const inner = envelope['data'];
    // `data` is a JSON document in a string (docs/llama-swap.md).
    const data = (): unknown => {
      if (typeof inner !== 'string') throw new Strange('data is not a string');
      return JSON.parse(inner) as unknown;
    };
    switch (envelope['type']) {
      case 'modelStatus':
        return { type: 'modelStatus', ...readModels(listOf(data())) };
      case 'logData':
        return readLog(data());
      case 'metrics':
        return { type: 'metrics', ...readRows(listOf(data())) };
      case 'activity':
        return readActivity(data());
      case 'inflight':
        return { type: 'inflight', ...this.inflight.apply(data()) };
      case 'uiConfig':
        return { type: 'uiConfig' };
      case 'profileChanged':
        return readProfile(data());
      default:
        return { type: 'unknown', name: envelope['type'].slice(0, 64) };
    }
  }
}

function readLog(data: unknown): HostEvent {
  if (!isObject(data) || typeof data['data'] !== 'string') throw new Strange('logData without text');
  const { source } = data;
  if (source !== 'proxy' && source !== 'upstream') throw new Strange('logData of an unknown source');
  return { type: 'logData', source, data: data['data'] };
}

function readActivity(data: unknown): HostEvent {
  const id = isObject(data) ? data['id'] : undefined;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
    throw new Strange('activity without an id');
  return { type: 'activity', id };
}

function readProfile(data: unknown): HostEvent {
  const active = isObject(data) ? data['active'] : undefined;
  return { type: 'profileChanged', active: typeof active === 'string' ? active : null };
}

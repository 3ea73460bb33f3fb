import { ModelStateSchema, type Model, type ModelState } from '@boocontrol/contracts';
import {
  badItem,
  cleanText,
  isObject,
  numberOf,
  readEach,
  Strange,
  textOf,
  type BadItem,
  type Json,
} from './loose.js';

/** A model as the host lists it; since when it is so, is ours to tell. */
export type WireModel = Omit<Model, 'since' | 'failedAt'>;

const HOST_STATES: ReadonlySet<string> = new Set(['stopped', 'starting', 'ready', 'stopping', 'shutdown']);

/** Peer models carry an empty state (docs/llama-swap.md); "absent" is our own word and never the host's. */
function stateOf(text: string): ModelState {
  return HOST_STATES.has(text) ? ModelStateSchema.parse(text) : 'unknown';
}

/** A list of names, or (seen in generation C) an object of name to value, whose false ones do not count. */
function namesOf(value: unknown): string[] {
  const names = Array.isArray(value)
    ? value.filter((name) => typeof name === 'string')
    : isObject(value)
      ? Object.keys(value).filter((name) => Boolean(value[name]))
      : [];
  return names.slice(0, 64).map((name) => cleanText(name, 256));
}

function readModel(item: Json): WireModel {
  const id = textOf(item, 'id', 256);
  if (id === '') throw new Strange('id is missing');
  const context = numberOf(item, 'context_length');
  return {
    id,
    name: textOf(item, 'name', 256),
    description: textOf(item, 'description'),
    state: stateOf(textOf(item, 'state', 64)),
    unlisted: item['unlisted'] === true,
    peerId: textOf(item, 'peerID', 256) || null,
    aliases: namesOf(item['aliases']),
    capabilities: namesOf(item['capabilities']),
    contextLength: context !== null && context > 0 ? Math.trunc(context) : null,
    ttlS: null,
  };
}

/** What fits into one message of the bus (1 MB) together with what we add to each model. */
const MODELS_MAX = 1_000;
const MODELS_MAX_BYTES = 600 * 1024;

/**
 * The models of a `modelStatus` event; one id twice (a peer's and a local one): the first, which is the local one. Those
 * that are too many are left out, and said. Never throws.
 */
export function readModels(items: readonly unknown[]): { models: WireModel[]; bad: BadItem[] } {
  const { items: models, bad } = readEach(items, readModel);
  const byId = new Map<string, WireModel>();
  for (const model of models) if (!byId.has(model.id)) byId.set(model.id, model);
  const kept: WireModel[] = [];
  let bytes = 0;
  for (const model of byId.values()) {
    bytes += Buffer.byteLength(JSON.stringify(model));
    if (kept.length >= MODELS_MAX || bytes > MODELS_MAX_BYTES) break;
    kept.push(model);
  }
  if (kept.length < byId.size)
    bad.push(badItem(`${byId.size} models are too many; only the first ${kept.length} are followed`, ''));
  return { models: kept, bad };
}

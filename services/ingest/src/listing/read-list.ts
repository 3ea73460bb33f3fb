import { cleanText, isObject, readEach, Strange, type BadItem, type Json } from '@boocontrol/llama-swap';
import type { ListedModel } from '../state/diff-models.js';

/** What could be read of a provider's list. */
export interface ReadList {
  models: ListedModel[];
  /** Entries that are not among them: too many, or not to be read. */
  leftOut: number;
  bad: BadItem[];
}

/** How the entries of a kind of provider are read. */
export interface Reading {
  /** Entries that are read; the others are no models of their own, and not missed either. */
  isWanted: (entry: Json, ids: ReadonlySet<string>) => boolean;
  /** What is particular to it; the rest is read alike. */
  read: (entry: Json) => Partial<ListedModel>;
}

/** Of so many the form is looked at. */
const ENTRIES_MAX = 10_000;
/** What fits into one message of the bus (1 MB) together with what we add to each model. */
const MODELS_MAX = 1_000;
const MODELS_MAX_BYTES = 512 * 1024;
const ID_MAX = 256;
const DESCRIPTION_MAX = 200;
const NAMES_MAX = 32;

/**
 * The models of a list: `{data: […]}` as OpenAI has it, or the bare array that some send. An id twice counts once, the first.
 * null: there is no list in it, or none of its entries can be read. Never throws.
 */
export function readList(body: unknown, { isWanted, read }: Reading): ReadList | null {
  const list = Array.isArray(body) ? (body as unknown[]) : isObject(body) ? body['data'] : null;
  if (!Array.isArray(list)) return null;
  const ids = new Set(list.slice(0, ENTRIES_MAX).flatMap((entry) => (isObject(entry) ? idOf(entry) : [])));
  const entries = list.slice(0, ENTRIES_MAX).filter((entry) => !isObject(entry) || isWanted(entry, ids));
  const { items, bad } = readEach(entries, (entry) => ({ ...common(entry), ...read(entry) }));
  if (items.length === 0 && bad.length > 0) return null;
  const kept = new Map<string, ListedModel>();
  let [bytes, tooMany] = [0, Math.max(0, list.length - ENTRIES_MAX)];
  for (const model of items) {
    if (kept.has(model.id)) continue;
    const size = Buffer.byteLength(JSON.stringify(model));
    if (kept.size >= MODELS_MAX || bytes + size > MODELS_MAX_BYTES) tooMany++;
    else {
      bytes += size;
      kept.set(model.id, model);
    }
  }
  return { models: [...kept.values()], leftOut: tooMany + bad.length, bad };
}

/** As it is in the list; requests have to name it so. */
function idOf({ id }: Json): string[] {
  return typeof id === 'string' ? [id] : [];
}

function common(entry: Json): ListedModel {
  const [id] = idOf(entry);
  if (id === undefined || id === '') throw new Strange('id is missing or no text');
  if (id.length > ID_MAX || /\p{Cc}|\p{Cs}/u.test(id))
    throw new Strange('id is too long, or holds control characters');
  return {
    id,
    name: textOf(entry, ['name', 'display_name'], ID_MAX) ?? id,
    description: textOf(entry, ['description'], DESCRIPTION_MAX) ?? '',
    state: 'unknown',
    unlisted: false,
    peerId: null,
    aliases: [],
    capabilities: [],
    contextLength: contextOf(entry),
    ttlS: null,
  };
}

/** The first of these that holds text, on one line; null: none does. */
function textOf(entry: Json, keys: readonly string[], max: number): string | null {
  for (const key of keys) {
    const value = entry[key];
    if (typeof value !== 'string') continue;
    const text = cleanText(
      value
        .slice(0, 4 * max)
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim(),
      max,
    );
    if (text !== '') return text;
  }
  return null;
}

/**
 * Where services tell how many tokens a model's context holds: OpenRouter, Together and BooControl; vLLM and SGLang; Groq;
 * Mistral; Anthropic; llama.cpp's own server.
 */
const CONTEXT = [
  'context_length',
  'max_model_len',
  'context_window',
  'max_context_length',
  'max_input_tokens',
] as const;
const CONTEXT_OF_META = ['n_ctx', 'n_ctx_train'] as const;

function contextOf(entry: Json): number | null {
  const { meta } = entry;
  const told = [
    ...CONTEXT.map((key) => entry[key]),
    ...(isObject(meta) ? CONTEXT_OF_META.map((key) => meta[key]) : []),
  ];
  const length = told.find((value) => typeof value === 'number' && value >= 1 && value <= 1e9);
  return typeof length === 'number' ? Math.trunc(length) : null;
}

/** A list of words, or an object of word to whether it is so (Mistral has `{vision: true}`). Anything else is none. */
export function wordsOf(value: unknown): string[] {
  const words = Array.isArray(value)
    ? value.filter((word) => typeof word === 'string')
    : isObject(value)
      ? Object.keys(value).filter((word) => value[word] === true)
      : [];
  return words.slice(0, NAMES_MAX).map((word) => cleanText(word, 64));
}

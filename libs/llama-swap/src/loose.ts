/** Reading answers whose fields come and go between builds: absent is fine, a strange type is not. */

export interface BadItem {
  reason: string;
  /** The item as JSON text, at most 64 kB of it. */
  raw: string;
}

export type Json = Record<string, unknown>;

const RAW_MAX = 64 * 1024;

/** Names of headers and fields that may hold a secret. The host redacts five; we drop those and all that look alike. */
export function isSensitive(name: string): boolean {
  return /^(proxy-)?authorization$|cookie|api[-_]?key|token|secret|password|credential/i.test(name);
}

/** Never throws; without secrets where the item is more than text. */
export function badItem(reason: string, item: unknown): BadItem {
  return { reason, raw: cleanText(typeof item === 'string' ? item : jsonOf(item), RAW_MAX) };
}

function jsonOf(item: unknown): string {
  const withoutSecrets = (key: string, value: unknown): unknown =>
    typeof value === 'string' && isSensitive(key) ? '***' : value;
  try {
    return JSON.stringify(item, withoutSecrets) ?? String(item);
  } catch {
    // JSON.parse takes any depth, JSON.stringify does not.
    return '(nested too deeply to be written)';
  }
}

/** Whether a parsed answer may be passed on: what is nested deeper cannot be written as JSON again. */
export function isShallow(value: unknown, depth = 16): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without NUL and lone surrogates, which PostgreSQL's jsonb refuses; at most `max` UTF-16 units. */
export function cleanText(text: string, max: number): string {
  return text
    .slice(0, max)
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Thrown inside normalisers only; its message is the reason of a BadItem. Without a stack: a host may send 100,000 bad rows. */
export class Strange extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** So many bad items of a list are shown; of the others only the reason is kept. */
const SHOWN_MAX = 100;

export function textOf(item: Json, key: string, max = 1024): string {
  const value = item[key];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Strange(`${key} is not text`);
  return cleanText(value, max);
}

export function numberOf(item: Json, key: string): number | null {
  const value = item[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Strange(`${key} is not a number`);
  // No true reading is larger, and sums over many larger ones overflow.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Strange(`${key} is out of range`);
  return value;
}

/** The items that `read` accepts, and the others with their reason. Never throws. */
export function readEach<T>(
  items: readonly unknown[],
  read: (item: Json) => T,
): { items: T[]; bad: BadItem[] } {
  const good: T[] = [];
  const bad: BadItem[] = [];
  for (const item of items) {
    try {
      if (!isObject(item)) throw new Strange('not an object');
      good.push(read(item));
    } catch (error) {
      const reason = error instanceof Strange ? error.message : String(error);
      bad.push(bad.length < SHOWN_MAX ? badItem(reason, item) : { reason, raw: '' });
    }
  }
  return { items: good, bad };
}

import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { SegmentKindSchema } from '@boocontrol/contracts';
import { TEXT, type Part } from './parts.js';
import { withoutTimes } from './times.js';

/** A part of a prompt: what it is and a hash of it; the text cannot be had from it. */
export interface Segment {
  kind: z.infer<typeof SegmentKindSchema>;
  role: string | null;
  bytes: number;
  /** The first 64 bits of its SHA-256. */
  key: bigint;
  /**
   * The same of what would also be the same: of tools, whatever their order; of a system prompt, whatever the dates and times
   * in it. Of a message, its key.
   */
  looseKey: bigint;
}

/** A whole prompt, in the order in which templates write it: tools, system, messages; or a text, in pieces of one length. */
export interface Print {
  /** Of a text without its end, which is shorter than a piece. */
  segments: readonly Segment[];
  /** SHA-256 over the hashes of all segments. */
  hash: string;
  bytes: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const ORDER = ['tools', 'functions', 'system', 'instructions', 'messages', 'input'];
/** Longer ones are no conversations, and are not observed. */
const MAX_SEGMENTS = 4_096;
/** Of a text, bytes: two that grow out of one another have the same pieces as far as they are the same. */
const PIECE_BYTES = 512;
/** Of Anthropic's dialect: it moves from message to message, and is no part of the prompt. */
const CACHE_MARK = 'cache_control';

const sha = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
const keyOf = (hash: Buffer): bigint => hash.readBigUInt64BE();

/**
 * Makes the print of a prompt piece by piece: each `next` reads one segment and yields how many bytes that were, so that
 * whoever drives it can let others in between. It returns null where there is nothing to observe.
 *
 * @throws {SyntaxError} when a part is no JSON; those that `readMembers` told are
 */
export function* printOf(bytes: Buffer, parts: readonly Part[]): Generator<number, Print | null> {
  const text = parts.findLast(({ path }) => path === TEXT);
  if (text !== undefined) return yield* printOfText(bytes, text);
  const segments: Segment[] = [];
  const whole = createHash('sha256');
  let length = 0;
  for (const path of ORDER) {
    // Said twice, the last one holds, as JSON.parse has it.
    const part = parts.findLast((each) => each.path === path);
    if (part === undefined) continue;
    for (const [from, to] of path === 'tools' || path === 'functions'
      ? [[part.from, part.to] as const]
      : elementsOf(bytes, part)) {
      const { segment, hash } = segmentOf(bytes, path, from, to, segments);
      if (segment === null) continue;
      if (segments.push(segment) > MAX_SEGMENTS) return null;
      whole.update(segment.kind).update(hash);
      length += segment.bytes;
      yield to - from;
    }
  }
  if (segments.every(({ kind }) => kind !== 'message')) return null;
  return { segments, hash: whole.digest('base64url'), bytes: length };
}

function* printOfText(bytes: Buffer, part: Part): Generator<number, Print | null> {
  const range = textIn(bytes, part);
  if (range === null) return null;
  const [from, to] = range;
  const count = Math.floor((to - from) / PIECE_BYTES);
  if (count === 0 || count > MAX_SEGMENTS) return null;
  const segments: Segment[] = [];
  const whole = createHash('sha256');
  for (let at = from; at < to; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, Math.min(to, at + PIECE_BYTES));
    const hash = sha(piece);
    whole.update('text').update(hash);
    const key = keyOf(hash);
    if (piece.length === PIECE_BYTES)
      segments.push({ kind: 'text', role: null, bytes: piece.length, key, looseKey: key });
    yield piece.length;
  }
  return { segments, hash: whole.digest('base64url'), bytes: to - from };
}

/** Of one prompt: the inside of its text, or of its list of tokens; null: there are several, or none. */
function textIn(bytes: Buffer, { from, to }: Part): readonly [from: number, to: number] | null {
  if (bytes[from] === QUOTE) return [from + 1, to - 1];
  if (bytes[from] !== OPEN_LIST) return null;
  const isOfTokens = ![QUOTE, OPEN_LIST, OPEN_OBJECT].some((byte) =>
    bytes.subarray(from + 1, to).includes(byte),
  );
  if (isOfTokens) return [from + 1, to - 1];
  const elements = elementsOf(bytes, { from, to });
  const { value: only } = elements.next();
  if (only === undefined || elements.next().done !== true) return null;
  return textIn(bytes, { path: TEXT, isGrowing: true, from: only[0], to: only[1] });
}

function segmentOf(
  bytes: Buffer,
  path: string,
  from: number,
  to: number,
  before: readonly Segment[],
): { segment: Segment | null; hash: Buffer } {
  const raw = contentOf(bytes.subarray(from, to));
  const hash = sha(raw);
  const key = keyOf(hash);
  const isEmpty = raw.length <= 2 || raw.equals(NULL);
  if (isEmpty && path !== 'messages' && path !== 'input') return { segment: null, hash };
  const role = path === 'messages' || path === 'input' ? roleOf(bytes, from, to) : null;
  const kind = kindOf(path, role, before);
  const looseKey =
    kind === 'tools' ? unorderedKey(raw) : kind === 'system' ? keyOf(sha(withoutTimes(raw))) : key;
  return { segment: { kind, role, bytes: raw.length, key, looseKey }, hash };
}

const NULL = Buffer.from('null');

/** What comes before the first message of anybody else is the system's. */
function kindOf(path: string, role: string | null, before: readonly Segment[]): Segment['kind'] {
  if (path === 'tools' || path === 'functions') return 'tools';
  if (path === 'system' || path === 'instructions') return 'system';
  const isSystem = role === 'system' || role === 'developer';
  return isSystem && before.every(({ kind }) => kind !== 'message') ? 'system' : 'message';
}

function contentOf(raw: Buffer): Buffer {
  if (!raw.includes(CACHE_MARK)) return raw;
  const value: unknown = JSON.parse(raw.toString(), (name, inner: unknown) =>
    name === CACHE_MARK ? undefined : inner,
  );
  return Buffer.from(JSON.stringify(value));
}

function unorderedKey(raw: Buffer): bigint {
  const keys = [...elementsOf(raw, { from: 0, to: raw.length })]
    .map(([from, to]) => keyOf(sha(raw.subarray(from, to))))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return keyOf(sha(keys.join()));
}

/** Inside a text its quotes are escaped, so this finds members only. */
function roleOf(bytes: Buffer, from: number, to: number): string | null {
  const at = bytes.indexOf('"role"', from);
  if (at === -1 || at >= to) return bytes[from] === QUOTE ? 'user' : null;
  return (
    /^"role"\s{0,8}:\s{0,8}"([a-z_]{1,32})"/.exec(bytes.toString('latin1', at, Math.min(to, at + 64)))?.[1] ??
    null
  );
}

/** Each element of a list, and what is no list as a whole. */
export function* elementsOf(
  bytes: Buffer,
  { from, to }: { from: number; to: number },
): Generator<readonly [from: number, to: number]> {
  if (bytes[from] !== OPEN_LIST) return yield [from, to];
  let [depth, begin] = [0, -1];
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      if (begin === -1) begin = at;
      at = endOfText(bytes, at);
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (++depth === 2 && begin === -1) begin = at;
    } else if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth === 1 && begin !== -1) {
        yield [begin, endBefore(bytes, at)];
        begin = -1;
      }
      if (byte !== COMMA) depth--;
    } else if (begin === -1 && depth === 1 && byte > 0x20) begin = at;
  }
}

/** Where a text's closing quote is. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

/** Without the white space before it. */
function endBefore(bytes: Buffer, at: number): number {
  let end = at;
  while ((bytes[end - 1] ?? 0x21) <= 0x20) end--;
  return end;
}

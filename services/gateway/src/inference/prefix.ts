import { createHash } from 'node:crypto';
import { TEXT, type Part } from '@boocontrol/llama-swap';

/** Begins what stands for a session that has no name; no name of a client is mistaken for it, for it would only share its place. */
export const PREFIX = 'prefix ';
/** Shorter beginnings are read anew sooner than it pays to wait for the host that has them. */
const MIN_BYTES = 1_024;
/** Of each part. */
const MAX_BYTES = 16 * 1024;

/**
 * A fingerprint of how a conversation begins: tools, system, first message of the user. It is a hash: the text cannot be had
 * from it. null: it begins with too little.
 */
export function prefixOf(bytes: Buffer, parts: readonly Part[]): string | null {
  let length = 0;
  const pieces = parts
    .filter(({ path }) => path !== TEXT)
    .map(({ isGrowing, from, to }) => {
      const limit = Math.min(to, from + MAX_BYTES);
      const end = isGrowing ? endOfFirst(bytes, from, limit) : limit;
      length += end - from;
      return bytes.subarray(from, end);
    });
  if (length < MIN_BYTES) return null;
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece).update('\0');
  return PREFIX + hash.digest('base64url');
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
/** Inside a text the quotes are escaped. */
const OF_USER = /"role"\s*:\s*"user"/;

/** Where the first message of the user ends in a list of messages; the limit where it is not found before. */
function endOfFirst(bytes: Buffer, from: number, limit: number): number {
  let [depth, begin, isText] = [0, from, false];
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPEN.has(byte)) {
      if (++depth === 2) begin = at;
    } else if (CLOSE.has(byte) && --depth === 1) {
      if (OF_USER.test(bytes.toString('latin1', begin, at + 1))) return at + 1;
    }
  }
  return limit;
}

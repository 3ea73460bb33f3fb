import { createHash } from 'node:crypto';
import type { Print } from './segments.js';

const MAX_CHARS = 256;

/**
 * The name of a session; null: nobody names one. Never throws.
 * @param header x-boo-session
 * @param user of the body
 */
export function sessionNameOf(header: unknown, user: string | null): string | null {
  const said = typeof header === 'string' && header !== '' ? header : user === '' ? null : user;
  return said?.slice(0, MAX_CHARS) ?? null;
}

/**
 * What stands for a session, the same whoever saw its request: a hash of the consumer and the name, or of the first message
 * where there is none. Never throws.
 */
export function sessionOf(source: string, name: string | null, { segments }: Print): string {
  const first = segments.find(({ kind }) => kind === 'message' || kind === 'text');
  const known = name === null ? `m ${first?.key}` : `s ${name}`;
  return createHash('sha256').update(`${source}\n${known}`).digest('base64url').slice(0, 22);
}

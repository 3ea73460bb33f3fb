import { createHash, randomBytes } from 'node:crypto';
import { API_KEY_PREFIX } from '@boocontrol/contracts';

const RANDOM_BYTES = 32;

/** A key that nobody can guess: `boo_` and 43 letters, digits, hyphens and underscores. */
export function newKey(): string {
  return API_KEY_PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');
}

/** What is kept of a key. Without salt: a key of 256 random bits is in no table of guesses. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

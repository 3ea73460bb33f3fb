import { timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { Doorkeeper, Entry, Grant } from '../inference/parts.js';
import { grantOf } from './grant.js';
import { Meter } from './meter.js';
import { hashOf } from './new-key.js';

export interface KeptKey extends ApiKey {
  /** SHA-256 of the key. */
  hash: Buffer;
}

/** Tokens that a key has used in a month, as the table has it. */
export interface Usage {
  keyId: string;
  month: string;
  tokens: number;
}

interface Held {
  key: KeptKey;
  grant: Grant;
  meter: Meter;
}

/** What programs that insist on a key may be given where none is needed. */
const NO_KEY = ['', 'none'];
/** Longer ones are looked at no further. */
const MAX_CHARACTERS = 512;
const NEEDED = 'A key is needed here: send it as "Authorization: Bearer boo_…". POST /api/keys makes one.';
const NO_SUCH = 'This is no key of this gateway, or not any more.';

const closed = (message: string): Entry => ({
  ok: false,
  code: 'key_invalid',
  status: 401,
  message,
  retryAfterS: null,
});

/** What follows "Bearer"; null: it is something else. */
function bearerOf(authorization: string): string | null {
  if (authorization.length > MAX_CHARACTERS) return null;
  const [scheme = '', ...rest] = authorization.trim().split(' ');
  return scheme === '' || scheme.toLowerCase() === 'bearer' ? rest.join(' ').trim() : null;
}

/** Who may use /v1: all keys in memory, so that no request waits for the database. */
export class KeyDoorkeeper implements Doorkeeper {
  /** By the hash in hex; null: the keys were never read. */
  private held: ReadonlyMap<string, Held> | null = null;
  private meters: ReadonlyMap<string, Meter> = new Map();

  /**
   * @param isNeeded whether nobody is let in without a key
   * @param isFrontier whether a provider needs the permission for frontier providers
   */
  constructor(
    private readonly isNeeded: boolean,
    private readonly isFrontier: (providerId: string) => boolean,
  ) {}

  /** The keys as they are now; what those that stay have used counts on. */
  load(keys: readonly KeptKey[], month: string, nowMs: number): void {
    const held = new Map<string, Held>();
    const meters = new Map<string, Meter>();
    for (const key of keys) {
      const meter = this.meters.get(key.id) ?? new Meter(key, nowMs);
      meter.setLimits(key, nowMs);
      meter.raise(month, key.tokensThisMonth);
      meters.set(key.id, meter);
      held.set(key.hash.toString('hex'), { key, meter, grant: grantOf(key, this.isFrontier) });
    }
    this.held = held;
    this.meters = meters;
  }

  noteUsage(usages: readonly Usage[]): void {
    for (const { keyId, month, tokens } of usages) this.meters.get(keyId)?.raise(month, tokens);
  }

  admit(authorization: string | undefined, nowMs: number): Entry {
    const key = authorization === undefined ? '' : bearerOf(authorization);
    if (key !== null && NO_KEY.includes(key))
      return this.isNeeded ? closed(NEEDED) : { ok: true, grant: null };
    if (this.held === null)
      return {
        ok: false,
        code: 'internal',
        status: 503,
        message: 'Keys cannot be checked yet: the database that has them was not there since the start.',
        retryAfterS: 5,
      };
    const found = key === null ? null : this.find(this.held, key);
    if (found === null) return closed(this.isNeeded ? NO_SUCH : `${NO_SUCH} None is needed on this machine.`);
    return enter(found, nowMs);
  }

  /** null: there is no key with this id. */
  grantOf(keyId: string): Grant | null {
    for (const { key, grant } of this.held?.values() ?? []) if (key.id === keyId) return grant;
    return null;
  }

  spent({ keyId }: Grant, tokens: number, nowMs: number): void {
    this.meters.get(keyId)?.spend(tokens, nowMs);
  }

  /** The time it takes tells of the hash, which nobody can steer, and of nothing that the key has in common with another. */
  private find(held: ReadonlyMap<string, Held>, key: string): Held | null {
    const hash = hashOf(key);
    const found = held.get(hash.toString('hex'));
    return found !== undefined && timingSafeEqual(found.key.hash, hash) ? found : null;
  }
}

function enter({ key, grant, meter }: Held, nowMs: number): Entry {
  if (key.disabledAt !== null) return closed('This key is disabled.');
  if (key.expiresAt !== null && instantToMs(key.expiresAt) <= nowMs)
    return closed(`This key has expired at ${key.expiresAt}.`);
  const exhausted = meter.begin(nowMs);
  if (exhausted !== null) {
    const { why, retryAfterS } = exhausted;
    return { ok: false, code: 'rate_limited', status: 429, message: `This key ${why}.`, retryAfterS };
  }
  let isOver = false;
  const release = (): void => {
    if (!isOver) meter.end();
    isOver = true;
  };
  return { ok: true, grant, release };
}

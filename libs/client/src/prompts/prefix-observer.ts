import { createHash } from 'node:crypto';

/** What a prompt's beginning is made of, by name: a file's time of change, the hash of a text. */
export type PrefixInputs = Readonly<Record<string, string | number>>;

/** As pino and its like: the fields first, then a sentence. */
export interface PrefixLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface PrefixFingerprint {
  /** SHA-256 of the text, hexadecimal. */
  hash: string;
  /** Bytes of the text in UTF-8. */
  length: number;
  /** Names of inputs whose value is not what it was; null: the text is as it was, or the session is new. */
  changedInputs: readonly string[] | null;
}

interface Known {
  hash: string;
  length: number;
  inputs: ReadonlyMap<string, string>;
}

/**
 * Watches whether the beginning of a session's prompts stays as it is, byte for byte: only then a host has it in its cache.
 * Each call is logged as `prefix-fingerprint`, a change as `prefix-drift`. Of the text nothing is kept but its hash and length.
 */
export class PrefixObserver {
  /** The session that was there last is the last. */
  private readonly sessions = new Map<string, Known>();

  /** @param maxSessions that are remembered; those that were there longest ago are forgotten */
  constructor(
    private readonly log: PrefixLog,
    private readonly maxSessions = 1_000,
  ) {}

  /** Sessions that are remembered. */
  get size(): number {
    return this.sessions.size;
  }

  /**
   * To be called before each request.
   * @param text what comes before the first message that changes: tools, system prompt, rules
   * @param inputs what it is made of, to name what changed
   */
  observe(sessionId: string, text: string, inputs: PrefixInputs = {}): PrefixFingerprint {
    const hash = createHash('sha256').update(text).digest('hex');
    const length = Buffer.byteLength(text);
    const now = new Map(Object.entries(inputs).map(([name, value]) => [name, String(value)]));
    const before = this.sessions.get(sessionId);
    this.remember(sessionId, { hash, length, inputs: now });
    const session = sessionId;
    this.log.info(
      { event: 'prefix-fingerprint', session, hash, length, inputs: Object.fromEntries(now) },
      'prefix-fingerprint',
    );
    if (before === undefined || before.hash === hash) return { hash, length, changedInputs: null };
    const changedInputs = differing(before.inputs, now);
    this.log.warn(
      {
        event: 'prefix-drift',
        session,
        previous_hash: before.hash,
        hash,
        previous_length: before.length,
        length,
        changed_inputs: changedInputs,
      },
      'prefix-drift',
    );
    return { hash, length, changedInputs };
  }

  /** Forgets all sessions. */
  reset(): void {
    this.sessions.clear();
  }

  private remember(sessionId: string, known: Known): void {
    this.sessions.delete(sessionId);
    this.sessions.set(sessionId, known);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > this.maxSessions && oldest !== undefined) this.sessions.delete(oldest);
  }
}

function differing(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter((name) => before.get(name) !== now.get(name));
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;
const VALUE = /^[\x21-\x3a\x3c-\x7e]{1,128}$/;
const MAX_INPUTS = 32;

/**
 * The value of the header `x-boo-prefix-inputs`, by which the gateway names what changed when a prompt drifts.
 *
 * @throws {RangeError} when there are more than 32 inputs, or one has a name or a value that the header cannot hold: names are 1
 *   to 64 of letters, digits, ".", "_", "/" and "-", a letter or digit first; values 1 to 128 visible ASCII characters but ";"
 */
export function prefixInputsHeader(inputs: PrefixInputs): string {
  const pairs = Object.entries(inputs).map(([name, value]) => [name, String(value)] as const);
  if (pairs.length > MAX_INPUTS)
    throw new RangeError(`${pairs.length} inputs are more than the ${MAX_INPUTS} that are looked at`);
  for (const [name, value] of pairs)
    if (!NAME.test(name) || !VALUE.test(value))
      throw new RangeError(`"${name}=${value}" cannot be said in x-boo-prefix-inputs`);
  return pairs.map(([name, value]) => `${name}=${value}`).join(';');
}

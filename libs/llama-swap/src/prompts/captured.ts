import { setImmediate } from 'node:timers/promises';
import type { CapturedPrompt } from '@boocontrol/contracts';
import { headerOf, sourceOf } from '../source.js';
import { prefixInputsOf } from './inputs.js';
import { promptParts, readPrompt, readsPrompt } from './parts.js';
import { printOf, type Print } from './segments.js';
import { sessionNameOf, sessionOf } from './session.js';

/** Longer bodies (pictures, mostly) are not observed. */
export const PROMPT_MAX_BYTES = 8 * 1024 * 1024;
/** Read at once; then others have their turn. A millisecond or so. */
const SLICE_BYTES = 256 * 1024;

export interface CapturedRequest {
  reqPath: string;
  reqHeaders: Readonly<Record<string, string>>;
  /** The whole body. */
  body: Buffer;
}

/** How the prompt of a request begins that a host kept a copy of; null: there is nothing to observe. Never rejects. */
export async function promptOfCapture({
  reqPath,
  reqHeaders,
  body,
}: CapturedRequest): Promise<Omit<CapturedPrompt, 'providerId' | 'at' | 'entryId' | 'ts'> | null> {
  if (body.length > PROMPT_MAX_BYTES) return null;
  const path = reqPath.replace(/\?.*$/, '');
  if (!readsPrompt(path)) return null;
  const read = readPrompt(body);
  const print = read === null ? null : await inSlices(printOf(body, promptParts(path, read.parts)));
  if (read === null || print === null) return null;
  const source = sourceOf({ headers: reqHeaders });
  const name = sessionNameOf(headerOf(reqHeaders, 'x-boo-session'), read.user);
  return {
    source,
    session: sessionOf(source, name, print),
    isNamed: name !== null,
    inputs: Object.fromEntries(prefixInputsOf(headerOf(reqHeaders, 'x-boo-prefix-inputs'))),
    hash: print.hash,
    bytes: print.bytes,
    segments: print.segments.map(({ kind, role, bytes, key, looseKey }) => ({
      kind,
      role,
      bytes,
      key: written(key),
      looseKey: looseKey === key ? null : written(looseKey),
    })),
  };
}

/** The print of a message. Never throws: its keys are 16 hexadecimal digits. */
export function printOfMessage({ hash, bytes, segments }: CapturedPrompt): Print {
  return {
    hash,
    bytes,
    segments: segments.map(({ key, looseKey, ...rest }) => ({
      ...rest,
      key: BigInt(`0x${key}`),
      looseKey: BigInt(`0x${looseKey ?? key}`),
    })),
  };
}

const written = (key: bigint): string => key.toString(16).padStart(16, '0');

async function inSlices(pieces: Generator<number, Print | null>): Promise<Print | null> {
  for (let bytes = 0; ;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
    bytes += piece.value;
    if (bytes < SLICE_BYTES) continue;
    bytes = 0;
    await setImmediate();
  }
}

import type { BodyReading } from './ask-body.js';
import { nameOf } from './rewrite.js';

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_VALUE_BYTES = 4 * 1024;

/** The boundary of a multipart content type; null: it has none that is valid (RFC 2046, 5.1.1). */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? bare ?? null;
}

/** Reads a `multipart/form-data` body: the part called `model`, and whether a stream is asked for. */
export function readMultipartBody(bytes: Buffer, boundary: string): BodyReading {
  const delimiter = Buffer.from(`--${boundary}`);
  const models: [number, number][] = [];
  let isStream = false;
  let at = bytes.indexOf(delimiter);
  if (at !== 0 && bytes.toString('latin1', at - 2, at) !== '\r\n')
    return { ok: false, message: 'The body is not the multipart form that its content type announces.' };
  const next = Buffer.from(`\r\n--${boundary}`);
  while (bytes.toString('latin1', at + delimiter.length, at + delimiter.length + 2) !== '--') {
    const headAt = at + delimiter.length;
    const headEnd = bytes.indexOf(HEAD_END, headAt);
    const from = headEnd + HEAD_END.length;
    const to = headEnd < 0 ? -1 : bytes.indexOf(next, headEnd + 2);
    if (to < 0 || headEnd - headAt > MAX_HEAD_BYTES)
      return { ok: false, message: 'The multipart form is cut off: a part of it does not end.' };
    const name = partName(bytes.toString('utf8', headAt, headEnd));
    const isShort = to >= from && to - from <= MAX_VALUE_BYTES;
    if (name === 'model' && isShort) models.push([from, to]);
    if (name === 'stream' && isShort) isStream = bytes.toString('latin1', from, to) === 'true';
    at = to + 2;
  }
  const last = models.at(-1);
  return nameOf(last === undefined ? null : bytes.toString('utf8', ...last), (model) => ({
    model,
    models,
    // A name with a line break could begin a part of its own.
    spell: (other) => Buffer.from(other.replace(/[\r\n]/g, '')),
    isStream,
    hasStreamOptions: false,
    maxTokens: null,
    hasTools: false,
    hasImages: false,
    user: null,
    opening: [],
  }));
}

function partName(head: string): string | null {
  const line = head.split('\r\n').find((one) => /^content-disposition\s*:/i.test(one));
  const [, quoted, bare] = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(line ?? '') ?? [];
  return quoted ?? bare ?? null;
}

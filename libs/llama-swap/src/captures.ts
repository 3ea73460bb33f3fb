import { isUtf8 } from 'node:buffer';
import { CAPTURE_MAX_BYTES, type Capture, type CapturedBody } from '@boocontrol/contracts';
import { stringMap } from './inflight.js';
import { cleanText, isObject, isSensitive } from './loose.js';
import { beginning } from './logs.js';

export type CaptureContent = Pick<Capture, 'reqPath' | 'reqHeaders' | 'reqBody' | 'respHeaders' | 'respBody'>;

const HEADERS_MAX_BYTES = 24 * 1024;

/** Without headers that may hold secrets, and bounded. */
function safeHeaders(value: unknown): Record<string, string> {
  let room = HEADERS_MAX_BYTES;
  const kept = Object.entries(stringMap(value)).filter(([name, text]) => {
    if (isSensitive(name)) return false;
    room -= Buffer.byteLength(JSON.stringify([name, text]));
    return room >= 0;
  });
  return Object.fromEntries(kept);
}

/** Text where it is valid UTF-8 without NUL (which jsonb refuses), else base64. No more is decoded than can be kept. */
function bodyOf(value: unknown): CapturedBody | null {
  if (typeof value !== 'string' || value === '') return null;
  const bytes = Buffer.from(value, 'base64');
  if (isUtf8(bytes) && !bytes.includes(0)) {
    const data = beginning(bytes.toString('utf8', 0, CAPTURE_MAX_BYTES + 4), CAPTURE_MAX_BYTES);
    const isWhole = bytes.length <= CAPTURE_MAX_BYTES;
    // Four bytes more than are kept: the cut of the decoder is never in what is kept.
    return { encoding: 'utf8', data, bytes: bytes.length, cut: !isWhole };
  }
  const kept = bytes.subarray(0, CAPTURE_MAX_BYTES);
  return {
    encoding: 'base64',
    data: kept.toString('base64'),
    bytes: bytes.length,
    cut: kept.length < bytes.length,
  };
}

/** Answer of `GET /api/captures/{id}`; null when it is not that. Never throws. */
export function readCapture(answer: unknown): CaptureContent | null {
  if (!isObject(answer) || typeof answer['id'] !== 'number') return null;
  return {
    reqPath: typeof answer['req_path'] === 'string' ? cleanText(answer['req_path'], 1024) : '',
    reqHeaders: safeHeaders(answer['req_headers']),
    reqBody: bodyOf(answer['req_body']),
    respHeaders: safeHeaders(answer['resp_headers']),
    respBody: bodyOf(answer['resp_body']),
  };
}

/**
 * The whole body of the request in the answer of `GET /api/captures/{id}`; null: there is none, or it is longer than `maxBytes`.
 * Never throws.
 */
export function wholeRequestBody(answer: unknown, maxBytes: number): Buffer | null {
  const body = isObject(answer) ? answer['req_body'] : undefined;
  if (typeof body !== 'string' || body === '' || body.length > (maxBytes / 3) * 4 + 4) return null;
  return Buffer.from(body, 'base64');
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

function cutBody(body: CapturedBody, maxJsonBytes: number): CapturedBody {
  if (jsonBytes(body.data) <= maxJsonBytes) return body;
  const unit = body.encoding === 'base64' ? 4 : 1;
  let low = 0;
  let high = Math.floor(Math.min(body.data.length, maxJsonBytes) / unit);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(body.data.slice(0, middle * unit)) <= maxJsonBytes) low = middle;
    else high = middle - 1;
  }
  const data = body.data.slice(0, low * unit);
  // Half a surrogate pair is no text.
  return { ...body, data: data.replace(/[\uD800-\uDBFF]$/, ''), cut: true };
}

/** The capture as JSON in at most `maxBytes`: bodies are cut and marked, the shorter one last. */
export function fitCapture(capture: Capture, maxBytes = CAPTURE_MAX_BYTES): Capture {
  const { reqBody, respBody } = capture;
  const room = Math.max(
    0,
    maxBytes -
      jsonBytes({
        ...capture,
        reqBody: reqBody && { ...reqBody, data: '', cut: false },
        respBody: respBody && { ...respBody, data: '', cut: false },
      }),
  );
  const reqBytes = reqBody ? jsonBytes(reqBody.data) : 0;
  const respBytes = respBody ? jsonBytes(respBody.data) : 0;
  if (reqBytes + respBytes <= room) return capture;
  const half = Math.floor(room / 2);
  const reqRoom = Math.max(half, room - respBytes);
  const respRoom = room - Math.min(reqBytes, reqRoom);
  return {
    ...capture,
    reqBody: reqBody && cutBody(reqBody, reqRoom),
    respBody: respBody && cutBody(respBody, respRoom),
  };
}

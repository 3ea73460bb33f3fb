import { CAPTURE_MAX_BYTES, CaptureSchema, type Capture } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCapture, readCapture } from './captures.js';

const b64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');
const answer = (more: object): object => ({
  id: 1,
  req_path: '/v1/chat/completions',
  req_headers: {},
  req_body: null,
  resp_headers: null,
  resp_body: null,
  ...more,
});
const FRAME = {
  providerId: 'tower',
  at: '2026-11-20T16:00:00.000000Z',
  entryId: 1,
  ts: '2026-11-20T16:00:00.000000Z',
};

function captureOf(more: object): Capture {
  const content = readCapture(answer(more));
  if (content === null) throw new Error('not a capture');
  return { ...FRAME, ...content };
}

describe('readCapture', () => {
  it('decodes text, keeps what is no text as base64, and takes nothing for null', () => {
    const capture = captureOf({ req_body: b64('{"ä":1}'), resp_body: b64(Uint8Array.of(0xff, 0xfe)) });
    expect(capture.reqBody).toEqual({ encoding: 'utf8', data: '{"ä":1}', bytes: 8, cut: false });
    expect(capture.respBody).toEqual({ encoding: 'base64', data: '//4=', bytes: 2, cut: false });
    expect(captureOf({}).reqBody).toBeNull();
    // jsonb refuses NUL.
    expect(captureOf({ req_body: b64('a\0b') }).reqBody?.encoding).toBe('base64');
  });

  it('drops every header that may hold a secret', () => {
    const names = [
      'Authorization',
      'proxy-authorization',
      'Cookie',
      'Set-Cookie',
      'X-Api-Key',
      'api_key',
      'X-Auth-Token',
      'My-Secret',
      'X-Password',
    ];
    const req_headers = Object.fromEntries(
      [...names, 'User-Agent', 'X-Boo-Source'].map((name) => [name, 'value']),
    );
    expect(Object.keys(captureOf({ req_headers }).reqHeaders)).toEqual(['User-Agent', 'X-Boo-Source']);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => void readCapture(value)));
    expect(readCapture('text')).toBeNull();
    expect(readCapture({})).toBeNull();
  });
});

describe('fitCapture', () => {
  const size = (capture: Capture): number => Buffer.byteLength(JSON.stringify(capture));

  it('leaves a small capture alone', () => {
    const capture = captureOf({ req_body: b64('hello') });
    expect(fitCapture(capture)).toBe(capture);
  });

  it('cuts the longer body and marks it, the short one stays whole', () => {
    const capture = fitCapture(captureOf({ req_body: b64('short'), resp_body: b64('x'.repeat(400_000)) }));
    expect(capture.reqBody).toMatchObject({ data: 'short', cut: false });
    expect(capture.respBody).toMatchObject({ cut: true, bytes: 400_000 });
    expect(size(capture)).toBeLessThanOrEqual(CAPTURE_MAX_BYTES);
    expect(size(capture)).toBeGreaterThan(CAPTURE_MAX_BYTES - 1_000);
  });

  it('always fits, parses, and is the beginning of what it was', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 300 })
      .chain((piece) => fc.integer({ min: 0, max: 1_500 }).map((times) => b64(piece.repeat(times))));
    const binary = fc
      .uint8Array({ maxLength: 300 })
      .chain((piece) =>
        fc
          .integer({ min: 0, max: 1_500 })
          .map((times) => b64(Buffer.concat(Array.from({ length: times }, () => piece)))),
      );
    const body = fc.oneof(text, binary, fc.constant(null));
    const headers = fc.dictionary(
      fc.string({ maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 6_000 }),
      { maxKeys: 40 },
    );
    fc.assert(
      fc.property(body, body, headers, headers, (req_body, resp_body, req_headers, resp_headers) => {
        const whole = captureOf({ req_body, resp_body, req_headers, resp_headers });
        const fitted = CaptureSchema.parse(fitCapture(whole));
        const json = JSON.stringify(fitted);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(CAPTURE_MAX_BYTES);
        expect(json).not.toMatch(/[^\\](?:\\\\)*\\u0000|[^\\](?:\\\\)*\\ud[89a-f]/i);
        for (const key of ['reqBody', 'respBody'] as const) {
          expect(whole[key]?.data.startsWith(fitted[key]?.data ?? '') ?? true).toBe(true);
          if (fitted[key] && !fitted[key].cut) expect(fitted[key]).toEqual(whole[key]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

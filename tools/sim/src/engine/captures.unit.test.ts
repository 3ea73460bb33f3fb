import { expect, test } from 'vitest';
import { Rng } from '../core/rng.js';
import { Captures, type CaptureParts } from './captures.js';
import { headerMap } from './headers.js';

function parts(over: Partial<CaptureParts> = {}): CaptureParts {
  return {
    reqPath: '/v1/chat/completions',
    reqHeaders: { 'User-Agent': 'test' },
    reqBody: Buffer.from('{"model":"m"}'),
    respHeaders: {},
    respBody: Buffer.from('héllo ✅'),
    ...over,
  };
}

/** Bytes that do not compress. */
function noise(bytes: number, seed: number): Buffer {
  const rng = new Rng(seed);
  return Buffer.from(Array.from({ length: bytes }, () => rng.int(0, 255)));
}

test('bodies come back as base64', () => {
  const captures = new Captures(1_000_000);
  expect(captures.add(3, parts())).toBe(true);
  const capture = captures.get(3);
  expect(Buffer.from(capture?.resp_body ?? '', 'base64').toString('utf8')).toBe('héllo ✅');
  expect(capture).toMatchObject({ id: 3, req_path: '/v1/chat/completions' });
  expect(captures.get(4)).toBeUndefined();
});

test('the buffer is bounded in bytes: the oldest leave first, what never fits is not taken', () => {
  const captures = new Captures(12_000);
  for (let id = 1; id <= 6; id += 1) captures.add(id, parts({ respBody: noise(2_000, id * 7_919) }));
  expect(captures.has(6)).toBe(true);
  expect(captures.has(1)).toBe(false);
  const kept = [1, 2, 3, 4, 5, 6].filter((id) => captures.has(id));
  expect(kept).toEqual([2, 3, 4, 5, 6]);
  expect(captures.add(7, parts({ respBody: noise(40_000, 1) }))).toBe(false);
  expect(captures.has(6)).toBe(true);
});

test('a buffer of 0 turns captures off', () => {
  expect(new Captures(0).add(1, parts())).toBe(false);
});

test('audio and image routes leave bodies out', () => {
  const captures = new Captures(1_000_000);
  captures.add(1, parts({ reqPath: '/v1/audio/speech' }));
  captures.add(2, parts({ reqPath: '/v1/images/edits' }));
  expect(captures.get(1)).toMatchObject({ resp_body: null });
  expect(captures.get(1)?.req_body).not.toBeNull();
  expect(captures.get(2)).toMatchObject({ req_body: null, resp_body: null });
});

test('header names are canonical, secrets blanked, the host header gone', () => {
  expect(
    headerMap({
      host: 'x',
      authorization: 'Bearer secret',
      'x-api-key': 'secret',
      cookie: 'secret',
      'x-boo-source': 'boochat',
      'set-cookie': ['a', 'b'],
    }),
  ).toEqual({
    Authorization: '[REDACTED]',
    'X-Api-Key': '[REDACTED]',
    Cookie: '[REDACTED]',
    'X-Boo-Source': 'boochat',
    'Set-Cookie': '[REDACTED]',
  });
});

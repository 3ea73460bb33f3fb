import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeJson } from './decode.js';

const Schema = z.object({ n: z.int().default(1), at: z.string().optional() });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('gives the value as the schema makes it, of text and of bytes', () => {
  expect(decodeJson('{"n":2,"more":true}', Schema)).toEqual({ ok: true, value: { n: 2 } });
  expect(decodeJson(bytes('{}'), Schema)).toEqual({ ok: true, value: { n: 1 } });
});

test.each([
  ['nothing', ''],
  ['half a value', '{"n":'],
  ['two values', '{} {}'],
])('says that %s is not JSON', (_what, text) => {
  expect(decodeJson(text, Schema)).toMatchObject({ ok: false, code: 'invalid_json' });
});

test('says that bytes are not UTF-8, instead of putting replacement characters into a value', () => {
  const broken = new Uint8Array([...bytes('{"at":"'), 0xff, ...bytes('"}')]);
  expect(decodeJson(broken, Schema)).toMatchObject({ ok: false, code: 'invalid_json' });
});

test('names every field that does not fit', () => {
  const decoded = decodeJson('{"n":"two","at":3}', Schema);
  expect(decoded).toMatchObject({ ok: false, code: 'invalid_schema' });
  expect(decoded.ok ? '' : decoded.reason).toMatch(/at n[^]*at at/);
});

test('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json(), fc.string()), (input) => {
      expect(typeof decodeJson(input, Schema).ok).toBe('boolean');
    }),
  );
});

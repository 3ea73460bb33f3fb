import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activityKey, parseActivityKey } from './key.js';
import { instantFromMs, instantToMs, toInstant } from './time.js';

test.each([
  ['2026-11-20T16:12:49.123456789Z', '2026-11-20T16:12:49.123456Z'],
  ['2026-11-20T17:12:49.9999999+01:00', '2026-11-20T16:12:49.999999Z'],
  ['2026-11-20T16:12:49Z', '2026-11-20T16:12:49.000000Z'],
  ['2026-11-20T00:30:00.5-23:59', '2026-11-21T00:29:00.500000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
  ['2026-11-20 16:12:49', null],
  ['2026-02-30T00:00:00Z', null],
  ['yesterday', null],
  ['2026-13-40T99:00:00Z', null],
])('%s', (text, expected) => expect(toInstant(text)).toBe(expected));

test('milliseconds go there and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
      expect(instantToMs(instantFromMs(ms))).toBe(ms);
    }),
  );
});

test('toInstant never throws and is stable', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.date({ noInvalidDate: true, min: new Date(0) }).map((d) => d.toISOString()),
      ),
      (text) => {
        const instant = toInstant(text);
        if (instant !== null) expect(toInstant(instant)).toBe(instant);
      },
    ),
  );
});

test('an activity key names its row and nothing else parses', () => {
  const providerId = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
  fc.assert(
    fc.property(
      providerId,
      fc.nat(),
      fc.integer({ min: 0, max: 4e12 }).map(instantFromMs),
      (id, entryId, ts) => {
        const key = activityKey({ providerId: id, entryId, ts });
        expect(key).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(parseActivityKey(key)).toEqual({ providerId: id, entryId, ts });
      },
    ),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseActivityKey(text)).toBeNull();
    }),
  );
});

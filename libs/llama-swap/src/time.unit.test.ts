import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostTime } from './time.js';

describe('hostTime', () => {
  it.each([
    ['2026-11-20T17:12:49.123456789+01:00', '2026-11-20T16:12:49.123456Z', 1_795_191_169_123_456_789n],
    ['2026-11-20T16:12:49Z', '2026-11-20T16:12:49.000000Z', 1_795_191_169_000_000_000n],
    ['2026-11-20T10:42:49.9999999-05:30', '2026-11-20T16:12:49.999999Z', 1_795_191_169_999_999_900n],
  ])('%s', (text, instant, epochNs) => {
    expect(hostTime(text)).toEqual({ text, instant, epochNs });
  });

  it.each(['', 'now', '2026-11-20', '2026-13-40T00:00:00Z', '0001-01-01T00:00:00Z', 5, null, undefined])(
    'refuses %j',
    (text) => {
      expect(hostTime(text)).toBeNull();
    },
  );

  it('cuts nanoseconds off and never rounds', () => {
    const ms = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 999_999_999 }), (at, nanos) => {
        const base = new Date(at).toISOString().slice(0, 19);
        const digits = String(nanos).padStart(9, '0');
        expect(hostTime(`${base}.${digits}Z`)?.instant).toBe(`${base}.${digits.slice(0, 6)}Z`);
      }),
    );
  });
});

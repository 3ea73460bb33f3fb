import { CallError, fitPage } from '@boocontrol/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activityCursor, modelEventCursor } from './cursor.js';
import { parseRange } from './range.js';

const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('Z', '123Z'));

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof CallError ? error.code : `not a CallError: ${String(error)}`;
  }
  return 'nothing thrown';
};

describe('cursors', () => {
  test('what goes in comes out', () => {
    fc.assert(
      fc.property(instant, fc.string(), fc.nat(), (ts, text, number) => {
        expect(activityCursor.decode(activityCursor.encode([ts, text, number]))).toEqual([ts, text, number]);
        const event: [string, number, string, string, string] = [ts, number, text, text, text];
        expect(modelEventCursor.decode(modelEventCursor.encode(event))).toEqual(event);
      }),
    );
  });

  test('anything else is refused by its code', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(codeOf(() => activityCursor.decode(text))).toBe('bad_cursor');
        const encoded = Buffer.from(JSON.stringify(text)).toString('base64url');
        expect(codeOf(() => activityCursor.decode(encoded))).toBe('bad_cursor');
      }),
    );
  });

  test('a cursor of another query, or with a day that does not exist, is refused', () => {
    const ofEvents = modelEventCursor.encode(['2026-01-01T00:00:00.000000Z', 1, 'tower', 'm', 'ready']);
    expect(codeOf(() => activityCursor.decode(ofEvents))).toBe('bad_cursor');
    const noSuchDay = activityCursor.encode(['2026-02-30T00:00:00.000000Z', 'tower', 1]);
    expect(codeOf(() => activityCursor.decode(noSuchDay))).toBe('bad_cursor');
  });
});

describe('ranges', () => {
  test('both ends in any zone, cut to microseconds', () => {
    expect(parseRange({ from: '2026-01-01T01:00:00+01:00', to: '2026-01-01T00:00:00.1234567Z' })).toEqual({
      from: '2026-01-01T00:00:00.000000Z',
      to: '2026-01-01T00:00:00.123456Z',
    });
    expect(parseRange({})).toEqual({ from: null, to: null });
  });

  test('from after to is refused, an empty range is not', () => {
    const now = '2026-01-01T00:00:00Z';
    expect(codeOf(() => parseRange({ from: '2026-01-01T00:00:00.001Z', to: now }))).toBe('bad_range');
    expect(codeOf(() => parseRange({ from: 'yesterday' }))).toBe('bad_range');
    expect(parseRange({ from: now, to: now }).from).toBe('2026-01-01T00:00:00.000000Z');
  });
});

describe('a page that fits into one message', () => {
  test('a prefix, never empty, never larger unless it is one row', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(200), (rows, maxBytes) => {
        const page = fitPage(rows, maxBytes);
        expect(page.length).toBeGreaterThan(0);
        expect(rows.slice(0, page.length)).toEqual(page);
        const bytes = (some: string[]): number =>
          some.reduce((total, row) => total + Buffer.byteLength(JSON.stringify(row)) + 1, 0);
        expect(page.length === 1 || bytes(page) <= maxBytes).toBe(true);
        expect(page.length === rows.length || bytes(rows.slice(0, page.length + 1)) > maxBytes).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, nextDue, type Timetable } from './due.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Beirut',
];
const due = (timetable: Partial<Timetable>, after: string): string =>
  new Date(
    nextDue({ at: '02:30', days: EVERY_DAY, timeZone: 'Europe/Berlin', ...timetable }, Date.parse(after)),
  ).toISOString();

describe('the next time', () => {
  test.each([
    ['later today', {}, '2026-11-20T00:00:00Z', '2026-11-20T01:30:00.000Z'],
    ['tomorrow', {}, '2026-11-20T01:30:00Z', '2026-11-21T01:30:00.000Z'],
    [
      'on the day of the week that it is there',
      { days: [6] },
      '2026-11-20T00:00:00Z',
      '2026-11-21T01:30:00.000Z',
    ],
    ['next week', { days: [5] }, '2026-11-20T01:30:00Z', '2026-11-27T01:30:00.000Z'],
    [
      'while it is tomorrow there already',
      { at: '00:10', timeZone: 'Pacific/Auckland' },
      '2026-11-20T11:00:00Z',
      '2026-11-20T11:10:00.000Z',
    ],
    ['when clocks are put forward: an hour later', {}, '2026-03-29T00:00:00Z', '2026-03-29T01:30:00.000Z'],
    ['the day after that', {}, '2026-03-29T01:30:00Z', '2026-03-30T00:30:00.000Z'],
    ['when clocks are put back: the first of two', {}, '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['not the second of two', {}, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    [
      'where midnight itself is left out',
      { at: '00:00', timeZone: 'Asia/Beirut' },
      '2026-03-28T12:00:00Z',
      '2026-03-28T22:00:00.000Z',
    ],
    [
      'where clocks are put forward by half an hour',
      { at: '02:15', timeZone: 'Australia/Lord_Howe' },
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:45:00.000Z',
    ],
  ])('%s', (_what, timetable, after, expected) => {
    expect(due(timetable, after)).toBe(expected);
  });
});

test('whenever it is, the next time is the first on one of the days that shows what was asked for', () => {
  const day = 86_400_000;
  fc.assert(
    fc.property(
      fc.record({
        minutes: fc.integer({ min: 0, max: 1_439 }),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        timeZone: fc.constantFrom(...ZONES),
        afterMs: fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }),
      }),
      ({ minutes, days, timeZone, afterMs }) => {
        const two = (n: number): string => String(n).padStart(2, '0');
        const timetable = { at: `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`, days, timeZone };
        const dueMs = nextDue(timetable, afterMs);
        expect(dueMs).toBeGreaterThan(afterMs);
        expect(dueMs - afterMs).toBeLessThanOrEqual(8 * day);
        // Whoever asks in between is told the same, and whoever asks then is told another day.
        expect(nextDue(timetable, Math.floor((afterMs + dueMs) / 2))).toBe(dueMs);
        expect(nextDue(timetable, dueMs - 1)).toBe(dueMs);
        expect(nextDue(timetable, dueMs) - dueMs).toBeGreaterThanOrEqual(22 * 3_600_000);
        const [date, time] = shown(timeZone, dueMs);
        expect(days).toContain(new Date(date).getUTCDay() || 7);
        // What clocks there do not show that day is shown up to an hour later.
        const lateMinutes = minutesOf(time) - minutes;
        expect(lateMinutes === 0 || (lateMinutes > 0 && lateMinutes <= 60)).toBe(true);
        if (lateMinutes > 0) expect(isShown(timeZone, dueMs, timetable.at)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

test('a time zone is one that there is', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', '', '../etc/passwd'].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

/** `['2026-11-20', '02:30']` as clocks there show it. */
function shown(timeZone: string, ms: number): [string, string] {
  const text = new Date(ms).toLocaleString('sv-SE', { timeZone });
  return [text.slice(0, 10), text.slice(11, 16)];
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whether clocks there show this time on the day of a moment. */
function isShown(timeZone: string, ms: number, time: string): boolean {
  const [date] = shown(timeZone, ms);
  for (let minute = -1_560; minute <= 1_560; minute++) {
    const [day, at] = shown(timeZone, ms + minute * 60_000);
    if (day === date && at === time) return true;
  }
  return false;
}

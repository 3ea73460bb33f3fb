import { describe, expect, test } from 'vitest';
import { throttledAmong, type Reading } from './throttling.js';

/** A reading every second, with the power that a function gives. */
const readings = (power: (s: number) => number | null, utilPct = 100, seconds = 30): Reading[] =>
  Array.from({ length: seconds }, (_, s) => ({ atMs: s * 1_000, gpu: 'RTX (0)', utilPct, powerW: power(s) }));
const throttled = (all: readonly Reading[]) => throttledAmong(all, 0, 30_000);

describe('power that falls at full load', () => {
  test('is told of with the GPU, and from where to where', () => {
    expect(throttled(readings((s) => 350 - 5 * s))).toEqual([
      { gpu: 'RTX (0)', atMs: 20_000, fromW: 350, toW: 250 },
    ]);
  });

  test.each([
    ['the same all the time', readings(() => 350)],
    ['a little less', readings((s) => 350 - 2 * s)],
    ['prompts and answers in turn', readings((s) => (s % 5 === 0 ? 350 : 200))],
    ['more at first, at half load', readings((s) => 350 - 8 * s, 60)],
    ['more in the middle', readings((s) => (s < 10 ? 300 : s < 20 ? 350 : 200))],
    ['not told', readings(() => null)],
    ['too short a time', readings((s) => 350 - 40 * s, 100, 8)],
  ])('is none: %s', (_, all) => {
    expect(throttled(all)).toEqual([]);
  });

  test('each GPU by itself', () => {
    const other = readings(() => 300).map((reading) => ({ ...reading, gpu: 'RTX (1)' }));
    expect(throttled([...readings((s) => 350 - 5 * s), ...other]).map(({ gpu }) => gpu)).toEqual(['RTX (0)']);
  });
});

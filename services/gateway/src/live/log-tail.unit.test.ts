import { describe, expect, it } from 'vitest';
import { lastOf, tailUpTo, type Line } from './log-tail.js';

const lines = (count: number, text = 'x'): Line[] =>
  Array.from({ length: count }, (_, index) => ({ at: '', line: text, cut: false, seq: index + 1 }));

describe('a tail', () => {
  it('is the newest 2,000 lines, none behind the given one', () => {
    const tail = tailUpTo(lines(3_000), 2_500);
    expect([tail.length, tail[0]?.seq, lastOf(tail)]).toEqual([2_000, 501, 2_500]);
  });
  it('is at most 4 MB', () => {
    const tail = tailUpTo(lines(2_000, 'x'.repeat(8_000)), 2_000);
    expect(tail.length).toBe(Math.floor((4 * 1024 * 1024) / 8_000));
    expect(lastOf(tail)).toBe(2_000);
  });
  it('may be empty', () => {
    expect(tailUpTo([], 7)).toEqual([]);
    expect(lastOf([])).toBe(0);
  });
});

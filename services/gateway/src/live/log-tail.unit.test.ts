import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handover, type Line } from './log-tail.js';

const line = (seq: number, text = 'x'): Line => ({ at: '', line: text, cut: false, seq });
const lines = (count: number, text?: string): Line[] =>
  Array.from({ length: count }, (_, index) => line(index + 1, text));
const seqs = (some: readonly Line[]): number[] => some.map(({ seq }) => seq);

describe('what a newcomer to a log is sent', () => {
  it('and what comes after it are every line, once and in order, however reading and arriving interleave', () => {
    const moments = fc
      .tuple(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60))
      .map((drawn) => [...drawn].sort((a, b) => a - b));
    fc.assert(
      fc.property(moments, fc.boolean(), ([joined = 0, a = 0, b = 0, total = 0], readsAhead) => {
        // The reader and the follower each have got so far when the newcomer goes live.
        const [read, arrived] = readsAhead ? [b, a] : [a, b];
        const all = lines(total);
        const { tail, missed } = handover(all.slice(0, read), all.slice(joined, arrived), arrived);
        expect(seqs([...tail, ...missed, ...all.slice(arrived)])).toEqual(seqs(all));
      }),
    );
  });

  it('begins with the newest 2,000 lines', () => {
    const { tail } = handover(lines(3_000), [], 2_500);
    expect([tail.length, tail[0]?.seq, tail.at(-1)?.seq]).toEqual([2_000, 501, 2_500]);
  });

  it('is at most 4 MB', () => {
    const { tail } = handover(lines(2_000, 'x'.repeat(8_000)), [], 2_000);
    expect(tail.length).toBe(Math.floor((4 * 1024 * 1024) / 8_000));
    expect(tail.at(-1)?.seq).toBe(2_000);
  });

  it('may be nothing', () => {
    expect(handover([], [], 7)).toEqual({ tail: [], missed: [] });
  });
});

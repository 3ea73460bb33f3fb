import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginning, LineAssembler, LOG_LINE_MAX_BYTES, newLogLines } from './logs.js';

const lineOf = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '.'));

describe('LineAssembler', () => {
  it('puts lines together wherever the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(lineOf),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 30 }),
        (lines, end, cuts) => {
          const text = lines.map((line) => line + end).join('');
          const places = [
            0,
            ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b),
            text.length,
          ];
          const assembler = new LineAssembler();
          const got = places.slice(1).flatMap((place, i) => assembler.push(text.slice(places[i], place)));
          // A surrogate pair cut in two is put together again before it is looked at.
          expect(got.map(({ line }) => line)).toEqual(lines.map((line) => line.replaceAll('\0', '')));
          expect(got.every(({ cut }) => !cut)).toBe(true);
        },
      ),
    );
  });

  it('cuts a line at 8 kB, marks it, and keeps no more of it', () => {
    const assembler = new LineAssembler();
    for (let i = 0; i < 100; i++) expect(assembler.push('ä'.repeat(1_000))).toEqual([]);
    const [long, next] = assembler.push('end\nnext\n');
    expect(long?.cut).toBe(true);
    expect(Buffer.byteLength(long?.line ?? '')).toBeLessThanOrEqual(LOG_LINE_MAX_BYTES);
    expect(Buffer.byteLength(long?.line ?? '')).toBeGreaterThan(LOG_LINE_MAX_BYTES - 4);
    expect(next).toEqual({ line: 'next', cut: false });
  });

  it('does not mark a line of exactly 8 kB', () => {
    expect(new LineAssembler().push(`${'x'.repeat(LOG_LINE_MAX_BYTES)}\n`)).toEqual([
      { line: 'x'.repeat(LOG_LINE_MAX_BYTES), cut: false },
    ]);
  });
});

it('beginning never cuts a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 40 }), (text, max) => {
      const cut = beginning(text, max);
      expect(text.startsWith(cut)).toBe(true);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
    }),
  );
});

describe('newLogLines', () => {
  const fresh = (tail: string[], history: string[]): string[] =>
    newLogLines(
      tail,
      history.map((line) => ({ line })),
    ).map(({ line }) => line);

  it.each([
    ['nothing known: all is new', [], ['a', 'b'], ['a', 'b']],
    ['the whole history is known', ['a', 'b'], ['a', 'b'], []],
    ['what follows the known lines is new', ['a', 'b'], ['x', 'a', 'b', 'c', 'd'], ['c', 'd']],
    ['the history begins inside the known lines', ['a', 'b', 'c'], ['b', 'c', 'd'], ['d']],
    ['its first line is the end of a longer one', ['long line', 'b'], ['line', 'b', 'c'], ['c']],
    ['a host that restarted', ['a', 'b'], ['x', 'y'], ['x', 'y']],
    ['lines that repeat are not said twice', ['t', 't'], ['t', 't', 't'], []],
    ['a character that was cut in a live chunk', ['caf\uFFFD\uFFFD', 'b'], ['café', 'b', 'c'], ['c']],
    ['an empty history', ['a'], [], []],
  ])('%s', (_name, tail, history, expected) => {
    expect(fresh(tail, history)).toEqual(expected);
  });

  it('finds exactly what was written while away, for any log of different lines', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        fc.nat({ max: 60 }),
        (known, added, tailLength, forgotten) => {
          const all = Array.from({ length: known + added }, (_, i) => `line ${i}`);
          const tail = all.slice(Math.max(0, known - tailLength), known);
          const history = all.slice(Math.min(forgotten, Math.max(0, known - 1)));
          fc.pre(tail.length > 0);
          expect(fresh(tail, history)).toEqual(all.slice(known));
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineMatcher, lineKey, WAIT_MS, type Match } from './line-matcher.js';

interface Written {
  model: string;
  text: string;
  atMs: number;
  /** The model's own log leaves it out. */
  isDropped: boolean;
  /** How long it takes in either stream, ms. */
  lateMs: number;
  ownLateMs: number;
}

interface Found extends Written {
  match: Match | null;
}

/** What becomes of lines when both streams keep their order, and the log of all loses none. */
function matched(lines: readonly Written[], matcher = new LineMatcher()): Found[] {
  const written = lines.toSorted((a, b) => a.atMs - b.atMs);
  const steps: { atMs: number; rank: number; run: () => void }[] = [];
  const found: Found[] = [];
  let reachedMs = 0;
  const ownReachedMs = new Map<string, number>();
  for (const line of written) {
    const key = lineKey(line.text);
    reachedMs = Math.max(reachedMs, line.atMs + line.lateMs);
    const sinceMs = reachedMs;
    steps.push({ atMs: sinceMs, rank: 0, run: () => matcher.wait(key) });
    const settledMs = sinceMs + WAIT_MS;
    const settle = (): void => void found.push({ ...line, match: matcher.settle(key, sinceMs, settledMs) });
    steps.push({ atMs: settledMs, rank: 2, run: settle });
    if (line.isDropped) continue;
    const ownMs = Math.max(ownReachedMs.get(line.model) ?? 0, line.atMs + line.ownLateMs);
    ownReachedMs.set(line.model, ownMs);
    steps.push({ atMs: ownMs, rank: 1, run: () => matcher.heard(line.model, key, ownMs) });
  }
  for (const { run } of steps.toSorted((a, b) => a.atMs - b.atMs || a.rank - b.rank)) run();
  return found;
}

const models = fc.constantFrom('a', 'b', 'c');
const writing = (text: fc.Arbitrary<string>, lateMs: number, drops: fc.Arbitrary<boolean>) =>
  fc.array(
    fc.record({
      model: models,
      text,
      atMs: fc.integer({ min: 0, max: 3_000 }),
      isDropped: drops,
      lateMs: fc.integer({ min: 0, max: lateMs }),
      ownLateMs: fc.integer({ min: 0, max: lateMs }),
    }),
    { maxLength: 120 },
  );
const unique = (lines: readonly Written[]): Written[] =>
  lines.map((line, at) => ({ ...line, text: `${line.text} ${at}` }));
const wrong = ({ match, model }: Found): boolean => match !== null && match.model !== model;

describe('the model of a line', () => {
  it('is known of every line, where none is left out and no two say the same', () => {
    fc.assert(
      fc.property(writing(fc.string(), 90, fc.constant(false)), (lines) => {
        for (const { match, model } of matched(unique(lines))) expect(match).toEqual({ model, isSure: true });
      }),
    );
  });

  it('is never another one where no two lines say the same, however many are left out, however late', () => {
    fc.assert(
      fc.property(writing(fc.string(), 2_000, fc.boolean()), (lines) => {
        for (const line of matched(unique(lines))) {
          expect(wrong(line)).toBe(false);
          if (line.isDropped) expect(line.match).toBeNull();
        }
      }),
    );
  });

  it('is never surely another one, even when models say the same and lines are left out', () => {
    const few = fc.constantFrom('idle', 'done', 'x');
    fc.assert(
      fc.property(writing(few, 90, fc.boolean()), (lines) => {
        expect(matched(lines).filter((line) => wrong(line) && line.match?.isSure)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  const line = (model: string, text: string, atMs: number, more: Partial<Written> = {}): Written => ({
    model,
    text,
    atMs,
    isDropped: false,
    lateMs: 0,
    ownLateMs: 1,
    ...more,
  });
  const sure = (lines: readonly Written[]) => matched(lines).map(({ match }) => match?.isSure);

  it('is probable when two models say the same at once, and sure again a little later', () => {
    expect(sure([line('a', 'idle', 0), line('b', 'idle', 5), line('a', 'idle', 2_000)])).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is probable when the log of all says it more often than its own', () => {
    const dropped = line('a', 'idle', 0, { isDropped: true });
    expect(sure([dropped, line('b', 'idle', 5)])).toEqual([false, undefined]);
  });

  it('is at most probable where the streams are far apart', () => {
    expect(sure([line('a', 'x', 0, { ownLateMs: 150 })])).toEqual([false]);
    expect(sure([line('a', 'x', 0, { ownLateMs: 250 })])).toEqual([undefined]);
    expect(sure([line('a', 'x', 0, { lateMs: 150 })])).toEqual([false]);
  });

  it('is found again after what was cut in the log of all', () => {
    const matcher = new LineMatcher();
    for (let at = 0; at < 50; at++) matcher.heard('a', lineKey('idle'), at);
    expect(sure([line('a', 'one', 100)])).toEqual([true]);
    const later = matched([line('a', 'one', 100), line('a', 'idle', 400)], matcher);
    expect(later.map(({ match }) => match)).toEqual([
      { model: 'a', isSure: true },
      { model: 'a', isSure: true },
    ]);
  });

  it('a character that was cut in one of the streams makes no difference', () => {
    expect(lineKey('loaded in 3 µs')).toBe(lineKey('loaded in 3 \ufffd\ufffds'));
    expect(lineKey('loaded in 3 µs')).not.toBe(lineKey('loaded in 4 µs'));
  });

  it('a model that writes whatever it likes takes no line from another', () => {
    const matcher = new LineMatcher();
    for (let at = 0; at < 100_000; at++) matcher.heard('liar', lineKey(`flood ${at % 3_000}`), at / 1_000);
    const found = matched([line('a', 'mine', 200), line('b', 'flood 999', 210)], matcher);
    expect(found.map(({ match }) => match)).toEqual([
      { model: 'a', isSure: true },
      { model: 'liar', isSure: false },
    ]);
  });
});

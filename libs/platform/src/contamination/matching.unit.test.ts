import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { match, TOLERANCE_MS, type Expected, type Ours, type Row } from './matching.js';

const expected: Expected = { source: 'control-bench', unknown: 'unattributed' };

const ours = (endedMs: number, over: Partial<Ours> = {}): Ours => ({
  ...{ endedMs, model: 'one', path: '/chat/completions', promptTokens: 64, outputTokens: 16 },
  ...over,
});
const row = (endedMs: number, over: Partial<Row> = {}): Row => ({
  ...{ key: `row ${endedMs}`, entryId: 0, startedMs: endedMs - 100, endedMs },
  ...{ source: expected.unknown, model: 'one' },
  ...{ path: '/v1/chat/completions', promptTokens: 64, outputTokens: 16 },
  ...over,
});
const foreignOf = (rows: readonly Row[], sent: readonly Ours[]): Row[] =>
  match(rows, sent, expected).foreign.flatMap((index) => rows[index] ?? []);

describe('requests that are ours', () => {
  test('a row of the same model, path, tokens and about the same end, cut to whole seconds', () => {
    expect(match([row(9_000), row(10_000)], [ours(9_800), ours(10_300)], expected)).toEqual({
      pairs: [
        { row: 0, ours: 0 },
        { row: 1, ours: 1 },
      ],
      foreign: [],
      offset: { lowMs: -800, highMs: -300 },
    });
  });

  test.each([
    ['another model', { model: 'two' }],
    ['another path', { path: '/v1/embeddings' }],
    ['another source', { source: 'arena' }],
    ['another length of the prompt', { promptTokens: 65 }],
    ['another length of the answer', { outputTokens: 17 }],
    ['another time', { endedMs: 9_000 + TOLERANCE_MS + 1 }],
  ])('not one with %s', (_, over) => {
    expect(foreignOf([row(9_000, over)], [ours(9_000)])).toHaveLength(1);
  });

  test('of two that are alike one is, and the one that names us', () => {
    const rows = [row(9_000), row(9_100, { source: 'control-bench' })];
    expect(foreignOf(rows, [ours(9_050)])).toEqual([rows[0]]);
  });

  test('of one whole second the one that ended first', () => {
    const rows = [10, 9, 11].map((entryId) => row(9_000, { entryId }));
    expect(foreignOf(rows, [ours(9_100), ours(9_200)])).toEqual([rows[2]]);
  });

  test('one that failed has no tokens, nor has its row', () => {
    const failed = { promptTokens: null, outputTokens: null };
    expect(foreignOf([row(9_000, failed)], [ours(9_000, failed)])).toEqual([]);
    expect(foreignOf([row(9_000, { promptTokens: 0, outputTokens: 0 })], [ours(9_000, failed)])).toEqual([]);
  });

  test('one that names us and counts otherwise; another run with our name is still foreign', () => {
    const rows = [9_000, 9_010].map((at) => row(at, { source: 'control-bench', promptTokens: 60 }));
    expect(foreignOf(rows, [ours(9_000)])).toHaveLength(1);
  });
});

/** Requests of ours with what the host tells of them, and requests of others that differ in something. */
const traffic = fc
  .record({
    sent: fc.array(
      fc.record({
        endedMs: fc.integer({ min: 100_000, max: 130_000 }),
        promptTokens: fc.constantFrom(64, 128),
        outputTokens: fc.constantFrom(16, 17),
      }),
      { maxLength: 30 },
    ),
    offsetMs: fc.integer({ min: -2_000, max: 500 }),
    cutsSeconds: fc.boolean(),
    namesUs: fc.boolean(),
    others: fc.array(
      fc.record({
        endedMs: fc.integer({ min: 100_000, max: 130_000 }),
        how: fc.constantFrom('source', 'model', 'prompt', 'answer', 'path'),
      }),
      { maxLength: 10 },
    ),
  })
  .map(({ sent, offsetMs, cutsSeconds, namesUs, others }) => {
    const told = sent.map(({ endedMs, ...tokens }, index) => {
      const atMs = endedMs + offsetMs;
      const source = namesUs ? expected.source : expected.unknown;
      return row(cutsSeconds ? Math.floor(atMs / 1_000) * 1_000 : atMs, {
        key: `ours ${index}`,
        source,
        ...tokens,
      });
    });
    const differing = {
      source: { source: 'arena' },
      model: { model: 'two' },
      prompt: { promptTokens: 65 },
      answer: { outputTokens: 18 },
      path: { path: '/v1/embeddings' },
    };
    const foreign = others.map(({ endedMs, how }, index) =>
      row(endedMs, { key: `other ${index}`, ...differing[how] }),
    );
    return { sent: sent.map(({ endedMs, ...tokens }) => ours(endedMs, tokens)), told, foreign };
  });

describe('any traffic, in any order', () => {
  test('what is ours is found, what differs is foreign, and nothing is paired twice', () => {
    fc.assert(
      fc.property(traffic, fc.infiniteStream(fc.nat()), ({ sent, told, foreign }, random) => {
        const rows = shuffled([...told, ...foreign], random);
        const { pairs, foreign: found } = match(rows, shuffled(sent, random), expected);
        expect(found.map((index) => rows[index]?.key ?? '').sort()).toEqual(
          foreign.map(({ key }) => key).sort(),
        );
        expect(new Set(pairs.map((pair) => pair.row)).size).toBe(pairs.length);
        expect(new Set(pairs.map((pair) => pair.ours)).size).toBe(pairs.length);
        expect(pairs).toHaveLength(sent.length);
      }),
      { numRuns: 300 },
    );
  });

  test('one more that is alike to ours is one that is foreign', () => {
    fc.assert(
      fc.property(traffic, fc.nat(), ({ sent, told }, which) => {
        const like = told[which % Math.max(1, told.length)];
        fc.pre(like !== undefined);
        const rows = [...told, { ...like, key: 'twin' }];
        const { pairs, foreign } = match(rows, sent, expected);
        expect([pairs.length, foreign.length]).toEqual([sent.length, 1]);
      }),
    );
  });

  test('while rows of ours are still to come, none of others is taken for one of them', () => {
    fc.assert(
      fc.property(traffic, fc.nat(30), ({ sent, told, foreign }, heard) => {
        const rows = [...told.slice(0, heard), ...foreign];
        const found = match(rows, sent, expected).foreign.map((index) => rows[index]?.key ?? '');
        expect(found.sort()).toEqual(foreign.map(({ key }) => key).sort());
      }),
    );
  });
});

function shuffled<T>(list: readonly T[], random: Iterator<number>): T[] {
  return list
    .map((one) => ({ one, by: Number(random.next().value) }))
    .sort((a, b) => a.by - b.by)
    .map(({ one }) => one);
}

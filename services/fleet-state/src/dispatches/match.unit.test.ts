import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchAttempts, type Join, type OpenAttempt, type OpenRow } from './match.js';

const NOON = Date.parse('2026-11-21T12:00:00Z');

const attempt = (over: Partial<OpenAttempt> = {}): OpenAttempt => ({
  dispatchId: 'd1',
  attempt: 1,
  model: 'qwen3-8b',
  reqPath: '/v1/chat/completions',
  source: 'laptop',
  outcome: 'answered',
  status: 200,
  startMs: NOON,
  endMs: NOON + 1_000,
  promptTokens: 100,
  outputTokens: 50,
  ...over,
});
const row = (over: Partial<OpenRow> = {}): OpenRow => ({
  entryId: 1,
  ts: new Date(over.endMs ?? NOON + 1_000).toISOString(),
  model: 'qwen3-8b',
  reqPath: '/v1/chat/completions',
  source: 'unattributed',
  status: 200,
  endMs: NOON + 1_000,
  durationMs: 998,
  promptTokens: 100,
  isPromptCertain: true,
  outputTokens: 50,
  dispatchId: undefined,
  ...over,
});
const told = (joins: readonly Join[]): string[] =>
  joins
    .map((join) => `${join.attempt.dispatchId}/${join.attempt.attempt} ${join.joined} ${join.row.entryId}`)
    .sort();

describe('one attempt and one row', () => {
  test.each<[string, Partial<OpenAttempt>, Partial<OpenRow>, boolean]>([
    ['alike in everything', {}, {}, true],
    ['another model', {}, { model: 'llama-3' }, false],
    ['another path', {}, { reqPath: '/v1/completions' }, false],
    ['another number of tokens', {}, { outputTokens: 51 }, false],
    ['another prompt', {}, { promptTokens: 99 }, false],
    ['another prompt, of which the host is not sure', {}, { promptTokens: 99, isPromptCertain: false }, true],
    ['a row that is cut', { outcome: 'incomplete' }, { outputTokens: 0, promptTokens: 0 }, true],
    ['a row that is cut, though the answer was whole', {}, { outputTokens: 0, promptTokens: 0 }, true],
    ['a whole row of an answer that was cut', { outcome: 'incomplete', outputTokens: null }, {}, false],
    ['a row that knows another consumer', {}, { source: 'phone' }, false],
    ['a row of the same consumer', {}, { source: 'laptop' }, true],
    ['another status', {}, { status: 500 }, false],
    ['an error that both tell', { outcome: 'status', status: 503 }, { status: 503, outputTokens: 0 }, true],
    ['errors that differ', { outcome: 'status', status: 503 }, { status: 500 }, false],
    ['a client that left', { outcome: 'abandoned', status: 200 }, { status: 499, outputTokens: 0 }, true],
    [
      'a host that noticed late',
      { outcome: 'abandoned' },
      { endMs: NOON + 60_000, durationMs: 60_000, outputTokens: 0 },
      true,
    ],
    ['seconds that were cut', { endMs: NOON + 1_999 }, { durationMs: 1_990 }, true],
    ['another time', {}, { endMs: NOON + 9_000 }, false],
    ['headers that name no request', {}, { dispatchId: null }, false],
    ['headers that name another one', {}, { dispatchId: 'd2' }, false],
  ])('%s', (_what, overAttempt, overRow, isOne) => {
    expect(matchAttempts([attempt(overAttempt)], [row(overRow)])).toHaveLength(isOne ? 1 : 0);
  });

  test('an id beats everything else', () => {
    const far = row({ entryId: 2, endMs: NOON + 90_000, dispatchId: 'd1', outputTokens: 7, model: 'other' });
    expect(told(matchAttempts([attempt()], [row(), far]))).toEqual(['d1/1 exact 2']);
    const next = attempt({ dispatchId: 'd2', startMs: NOON + 100, endMs: NOON + 1_100 });
    expect(told(matchAttempts([attempt(), next], [row(), far]))).toEqual(['d1/1 exact 2', 'd2/1 matched 1']);
  });

  test('two attempts of one request at one host take the rows of their times', () => {
    const again = attempt({ attempt: 2, startMs: NOON + 2_000, endMs: NOON + 3_000 });
    const rows = [
      row({ entryId: 8, dispatchId: 'd1', endMs: NOON + 3_000 }),
      row({ entryId: 7, dispatchId: 'd1', status: 500 }),
    ];
    expect(told(matchAttempts([again, attempt({ outcome: 'status', status: 500 })], rows))).toEqual([
      'd1/1 exact 7',
      'd1/2 exact 8',
    ]);
  });

  test('requests at once are told apart by their tokens, their consumers and how long they took', () => {
    const attempts = [
      attempt({ dispatchId: 'a', outputTokens: 10 }),
      attempt({ dispatchId: 'b', outputTokens: 20 }),
      attempt({ dispatchId: 'c', outputTokens: null, endMs: NOON + 1_500 }),
    ];
    const rows = [
      row({ entryId: 1, outputTokens: 20 }),
      row({ entryId: 2, outputTokens: 10 }),
      row({ entryId: 3, outputTokens: 30, durationMs: 1_490 }),
    ];
    expect(told(matchAttempts(attempts, rows))).toEqual(['a/1 matched 2', 'b/1 matched 1', 'c/1 matched 3']);
  });
});

describe('many', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const time = fc.integer({ min: 0, max: 12_000 });
  const tokens = fc.constantFrom(null, 0, 10, 20);
  const outcome = fc.constantFrom('answered' as const, 'incomplete' as const, 'status' as const);
  const attempts = fc.uniqueArray(
    fc
      .record({
        dispatchId: id,
        attempt: fc.integer({ min: 1, max: 3 }),
        at: time,
        tookMs: time,
        tokens,
        outcome,
      })
      .map(({ dispatchId, attempt: place, at, tookMs, tokens: outputTokens, outcome: how }) =>
        attempt({
          dispatchId,
          attempt: place,
          startMs: NOON + at,
          endMs: NOON + at + tookMs,
          outputTokens,
          outcome: how,
        }),
      ),
    { selector: ({ dispatchId, attempt: place }) => `${dispatchId} ${place}`, maxLength: 12 },
  );
  const rows = fc.uniqueArray(
    fc
      .record({
        entryId: fc.nat(20),
        at: time,
        tookMs: time,
        tokens,
        dispatchId: fc.option(fc.constantFrom<(string | undefined)[]>('a', 'b', 'x', undefined), { freq: 4 }),
      })
      .map(({ entryId, at, tookMs, tokens: outputTokens, dispatchId }) =>
        row({ entryId, endMs: NOON + at, durationMs: tookMs, outputTokens, dispatchId }),
      ),
    { selector: ({ entryId, ts }) => `${entryId} ${ts}`, maxLength: 12 },
  );

  test('each has one at most, in whatever order they come', () => {
    fc.assert(
      fc.property(
        attempts.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        rows.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([someAttempts, otherOrder], [someRows, otherRows]) => {
          const joins = matchAttempts(someAttempts, someRows);
          expect(new Set(joins.map(({ attempt: of }) => of)).size).toBe(joins.length);
          expect(new Set(joins.map(({ row: of }) => of)).size).toBe(joins.length);
          const key = ({ attempt: a, row: r, joined }: Join): string =>
            `${a.dispatchId} ${a.attempt} ${r.entryId} ${r.ts} ${joined}`;
          expect(matchAttempts(otherOrder, otherRows).map(key).sort()).toEqual(joins.map(key).sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('rows that name a request are never anybody else’s, and rows that name none are nobody’s', () => {
    fc.assert(
      fc.property(attempts, rows, (someAttempts, someRows) => {
        for (const { attempt: of, row: found, joined } of matchAttempts(someAttempts, someRows)) {
          expect(found.dispatchId).toBe(joined === 'exact' ? of.dispatchId : undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of two that are alone with each other, nothing is left over', () => {
    fc.assert(
      fc.property(attempts, rows, (someAttempts, someRows) => {
        const joins = matchAttempts(someAttempts, someRows);
        const left = someAttempts.filter((of) => joins.every(({ attempt: taken }) => taken !== of));
        const free = someRows.filter((of) => joins.every(({ row: taken }) => taken !== of));
        expect(matchAttempts(left, free)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

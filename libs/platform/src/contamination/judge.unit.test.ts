import type { Contamination } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Heard } from './heard.js';
import { judge, type Evidence } from './judge.js';

const START = Date.parse('2026-11-21T12:00:00Z');
const expected = { source: 'control-bench', unknown: 'unattributed' };
const windows = [
  { index: 0, fromMs: START + 10_000, untilMs: START + 20_000 },
  { index: 1, fromMs: START + 25_000, untilMs: START + 35_000 },
];
/** One of ours in each cell. */
const sent = windows.map(({ untilMs }) => ({
  ...{ endedMs: untilMs, model: 'one', path: '/chat/completions', promptTokens: 64, outputTokens: 16 },
}));

const request = (
  startS: number,
  endS: number,
  over: Partial<Extract<Heard, { kind: 'request' }>['body']> = {},
) =>
  ({
    kind: 'request',
    key: `request ${startS} ${endS} ${over.source ?? ''}`,
    startedMs: START + startS * 1_000,
    endedMs: START + endS * 1_000,
    body: {
      ...{ source: 'arena', model: 'one', path: '/v1/chat/completions', promptTokens: 9, outputTokens: 7 },
      ...over,
    },
  }) satisfies Heard;
const oursTold: Heard[] = [19, 34].map((s) =>
  request(s, s + 1, { source: 'control-bench', promptTokens: 64, outputTokens: 16 }),
);
const model = (atS: number, name: string, from: string, to: string): Heard => ({
  kind: 'model',
  key: `model ${name} ${atS}`,
  startedMs: START + atS * 1_000,
  endedMs: START + atS * 1_000,
  body: { model: name, from, to },
});

const marks = (heard: readonly Heard[], over: Partial<Evidence> = {}): [number, Contamination['kind'][]][] =>
  [
    ...judge({
      windows,
      model: 'one',
      besideSinceMs: null,
      cuts: [],
      sent,
      heard: [...oursTold, ...heard],
      expected,
      ...over,
    }),
  ].map(([index, all]) => [index, all.map(({ kind }) => kind)]);

describe('requests of others', () => {
  test('mark each cell during which they ran', () => {
    expect(marks([])).toEqual([]);
    expect(marks([request(11, 12)])).toEqual([[0, ['foreign_request']]]);
    expect(marks([request(5, 30)])).toEqual([
      [0, ['foreign_request']],
      [1, ['foreign_request']],
    ]);
    expect(marks([request(21, 24)])).toEqual([]);
    expect(marks([request(1, 9)])).toEqual([]);
  });

  test('are told of in words', () => {
    const [mark] =
      judge({
        windows,
        model: 'one',
        besideSinceMs: null,
        cuts: [],
        sent,
        heard: [request(11, 12)],
        expected,
      }).get(0) ?? [];
    expect(mark).toEqual({
      kind: 'foreign_request',
      at: '2026-11-21T12:00:12.000000Z',
      what: 'arena asked one (/v1/chat/completions, 7 tokens), from 12:00:11.000 to 12:00:12.000 UTC',
    });
  });

  test('that are still under way mark it too, until their row tells the same', () => {
    const seen: Heard = {
      kind: 'inflight',
      key: 'inflight 7',
      startedMs: START + 11_000,
      endedMs: START + 15_000,
      body: { source: 'arena', model: 'one', path: '/v1/chat/completions' },
    };
    expect(marks([seen])).toEqual([[0, ['foreign_request']]]);
    expect(marks([seen, request(11, 30)])).toEqual([
      [0, ['foreign_request']],
      [1, ['foreign_request']],
    ]);
    const own = { ...seen, body: { ...seen.body, source: 'control-bench' } };
    expect(marks([own])).toEqual([]);
  });

  test('the clock of a host that is off is learnt from rows of ours', () => {
    // All of it is told two seconds early: what seems to be before the cell was in it.
    const early = oursTold.map((one) => ({
      ...one,
      endedMs: one.endedMs - 2_000,
      startedMs: one.startedMs - 2_000,
    }));
    const heard = [...early, request(8.5, 9.5)];
    expect([
      ...judge({ windows, model: 'one', besideSinceMs: null, cuts: [], sent, heard, expected }).keys(),
    ]).toEqual([0]);
  });
});

test('what the next run of ours may have sent is judged when that is known', () => {
  const besideSinceMs = START + 35_500;
  const cut = request(34.5, 35.5, { source: 'unattributed' });
  expect(marks([cut])).toEqual([[1, ['foreign_request']]]);
  expect(marks([cut], { besideSinceMs })).toEqual([]);
  expect(marks([request(34.5, 35.5)], { besideSinceMs })).toEqual([[1, ['foreign_request']]]);
  expect(marks([request(11, 12, { source: 'unattributed' })], { besideSinceMs })).toEqual([
    [0, ['foreign_request']],
  ]);
});

test('what a worker has sent that is gone is not held against the cell before it', () => {
  const cuts = [{ fromMs: START + 35_100, untilMs: START + 50_000, model: 'one', path: '/chat/completions' }];
  // Ours are told up to a second early, so this one may have begun when the cell had ended.
  const early = oursTold.map((one, index) => ({ ...one, endedMs: one.endedMs - 1_000 * index }));
  const given = (heard: Heard, known = cuts) => [
    ...judge({
      windows,
      model: 'one',
      besideSinceMs: null,
      cuts: known,
      sent,
      heard: [...early, heard],
      expected,
    }).keys(),
  ];
  const lost = request(34.6, 35.5, { source: 'unattributed' });
  expect(given(lost, [])).toEqual([1]);
  expect(given(lost)).toEqual([]);
  expect(given(request(34.6, 35.5))).toEqual([1]);
  expect(given(request(34.6, 35.5, { source: 'unattributed', model: 'two' }))).toEqual([1]);
  expect(given(request(30, 31, { source: 'unattributed' }))).toEqual([1]);
});

test('of a host that cuts whole seconds off, few rows do not tell how early another one may be', () => {
  const cuts = [{ fromMs: START + 35_100, untilMs: START + 50_000, model: 'one', path: '/chat/completions' }];
  const told = oursTold.map((one) => ({ ...one, endedMs: one.endedMs - 100 }));
  const lost = request(34.2, 35, { source: 'unattributed' });
  const given = judge({
    ...{ windows, model: 'one', besideSinceMs: null, cuts, sent, expected },
    heard: [...told, lost],
  });
  expect([...given.keys()]).toEqual([]);
});

test('rows that are early by very different times leave a lost one to its cut, too', () => {
  const cuts = [{ fromMs: START + 35_100, untilMs: START + 50_000, model: 'one', path: '/chat/completions' }];
  const ours = [20, 30, 35].map((endS) => ({
    ...{ endedMs: START + endS * 1_000, model: 'one', path: '/chat/completions' },
    ...{ promptTokens: 64, outputTokens: 16 },
  }));
  const told = [20, 30.9, 34.1].map((endS) =>
    request(endS - 1, endS, { source: 'control-bench', promptTokens: 64, outputTokens: 16 }),
  );
  const lost = request(34.4, 35, { source: 'unattributed' });
  const given = judge({
    ...{ windows, model: 'one', besideSinceMs: null, cuts, sent: ours, expected },
    heard: [...told, lost],
  });
  expect([...given.keys()]).toEqual([]);
});

describe('models', () => {
  test.each([
    ['the measured one goes', model(15, 'one', 'ready', 'stopping'), ['swap']],
    ['another is loaded', model(15, 'two', 'stopped', 'starting'), ['other_model']],
    ['another goes', model(15, 'two', 'ready', 'stopping'), ['other_model']],
    ['another leaves the list', model(15, 'two', 'stopped', 'absent'), []],
    ['the measured one is ready', model(15, 'one', 'starting', 'ready'), []],
    ['between two cells', model(22, 'two', 'stopped', 'starting'), []],
  ])('%s', (_, heard, kinds) => {
    expect(marks([heard])).toEqual(kinds.length === 0 ? [] : [[0, kinds]]);
  });
});

test('a GPU that is throttled marks the cell', () => {
  const heard = Array.from({ length: 40 }, (_, s): Heard => {
    const atMs = START + 10_000 + s * 250;
    const body = { gpu: 'RTX (0)', utilPct: 99, powerW: 350 - 5 * s };
    return { kind: 'gpu', key: `gpu ${s}`, startedMs: atMs, endedMs: atMs, body };
  });
  expect(marks(heard)).toEqual([[0, ['throttled']]]);
});

test('in whatever order, and however often it is told, it comes to the same', () => {
  const all: Heard[] = [
    ...oursTold,
    request(11, 12),
    request(5, 30),
    request(11, 12, { source: 'unattributed' }),
    model(15, 'two', 'stopped', 'starting'),
  ];
  const given = (heard: readonly Heard[]) =>
    judge({ windows, model: 'one', besideSinceMs: null, cuts: [], sent, heard, expected });
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (heard) => {
      expect(given(heard)).toEqual(given(all));
    }),
  );
});

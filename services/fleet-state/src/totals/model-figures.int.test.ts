import { calls, outcomeOf, type ModelFigures } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { HistoryFact } from '../projection/history-fact.js';
import type { Projector } from '../projection/projector.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { messages, modelChanged, noon, request } from '../testing/facts.js';
import { bytesOf, everyPage } from '../testing/pages.js';
import { testProjector } from '../testing/projector.js';
import { modelFigures } from './model-figures.repository.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

type Figures = ModelFigures['models'][number];
type Query = Omit<z.input<typeof calls.modelFigures.request>, 'providerId'>;

const ask = async (over: Query = {}): Promise<ModelFigures> =>
  calls.modelFigures.reply.parse(
    await modelFigures(database.db, calls.modelFigures.request.parse({ providerId: 'tower', ...over })),
  );
const put = (facts: HistoryFact[]): Promise<void> => projector.write(messages(facts));

/** Percentile with linear interpolation, as a textbook has it. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return sorted.length === 0 ? null : low + (high - low) * (at - Math.floor(at));
}

/** Whether half of the weights are at a value and below it, and half at it and above it; a weight is halved by each 3 days. */
function isWeightedMedian(
  told: number | null,
  facts: readonly HistoryFact[],
  model: string,
  now: string,
): boolean {
  const weighed = facts.flatMap(({ kind, body }) => {
    if (kind !== 'request' || body.providerId !== 'tower' || body.model !== model || body.genTps === null)
      return [];
    const days = (instantToMs(now) - instantToMs(body.ts)) / 86_400_000;
    return [{ value: body.genTps, weight: 0.5 ** (days / 3) }];
  });
  if (told === null) return weighed.length === 0;
  const sum = (isMeant: (value: number) => boolean): number =>
    weighed.reduce((all, { value, weight }) => all + (isMeant(value) ? weight : 0), 0);
  const half = sum(() => true) / 2 - 1e-9;
  return sum((value) => value <= told) >= half && sum((value) => value >= told) >= half;
}

/** The figures of one model of `tower` in [from, to), worked out the plain way. */
function plainFigures(facts: readonly HistoryFact[], model: string, from: string, to: string) {
  const isWithin = (ts: string): boolean => ts >= from && ts < to;
  const rows = facts.flatMap(({ kind, body }) =>
    kind === 'request' && body.providerId === 'tower' && body.model === model && isWithin(body.ts)
      ? [body]
      : [],
  );
  const changes = facts
    .flatMap(({ kind, body }) =>
      kind === 'model-changed' && body.providerId === 'tower' && body.model === model ? [body] : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const loaded = changes.filter(
    ({ at, to: state, from: before }) => isWithin(at) && state === 'ready' && before,
  );
  const took = loaded.flatMap((end) => {
    const begin = changes[changes.indexOf(end) - 1];
    const isFollowed = end.observed === 'live' && begin?.observed === 'live';
    return begin?.to === 'starting' && begin.from && isFollowed
      ? [instantToMs(end.at) - instantToMs(begin.at)]
      : [];
  });
  const speeds = rows.flatMap(({ genTps }) => (genTps === null ? [] : [genTps]));
  return {
    model,
    requests: rows.length,
    errors: rows.filter(({ statusCode }) => outcomeOf(statusCode) === 'failed').length,
    inputTokens: rows.reduce((sum, { inputTokens }) => sum + (inputTokens ?? 0), 0),
    cacheTokens: rows.reduce((sum, { cacheTokens }) => sum + (cacheTokens ?? 0), 0),
    outputTokens: rows.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0),
    genTpsP50: percentile(speeds, 0.5),
    genTpsP95: percentile(speeds, 0.95),
    loads: loaded.length,
    failedLoads: changes.filter(({ at, failed }) => isWithin(at) && failed).length,
    loadMsP50: percentile(took, 0.5),
  };
}

/** Rounded, so that the order of a sum does not matter. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each: unknown) =>
      typeof each === 'number' ? Number(each.toPrecision(9)) : each,
    ),
  );

const MODELS = ['a', 'b', 'org/c'] as const;
const someRequest = fc.record({
  providerId: fc.constantFrom('tower', 'tower', 'nas'),
  model: fc.constantFrom(...MODELS),
  statusCode: fc.constantFrom(200, 200, 404, 499, 500),
  inputTokens: fc.option(fc.nat(5_000)),
  cacheTokens: fc.option(fc.nat(5_000)),
  outputTokens: fc.option(fc.nat(5_000)),
  genTps: fc.option(fc.double({ min: 0.1, max: 500, noNaN: true })),
  offsetMs: fc.nat(100_000),
});
const state = fc.constantFrom('starting', 'ready', 'stopping', 'stopped', 'starting', 'ready');
const someChange = fc.record({
  providerId: fc.constantFrom('tower', 'tower', 'nas'),
  model: fc.constantFrom(...MODELS),
  from: fc.option(state, { freq: 5 }),
  to: state,
  observed: fc.constantFrom('live', 'live', 'live', 'after_gap'),
});

describe('figures of the models of a host', () => {
  test('equal a plain computation, for any requests and changes of state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someRequest, { maxLength: 40 }),
        fc.array(someChange, { maxLength: 40 }),
        async (requests, changes) => {
          await database.clear();
          const facts: HistoryFact[] = [
            ...requests.map(({ offsetMs, ...over }, entryId): HistoryFact => ({
              kind: 'request',
              body: request({ ...over, entryId, ts: noon(offsetMs) }),
            })),
            ...changes.map((over, n): HistoryFact => {
              const failed = over.from === 'starting' && over.to === 'stopped';
              return { kind: 'model-changed', body: modelChanged({ ...over, failed, at: noon(n * 2_750) }) };
            }),
          ];
          await put(facts);
          const [from, to] = [noon(20_000), noon(90_000)];
          const { models, nextCursor } = await ask({ from, to });
          const expected = MODELS.map((model) => plainFigures(facts, model, from, to)).filter(
            ({ requests: done, loads, failedLoads }) => done + loads + failedLoads > 0,
          );
          expect(nextCursor).toBeNull();
          expect(models.map(({ model }) => model)).toEqual(expected.map(({ model }) => model));
          const within = facts.filter(
            ({ kind, body }) => kind === 'request' && body.ts >= from && body.ts < to,
          );
          for (const { model, recentGenTps } of models)
            expect(isWeightedMedian(recentGenTps ?? null, within, model, to)).toBe(true);
          models.forEach((told, i) => expect(rounded(told)).toMatchObject(rounded(expected[i]) as object));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('what is newer counts more: the median of today outweighs many of last month', async () => {
    const days = (n: number): string => noon(-n * 86_400_000);
    const rows = [
      ...Array.from({ length: 30 }, (_, n) => ({ ts: days(30 + n), genTps: 10, promptTps: 100 })),
      ...[0, 0.1, 0.2].map((n) => ({ ts: days(n), genTps: 80, promptTps: 1_000 })),
      { ts: days(0), genTps: null, promptTps: null },
      { ts: days(0), genTps: 0, promptTps: 0 },
      // Of long ago, and still a number.
      { ts: days(1_000), genTps: 10, promptTps: 100 },
    ];
    await put(
      rows.map((over, entryId) => ({
        kind: 'request',
        body: request({ model: 'm', inputTokens: 500, ...over, entryId }),
      })),
    );
    expect((await ask({ to: noon(1) })).models).toMatchObject([
      { model: 'm', genTpsP50: 10, recentGenTps: 80, recentTtftMs: 500 },
    ]);
    expect((await ask({ to: days(20) })).models).toMatchObject([{ recentGenTps: 10, recentTtftMs: 5_000 }]);
  });

  test('a load that began before the range counts with its whole time', async () => {
    await put([
      { kind: 'model-changed', body: modelChanged({ from: 'stopped', to: 'starting', at: noon(0) }) },
      { kind: 'model-changed', body: modelChanged({ from: 'starting', to: 'ready', at: noon(8_000) }) },
    ]);
    expect((await ask({ from: noon(5_000) })).models).toMatchObject([
      { requests: 0, genTps: null, genTpsP50: null, loads: 1, failedLoads: 0, loadMsP50: 8_000 },
    ]);
  });

  test('pages hold every model once, each page one message', async () => {
    await database.source.query(
      `INSERT INTO fleet.requests (provider_id, swap_entry_id, ts, model, source, req_path, status_code, duration_ms,
         has_capture, ended_at, stated_at)
       SELECT 'tower', i, $1::timestamptz, repeat('m', 240) || i, 's', '/', 200, 1, false, now(), now()
       FROM generate_series(1, 2500) AS i`,
      [noon()],
    );
    const pages = await everyPage((cursor) => ask({ cursor }));
    expect(pages.length).toBeGreaterThan(2);
    expect(Math.max(...pages.map(bytesOf))).toBeLessThan(1_000_000);
    const told = pages.flatMap(({ models }) => models.map(({ model }: Figures) => model));
    expect([told.length, new Set(told).size]).toEqual([2_500, 2_500]);
  });

  test('refuses a cursor of another question, and a range that ends before it begins', async () => {
    await expect(ask({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_cursor' });
    await expect(ask({ from: noon(1), to: noon() })).rejects.toMatchObject({ code: 'bad_range' });
  });
});

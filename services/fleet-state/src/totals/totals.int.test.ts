import { calls, outcomeOf, type Request, type Totals } from '@boocontrol/contracts';
import { instantFromMs, toldPrompt } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { messages, noon, request } from '../testing/facts.js';
import { bytesOf, everyPage, missingIn } from '../testing/pages.js';
import { totals } from './totals.repository.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const ask = async (over: z.input<typeof calls.totals.request>): Promise<Totals> =>
  calls.totals.reply.parse(await totals(database.db, calls.totals.request.parse(over)));
const put = (requests: Request[]): Promise<void> =>
  projector.write(messages(requests.map((body) => ({ kind: 'request', body }))));

type Group = Totals['groups'][number];

/** The same figures, worked out the plain way. */
function plainTotals(
  requests: Request[],
  groupBy: ('provider' | 'model' | 'source')[],
  bucketS: number | undefined,
): Group[] {
  const groups = new Map<string, Request[]>();
  for (const row of requests) {
    const bucketMs = bucketS === undefined ? null : bucketStart(Date.parse(row.ts), bucketS * 1_000);
    const key = JSON.stringify([
      bucketMs === null ? null : instantFromMs(bucketMs),
      groupBy.includes('provider') ? row.providerId : null,
      groupBy.includes('model') ? row.model : null,
      groupBy.includes('source') ? row.source : null,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([key, rows]) => {
    const [bucket, providerId, model, source] = JSON.parse(key) as [string, string, string, string];
    return { bucket, providerId, model, source, ...figures(rows) };
  });
}

function bucketStart(ms: number, widthMs: number): number {
  const monday = Date.UTC(2000, 0, 3);
  return monday + Math.floor((ms - monday) / widthMs) * widthMs;
}

function figures(rows: Request[]): Omit<Group, 'bucket' | 'providerId' | 'model' | 'source'> {
  const sum = (of: (row: Request) => number | null): number =>
    rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  const weighted = (
    rate: (row: Request) => number | null,
    weight: (row: Request) => number | null,
  ): number | null => {
    const known = rows.filter((row) => rate(row) !== null && weight(row) !== null);
    const weights = known.reduce((total, row) => total + (weight(row) ?? 0), 0);
    return weights === 0
      ? null
      : known.reduce((total, row) => total + (rate(row) ?? 0) * (weight(row) ?? 0), 0) / weights;
  };
  return {
    requests: rows.length,
    errors: rows.filter(({ statusCode }) => outcomeOf(statusCode) === 'failed').length,
    inputTokens: sum(({ inputTokens }) => inputTokens),
    promptTokens: sum((row) => toldPrompt(row).promptTokens),
    cacheTokens: sum(({ cacheTokens }) => cacheTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    durationMs: sum(({ durationMs }) => durationMs),
    genTps: weighted(
      ({ genTps }) => genTps,
      ({ outputTokens }) => outputTokens,
    ),
    promptTps: weighted(
      ({ promptTps }) => promptTps,
      ({ inputTokens }) => inputTokens,
    ),
  };
}

/** Rounded, so that the order of a sum does not matter, and in one order. */
const comparable = (groups: Group[]): string[] =>
  groups
    .map((group) =>
      JSON.stringify(group, (_key, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(9)) : value,
      ),
    )
    .toSorted();

const tokens = fc.option(fc.nat(5_000), { freq: 3 });
const rate = fc.option(fc.double({ min: 0.1, max: 500, noNaN: true }), { freq: 3 });
const someRequest = fc.record({
  providerId: fc.constantFrom('tower', 'nas'),
  model: fc.constantFrom('a', 'b'),
  source: fc.constantFrom('x', 'y', 'unattributed'),
  statusCode: fc.constantFrom(200, 200, 404, 499, 500, 0),
  durationMs: fc.nat(90_000),
  inputTokens: tokens,
  cacheTokens: tokens,
  outputTokens: tokens,
  genTps: rate,
  promptTps: rate,
  offsetMs: fc.nat(3 * 86_400_000),
});

describe('totals', () => {
  test('equal a plain computation, for any requests, grouping and buckets', async () => {
    const dimensions = fc.subarray(['provider', 'model', 'source'] as const);
    const buckets = fc.constantFrom(undefined, 60, 3_600, 86_400, 7 * 86_400);
    await fc.assert(
      fc.asyncProperty(
        fc.array(someRequest, { maxLength: 60 }),
        dimensions,
        buckets,
        async (some, groupBy, bucketS) => {
          await database.clear();
          const rows = some.map(({ offsetMs, ...over }, entryId) =>
            request({ ...over, entryId, ts: noon(-offsetMs) }),
          );
          await put(rows);
          const answer = await ask({ groupBy, ...(bucketS === undefined ? {} : { bucketS }) });
          expect(comparable(answer.groups)).toEqual(comparable(plainTotals(rows, groupBy, bucketS)));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('filters of the feed hold here too', async () => {
    await put([
      request({ entryId: 1 }),
      request({ entryId: 2, model: 'b' }),
      request({ entryId: 3, ts: noon(-1) }),
    ]);
    const answer = await ask({ model: ['qwen3-8b'], from: noon() });
    expect(answer.groups).toMatchObject([{ requests: 1, bucket: null, providerId: null }]);
  });

  test('nothing asked for is no group', async () => {
    expect(await ask({})).toEqual({ groups: [], rest: null, nextCursor: null });
  });

  /** Each of the numbers a request of a minute of its own, of a model and consumer of its own. */
  const putMany = async (from: number, to: number): Promise<void> => {
    await database.source.query(
      `INSERT INTO fleet.requests (provider_id, swap_entry_id, ts, model, source, req_path, status_code, duration_ms,
         output_tokens, gen_tps, has_capture, ended_at, stated_at)
       SELECT 'tower', i, $1::timestamptz - i * INTERVAL '1 minute', repeat('m', 240) || i, 's' || i % 7, '/',
         CASE WHEN i % 5 = 0 THEN 500 ELSE 200 END, 1, i % 11, i % 13, false, now(), now()
       FROM generate_series($2::int, $3::int) AS i`,
      [noon(), from, to],
    );
  };
  const sumOf = (parts: readonly ({ requests: number } | null | undefined)[]): number =>
    parts.reduce((sum, part) => sum + (part?.requests ?? 0), 0);
  const groupings: Pick<z.input<typeof calls.totals.request>, 'groupBy' | 'bucketS'>[] = [
    { bucketS: 60 },
    { groupBy: ['model'] },
    { groupBy: ['source', 'model', 'provider'], bucketS: 86_400 },
  ];

  test.each(groupings)('pages of %o hold every group once, each page one message', async (grouping) => {
    await putMany(1, 6_000);
    const pages = await everyPage((cursor) => ask({ ...grouping, cursor }));
    expect(pages.length).toBeGreaterThan(2);
    expect(Math.max(...pages.map(bytesOf))).toBeLessThan(1_000_000);
    const told = pages.flatMap(({ groups }) => groups);
    const keys = told.map(({ bucket, model, source }) => `${bucket} ${model} ${source}`);
    expect(new Set(keys).size).toBe(6_000);
    expect(keys.length).toBe(6_000);
    // With what is told already, the rest of each page is everything.
    pages.forEach(({ rest }, i) =>
      expect(sumOf([...pages.slice(0, i + 1).flatMap(({ groups }) => groups), rest])).toBe(6_000),
    );
    expect(pages.at(-1)?.rest).toBeNull();
  });

  test('the rest has the figures of all that it stands for, means included', async () => {
    await putMany(1, 500);
    const [all] = (await ask({})).groups;
    const first = await ask({ groupBy: ['source'], limit: 3 });
    const others = await ask({ source: ['s3', 's4', 's5', 's6'] });
    expect(first.groups.map(({ source }) => source)).toEqual(['s0', 's1', 's2']);
    expect([{ ...first.rest, bucket: null, providerId: null, model: null, source: null }]).toEqual(
      others.groups,
    );
    for (const figure of ['requests', 'errors', 'outputTokens', 'durationMs'] as const) {
      const sum = first.groups.reduce((total, group) => total + group[figure], first.rest?.[figure] ?? 0);
      expect(sum).toBe(all?.[figure]);
    }
  });

  test.each(groupings)('pages of %o lose nothing while requests come in', async (grouping) => {
    await putMany(1, 1_000);
    const before = await everyPage((cursor) => ask({ ...grouping, cursor }));
    const pages = await everyPage(
      (cursor) => ask({ ...grouping, cursor, limit: 300 }),
      (told) => putMany(1_000 * told + 1, 1_000 * told + 20),
    );
    const keysOf = (all: Totals[]): string[] =>
      all.flatMap(({ groups }) => groups.map(({ bucket, model }) => `${bucket} ${model}`));
    expect(new Set(keysOf(pages)).size).toBe(keysOf(pages).length);
    expect(missingIn(keysOf(pages), keysOf(before))).toEqual([]);
  });

  test('a cursor of other groups is refused', async () => {
    await putMany(1, 10);
    const { nextCursor } = await ask({ groupBy: ['model'], limit: 1 });
    const cursor = nextCursor ?? '';
    expect((await ask({ groupBy: ['model'], cursor })).groups).toHaveLength(9);
    const refused = { code: 'bad_cursor' };
    await expect(ask({ groupBy: ['source'], cursor })).rejects.toMatchObject(refused);
    await expect(ask({ groupBy: ['model'], bucketS: 60, cursor })).rejects.toMatchObject(refused);
    await expect(ask({ cursor })).rejects.toMatchObject(refused);
    await expect(ask({ cursor: 'WyJ0ICJd' })).rejects.toMatchObject(refused);
    const noSuchDay = Buffer.from('["t bucket","2026-02-30T00:00:00.000000Z"]').toString('base64url');
    await expect(ask({ bucketS: 60, cursor: noSuchDay })).rejects.toMatchObject(refused);
  });

  test('from after to', async () => {
    await expect(ask({ from: noon(1), to: noon() })).rejects.toMatchObject({ code: 'bad_range' });
  });
});

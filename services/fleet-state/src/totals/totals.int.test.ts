import { calls, type Request, type Totals } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { messages, noon, NOON_MS, request } from '../testing/facts.js';
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
    errors: rows.filter(({ statusCode }) => statusCode >= 400).length,
    inputTokens: sum(({ inputTokens }) => inputTokens),
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
  statusCode: fc.constantFrom(200, 200, 404, 500, 0),
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
  }, 120_000);

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
    expect(await ask({})).toEqual({ groups: [] });
  });

  test('an answer that would not fit into a message is refused in words', async () => {
    await database.source.query(
      `INSERT INTO fleet.requests (provider_id, swap_entry_id, ts, model, source, req_path, status_code, duration_ms,
         has_capture, ended_at, stated_at)
       SELECT 'tower', i, $1::timestamptz - i * INTERVAL '1 minute', 'm', 's', '/', 200, 1, false, now(), now()
       FROM generate_series(1, 3000) AS i`,
      [noon()],
    );
    await expect(ask({ bucketS: 60 })).rejects.toMatchObject({ code: 'too_many_groups' });
    const hours = await ask({ bucketS: 3_600, to: instantFromMs(NOON_MS) });
    expect(hours.groups).toHaveLength(50);
    expect(hours.groups.map(({ requests }) => requests)).toEqual(Array.from({ length: 50 }, () => 60));
  });

  test('from after to', async () => {
    await expect(ask({ from: noon(1), to: noon() })).rejects.toMatchObject({ code: 'bad_range' });
  });
});

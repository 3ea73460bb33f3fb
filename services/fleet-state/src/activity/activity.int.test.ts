import { activityKey } from '@boocontrol/fleet-model';
import { calls, type ActivityRow, type Request } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { capture, gap, messages, noon, NOON_MS, request, requestFact } from '../testing/facts.js';
import { activityPage, activityPageSql } from './activity.repository.js';
import { ActivityController } from './activity.controller.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const query = (over: z.input<typeof calls.activity.request> = {}): z.output<typeof calls.activity.request> =>
  calls.activity.request.parse(over);
const put = (requests: Request[]): Promise<void> =>
  projector.write(messages(requests.map((body) => ({ kind: 'request', body }))));

async function walk(
  filter: z.input<typeof calls.activity.request>,
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = [];
  let cursor: string | undefined;
  for (let page = 0; ; page++) {
    const answer = calls.activity.reply.parse(await activityPage(database.db, query({ ...filter, cursor })));
    rows.push(...answer.rows);
    if (answer.nextCursor === null) return rows;
    cursor = answer.nextCursor;
    await between(page);
  }
}

describe('pages', () => {
  test('every row once, newest first, also of one instant, while rows arrive', async () => {
    const old = Array.from({ length: 300 }, (_, i) =>
      // Ten rows share each instant: the provider and the entry decide between them.
      request({ entryId: i, ts: noon(Math.floor(i / 10)), providerId: i % 2 === 0 ? 'tower' : 'nas' }),
    );
    await put(old);
    const rows = await walk({ limit: 7 }, (page) =>
      put([
        request({ entryId: 1_000 + page, ts: noon(60_000 + page) }),
        request({ entryId: 2_000 + page, ts: noon(-60_000 - page) }),
      ]),
    );
    const keys = rows.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const wanted = new Set(old.map((row) => activityKey(row)));
    expect(keys.filter((key) => wanted.has(key))).toHaveLength(300);
    const order = rows.map(
      ({ ts, providerId, entryId }) => `${ts} ${providerId} ${String(entryId).padStart(9, '0')}`,
    );
    expect(order).toEqual(order.toSorted().toReversed());
  });

  test('a row comes back as the fact said it', async () => {
    const body = request({
      draftTokens: 5,
      draftAcceptedTokens: 3,
      errorMsg: 'no',
      statusCode: 502,
      cacheTokens: null,
    });
    await put([body]);
    const { at: _at, endedAt: _endedAt, ...row } = body;
    expect(await walk({})).toEqual([
      {
        ...row,
        promptTokens: 100,
        promptCounts: 'known',
        key: activityKey(body),
        dispatchId: null,
        dispatch: null,
      },
    ]);
  });

  test('those that ran in a span are those that overlap it, page by page', async () => {
    const [fromMs, toMs] = [0, 40_000];
    const rows = Array.from({ length: 120 }, (_, i) =>
      request({ entryId: i, ts: noon(i * 1_000 - 30_000), durationMs: (i * 7_919) % 90_000 }),
    );
    await put([...rows, request({ entryId: 999, providerId: 'nas', ts: noon(20_000), durationMs: 1 })]);
    const ran = await walk({
      providerId: ['tower'],
      from: noon(fromMs),
      to: noon(toMs),
      ran: true,
      limit: 9,
    });
    const overlapping = rows.filter(({ entryId, durationMs }) => {
      const endMs = entryId * 1_000 - 30_000;
      return endMs >= fromMs && endMs - durationMs < toMs;
    });
    expect(ran.map(({ entryId }) => entryId).toSorted((a, b) => a - b)).toEqual(
      overlapping.map(({ entryId }) => entryId),
    );
    expect(ran.some(({ ts }) => ts >= noon(toMs))).toBe(true);
    const ended = await walk({ providerId: ['tower'], from: noon(fromMs), to: noon(toMs), ran: false });
    expect(ended).toHaveLength(40);
  });

  test('an exact page has no next one', async () => {
    await put([request({ entryId: 1 }), request({ entryId: 2 })]);
    expect((await activityPage(database.db, query({ limit: 2 }))).nextCursor).toBeNull();
    expect((await activityPage(database.db, query({ limit: 1 }))).nextCursor).not.toBeNull();
  });

  test('rows with long texts give shorter pages, and none is left out', async () => {
    const errorMsg = 'x'.repeat(100_000);
    await put(Array.from({ length: 20 }, (_, i) => request({ entryId: i, errorMsg })));
    const first = await activityPage(database.db, query({ limit: 20 }));
    expect(JSON.stringify(first).length).toBeLessThan(1_000_000);
    expect(await walk({ limit: 20 })).toHaveLength(20);
  });
});

describe('filters', () => {
  const ids = async (filter: z.input<typeof calls.activity.request>): Promise<number[]> =>
    (await walk(filter)).map(({ entryId }) => entryId).toSorted((a, b) => a - b);

  beforeEach(() =>
    put([
      request({ entryId: 1, providerId: 'nas', model: 'a', source: 'x', statusCode: 200, ts: noon(1_000) }),
      request({
        entryId: 2,
        model: 'a',
        source: 'y',
        statusCode: 404,
        reqPath: '/v1/embeddings',
        ts: noon(2_000),
      }),
      request({ entryId: 3, model: 'b', source: 'y', statusCode: 502, ts: noon(3_000) }),
      request({ entryId: 4, model: 'c', source: 'z', statusCode: 302, ts: noon(4_000) }),
      request({ entryId: 5, model: 'c', source: 'z', statusCode: 0, ts: noon(5_000) }),
      request({ entryId: 6, model: 'd', source: 'z', statusCode: 499, ts: noon(6_000) }),
    ]),
  );

  test.each([
    ['nothing', {}, [1, 2, 3, 4, 5, 6]],
    ['a host', { providerId: ['nas'] }, [1]],
    ['models', { model: ['a', 'b'] }, [1, 2, 3]],
    ['a consumer', { source: ['y'] }, [2, 3]],
    ['a path', { reqPath: ['/v1/embeddings'] }, [2]],
    ['a status class', { status: ['4xx' as const, '5xx' as const] }, [2, 3, 6]],
    ['no answer', { status: ['none' as const] }, [5]],
    ['what failed', { status: ['failed' as const] }, [2, 3, 5]],
    ['clients that left', { status: ['client_left' as const] }, [6]],
    ['redirects', { status: ['3xx' as const] }, [4]],
    ['from inclusive, to exclusive', { from: noon(2_000), to: noon(4_000) }, [2, 3]],
    ['another zone', { from: new Date(NOON_MS + 4_000).toISOString().replace('Z', '+00:00') }, [4, 5, 6]],
    ['several at once', { model: ['a'], source: ['y'], status: ['4xx' as const] }, [2]],
    ['none of an empty list', { model: [] }, []],
    ['what is no SQL', { model: [`a' OR true --`] }, []],
  ])('by %s', async (_what, filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
    expect(await ids({ ...filter, limit: 1 })).toEqual(expected);
  });
});

describe('the plan', () => {
  beforeEach(async () => {
    // Eight weeks, so eight or nine chunks.
    await put(
      Array.from({ length: 2_000 }, (_, i) =>
        request({ entryId: i, ts: noon(-i * 2_419_200), model: i % 100 === 0 ? 'rare' : 'common' }),
      ),
    );
    await database.source.query('ANALYZE fleet.requests');
  });

  const explain = async (over: z.input<typeof calls.activity.request>): Promise<string> => {
    const { sql, params } = activityPageSql(query(over));
    const plan = await database.rows<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${sql}`,
      params,
    );
    return plan.map((line) => line['QUERY PLAN']).join('\n');
  };
  const scans = (plan: string): string[] =>
    [...plan.matchAll(/(\w+ ?\w*) Scan .*_hyper_\d+_\d+_chunk.*/g)].map(([line]) => line);

  test('the first page reads the newest chunk by index, without a sort of everything', async () => {
    const plan = await explain({ limit: 50 });
    expect(plan).toContain('(ChunkAppend) on requests');
    expect(plan).toMatch(/Index Scan using \S*requests_feed/);
    expect(plan).not.toMatch(/^\s*(?:->\s+)?Sort\b/m);
    const executed = scans(plan).filter((line) => !line.includes('never executed'));
    expect(executed.length).toBeLessThanOrEqual(2);
  });

  test('a later page leaves out the chunks that are newer than its cursor', async () => {
    const all = scans(await explain({ limit: 50 })).length;
    let cursor: string | null = null;
    for (let i = 0; i < 10; i++) {
      cursor = (await activityPage(database.db, query({ limit: 150, cursor: cursor ?? undefined })))
        .nextCursor;
    }
    const plan = await explain({ limit: 50, cursor: cursor ?? '' });
    expect(plan).toMatch(/Index (Only )?Scan using \S*requests_feed/);
    expect(scans(plan).length).toBeLessThan(all / 2);
  });

  test('a range leaves out the chunks outside of it', async () => {
    const plan = await explain({ from: noon(-86_400_000), to: noon(), limit: 50 });
    expect(scans(plan).length).toBeLessThanOrEqual(2);
  });
});

describe('one entry', () => {
  const entry = (over: Partial<Request> = {}): ReturnType<ActivityController['entry']> => {
    const { providerId, entryId, ts } = request(over);
    return new ActivityController(database.db).entry({ providerId, entryId, ts });
  };
  const fresh = (over: Partial<Request> = {}): Request =>
    request({ hasCapture: true, ...over, at: new Date().toISOString().replace('Z', '000Z') });

  test('with its capture, NUL and all', async () => {
    await put([fresh()]);
    const body = capture({ respBody: { encoding: 'utf8', data: 'a\0b', bytes: 3, cut: false } });
    await database.source.query(
      `INSERT INTO fleet.captures (provider_id, swap_entry_id, ts, body, size_bytes) VALUES ('tower', 1, $1, $2, 1)`,
      [noon(), JSON.stringify(body)],
    );
    const found = await entry();
    expect(found).toMatchObject({ captureState: 'stored', row: { entryId: 1 } });
    expect(found.capture).toEqual(body);
  });

  test('without one, it says why', async () => {
    await put([fresh(), fresh({ entryId: 2, hasCapture: false }), request({ entryId: 3, hasCapture: true })]);
    expect((await entry()).captureState).toBe('pending');
    expect((await entry({ entryId: 2 })).captureState).toBe('none');
    expect((await entry({ entryId: 3 })).captureState).toBe('gone');
  });

  test('lost at the host, or pruned', async () => {
    await put([fresh(), fresh({ entryId: 2, ts: noon(-1_000) })]);
    await projector.write(messages([{ kind: 'gap', body: gap({ reason: 'capture_lost' }) }]));
    expect((await entry()).captureState).toBe('gone');
    expect((await entry({ entryId: 2, ts: noon(-1_000) })).captureState).toBe('pending');
    await database.source.query(`INSERT INTO fleet.watermarks VALUES ('captures_pruned', $1)`, [noon(-500)]);
    expect((await entry({ entryId: 2, ts: noon(-1_000) })).captureState).toBe('gone');
  });

  test('an entry that is not there, or never can be', async () => {
    await projector.write(messages([requestFact()]));
    await expect(entry({ entryId: 9 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(entry({ ts: '2026-02-30T00:00:00.000000Z' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

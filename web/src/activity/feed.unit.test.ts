import type { ActivityPage, ActivityRow, Request } from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { requestsOf } from '../../testing/requests';
import { changedQuery } from '../browser/query';
import { last } from '../browser/range';
import { addLive, addNewest, addOlder, emptyFeed, release, type Feed } from './feed';
import { createFeedStore, type FeedSource } from './feed-store';
import { apiQuery, isFiltered, matches, readFilter, withoutValue, withRange, withValue } from './filters';
import { figuresOf, statusOf, statusView, withGaps } from './rows';
import { joinWords, wayWords } from './way-words';
import { matchesHidden, suggestions } from './suggest';

const NOW = Date.UTC(2026, 10, 20, 12);
const REQUESTS = requestsOf(['a', 'b'], ['m1', 'm2'], 300, NOW);
const ROWS = REQUESTS.map(toActivityRow);
const page = (from: number, to: number, next: string | null = 'next'): ActivityPage => ({
  rows: ROWS.slice(from, to),
  nextCursor: next,
});

describe('the feed', () => {
  it('is the same rows in the same order, however live rows and pages come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 12 })), { maxLength: 20 }),
        (lives) => {
          let feed: Feed = addNewest(emptyFeed, page(20, 60), true);
          for (const [from, length] of lives) feed = addLive(feed, ROWS.slice(from, from + length), true);
          feed = addOlder(feed, page(60, 100, null));
          feed = addLive(feed, ROWS.slice(0, 20), true);
          const reached = Math.max(100, ...lives.map(([from, length]) => from + length));
          const keys = feed.rows.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(feed.rows.filter(({ key }) => ROWS.findIndex((row) => row.key === key) < 100)).toEqual(
            ROWS.slice(0, 100),
          );
          expect(keys.length).toBeLessThanOrEqual(reached);
        },
      ),
    );
  });
  it('takes a row once that comes twice in one batch', () => {
    expect(addLive(emptyFeed, [...ROWS.slice(0, 3), ...ROWS.slice(0, 3)], true).rows).toEqual(
      ROWS.slice(0, 3),
    );
  });
  it('holds rows back while the reader is elsewhere, counts each once, and lets them in', () => {
    let feed = addNewest(emptyFeed, page(10, 60), true);
    feed = addLive(feed, ROWS.slice(5, 12), false);
    feed = addLive(feed, ROWS.slice(5, 10), false);
    expect(feed.held).toHaveLength(5);
    expect(feed.rows).toEqual(ROWS.slice(10, 60));
    expect(release(feed)).toMatchObject({ rows: ROWS.slice(5, 60), held: [] });
  });
  it('fills a hole after a lost connection when the newest page reaches what is known', () => {
    const feed = addNewest(addNewest(emptyFeed, page(50, 100), true), page(0, 60), true);
    expect(feed.rows).toEqual(ROWS.slice(0, 100));
    expect(feed.cursor).toBe('next');
  });
  it('starts again from the newest page when it does not reach: no hole looks like silence', () => {
    const feed = addNewest(addNewest(emptyFeed, page(200, 300), true), page(0, 100, 'fresh'), true);
    expect(feed.rows).toEqual(ROWS.slice(0, 100));
    expect(feed.cursor).toBe('fresh');
  });
});

it('a fresh page holds back what is newer than the row at the top of a list that is held', () => {
  const top = { ...emptyFeed, rows: ROWS.slice(30, 60) };
  const feed = addNewest(top, page(10, 110, 'fresh'), false);
  expect(feed.rows).toEqual(ROWS.slice(30, 110));
  expect(feed.held).toEqual(ROWS.slice(10, 30));
});

describe('the feed store', () => {
  function fixture(answers: (() => Promise<ActivityPage>)[], more: Partial<FeedSource> = {}) {
    let live: (rows: ActivityRow[]) => void = () => undefined;
    let snapshot: () => void = () => undefined;
    const asked: (string | null)[] = [];
    const source: FeedSource = {
      page: (cursor) => {
        asked.push(cursor);
        return (answers.shift() ?? (() => Promise.resolve(page(0, 50))))();
      },
      onRequests: (listener) => {
        live = listener;
        return () => undefined;
      },
      onSnapshot: (listener) => {
        snapshot = listener;
        return () => undefined;
      },
      isSynced: () => true,
      hasFreshEnd: () => false,
      wants: (row) => row.model === 'm1',
      ...more,
    };
    const store = createFeedStore(source);
    const end = store.subscribe(() => undefined);
    const settled = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    return {
      store,
      asked,
      end,
      settled,
      live: (requests: Request[]) => live(requests.map(toActivityRow)),
      snapshot: () => snapshot(),
    };
  }
  it('asks for its first page once, when the live facts have begun', async () => {
    let synced = false;
    const { asked, snapshot, settled, end } = fixture([], { isSynced: () => synced });
    await settled();
    expect(asked).toEqual([]);
    synced = true;
    snapshot();
    await settled();
    expect(asked).toEqual([null]);
    end();
  });
  it('asks without live facts when they do not come, and again for what the table did not have yet', async () => {
    vi.useFakeTimers();
    try {
      const { asked, end } = fixture([], { isSynced: () => false, hasFreshEnd: () => true });
      await vi.advanceTimersByTimeAsync(2000);
      expect(asked).toEqual([null]);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked).toEqual([null, null]);
      end();
    } finally {
      vi.useRealTimers();
    }
  });
  it('lets in what it holds back without following, and starts again when that is too much', async () => {
    const { store, asked, live, settled, end } = fixture([() => Promise.resolve(page(20, 60))]);
    await settled();
    store.follow(false);
    live(REQUESTS.slice(0, 20));
    const held = store.get().held.length;
    expect(held).toBeGreaterThan(0);
    store.letIn();
    expect(store.get()).toMatchObject({ following: false, held: [] });
    expect(store.get().rows).toHaveLength(40 + held);
    const many = requestsOf(['c'], ['m1'], 6000, NOW + 9_000_000);
    live(many);
    expect(store.get().held).toHaveLength(5001);
    store.follow(true);
    await settled();
    expect(asked).toEqual([null, null]);
    expect(store.get().rows.length).toBeLessThan(200);
    end();
  });
  it('merges live rows that its filter wants with pages', async () => {
    const { store, live, settled, end } = fixture([() => Promise.resolve(page(20, 60))]);
    live(REQUESTS.slice(0, 20));
    await settled();
    const wanted = ROWS.slice(0, 20).filter(({ model }) => model === 'm1');
    expect(store.get().rows).toEqual([...wanted, ...ROWS.slice(20, 60)]);
    end();
  });
  it('asks for older pages one at a time, and again after a failure', async () => {
    const failed = new Error('no answer');
    const { store, asked, settled, end } = fixture([
      () => Promise.resolve(page(0, 50, 'c1')),
      () => Promise.reject(failed),
    ]);
    await settled();
    store.older();
    store.older();
    await settled();
    expect(store.get().error).toBe(failed);
    store.retry();
    await settled();
    expect(asked).toEqual([null, 'c1', 'c1']);
    expect(store.get().error).toBeNull();
    end();
  });
  it('asks for the newest page when facts may have been missed', async () => {
    const { asked, snapshot, settled, end } = fixture([]);
    await settled();
    snapshot();
    expect(asked).toEqual([null, null]);
    end();
  });
});

describe('filters', () => {
  const filter = readFilter(
    new URLSearchParams('host=a&host=a&host=Bad!&model=m1&status=5xx&status=9xx&span=1h&open=x'),
  );
  it('are read from the address bar, and nonsense is left out', () => {
    expect(filter).toEqual({
      text: '',
      host: ['a'],
      model: ['m1'],
      consumer: [],
      path: [],
      status: ['5xx'],
      range: last('1h'),
    });
  });
  it('become the query of the API', () => {
    expect(apiQuery(filter, NOW)).toEqual({
      providerId: ['a'],
      model: ['m1'],
      source: [],
      reqPath: [],
      status: ['5xx'],
      from: '2026-11-20T11:00:00.000Z',
    });
  });
  it('go over the last 24 hours unless another range is chosen, and only that is in the address', () => {
    const plain = readFilter(new URLSearchParams());
    expect(apiQuery(plain, NOW)['from']).toBe('2026-11-19T12:00:00.000Z');
    expect(readFilter(new URLSearchParams('range=nonsense')).range).toEqual(last('24h'));
    expect(apiQuery(readFilter(new URLSearchParams('range=all')), NOW)['from']).toBeUndefined();
    expect([changedQuery('', withRange(last('24h'))), changedQuery('', withRange(last('all')))]).toEqual([
      '',
      '?range=all',
    ]);
    expect([isFiltered(plain), isFiltered({ ...plain, range: last('all') })]).toEqual([false, true]);
  });
  it('pass the rows that the API would give', () => {
    const row: ActivityRow = { ...ROWS[0]!, providerId: 'a', model: 'm1', statusCode: 502 };
    expect(matches(row, filter, NOW)).toBe(true);
    expect(matches({ ...row, statusCode: 200 }, filter, NOW)).toBe(false);
    expect(matches(row, filter, NOW + 7_200_000)).toBe(false);
  });
  it('are added once and taken out again', () => {
    expect(withValue(filter, 'host', 'a')).toEqual({ host: ['a'] });
    expect(withValue(filter, 'host', 'b')).toEqual({ host: ['a', 'b'] });
    expect(withoutValue(filter, 'host', 'a')).toEqual({ host: [] });
  });
  it('are suggested by what is typed', () => {
    const known = {
      host: [{ value: 'tower', label: 'Tower' }],
      model: [{ value: 'tiny', label: 'tiny' }],
      consumer: [],
      path: [],
    };
    const typed = (text: string) =>
      suggestions(known, filter, text).map(({ facet, value }) => `${facet} ${value}`);
    expect(typed('t')).toContain('host tower');
    expect(typed('host tow')).toEqual(['host tower']);
    expect(typed('failed')).toEqual(['status failed']);
    expect(typed('refused')).toEqual(['status 4xx']);
  });
  it('are not suggested for what is hidden', () => {
    const known = {
      host: [
        { value: 'tower', label: 'Tower', hidden: true },
        { value: 'town', label: 'Town', hidden: false },
      ],
      model: [],
      consumer: [],
      path: [],
    };
    expect(suggestions(known, filter, 'tow').map(({ value }) => value)).toEqual(['town']);
    expect(suggestions(known, filter, 'tower')).toEqual([]);
    expect([matchesHidden(known, filter, 'tower'), matchesHidden(known, filter, 'town')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('rows', () => {
  it.each([
    [200, 'ready', '200'],
    [0, 'error', 'no answer'],
    [429, 'error', '429 busy'],
    [499, 'down', '499 client left'],
    [502, 'error', '502 failed'],
    [404, 'error', '404 refused'],
  ] as const)('status %i is %s, "%s"', (code, tone, text) =>
    expect(statusView(code)).toEqual({ tone, text }),
  );

  it('are cut where the gateway says so, or a host has no figures of a stream', () => {
    const [like] = ROWS;
    if (!like) throw new Error('no row');
    const base = {
      ...like,
      reqPath: '/v1/chat/completions',
      respContentType: 'text/event-stream',
      statusCode: 200,
    };
    const dispatch = (outcome: 'incomplete' | 'answered') =>
      ({ joined: 'exact', attempt: 1, attempts: 1, outcome }) as const;
    const empty = { ...base, inputTokens: 0, outputTokens: 0 };
    expect(statusOf(empty)).toEqual({ tone: 'error', text: '200 cut' });
    expect(statusOf({ ...base, dispatch: dispatch('incomplete') }).text).toBe('200 cut');
    expect(statusOf({ ...empty, dispatch: dispatch('answered') }).text).toBe('200');
    expect(statusOf({ ...empty, reqPath: '/v1/embeddings' }).text).toBe('200');
    expect(statusOf({ ...empty, statusCode: 502 }).text).toBe('502 failed');
    expect(statusOf({ ...base, inputTokens: 5, outputTokens: 5 }).text).toBe('200');
  });

  it('say which way they came, and how that is known', () => {
    const dispatch = { joined: 'matched', attempt: 2, attempts: 3, outcome: 'answered' } as const;
    expect(wayWords({ dispatchId: 'x' })).toBe('through /v1');
    expect(wayWords({ dispatchId: 'x', dispatch })).toBe('through /v1, as attempt 2 of 3');
    expect(joinWords({ dispatch })).toContain('time and tokens fit');
    expect(joinWords({ dispatch: { ...dispatch, joined: 'exact' } })).toBe('Known by its request id.');
  });

  it('have no figures where nothing was measured', () => {
    const nothing = { promptTokens: 0, cacheTokens: 0, outputTokens: 0, promptTps: 0, genTps: 0 };
    const failed = figuresOf({ ...ROWS[0]!, ...nothing, statusCode: 502 });
    expect(Object.values(failed)).toEqual([null, null, null, null, null]);
    expect(figuresOf({ ...ROWS[0]!, ...nothing, statusCode: 200 })).toEqual(failed);
    expect(figuresOf({ ...ROWS[0]!, ...nothing, outputTokens: 6, statusCode: 200 })).toMatchObject({
      promptTokens: null,
      outputTokens: 6,
    });
    const embedding = { ...nothing, promptTokens: 7 };
    expect(figuresOf({ ...ROWS[0]!, ...embedding, statusCode: 200 })).toEqual(embedding);
    expect(figuresOf({ ...ROWS[0]!, ...nothing, promptTokens: 7, statusCode: 499 }).promptTokens).toBe(7);
  });

  const gap = (fromTs: string, toTs: string) => ({
    providerId: 'a',
    kind: 'lost' as const,
    fromTs,
    toTs,
    reason: 'ring_overflow',
  });
  const context = { complete: false, toldFrom: null, fromMs: null, nameOf: () => 'Tower', nowMs: NOW };
  it('mark a gap where its time is, between the rows', () => {
    const rows = ROWS.slice(0, 10);
    const items = withGaps(rows, [gap(rows[6]!.ts, rows[4]!.ts)], context);
    expect(items.findIndex(({ kind }) => kind === 'note')).toBe(4);
    expect(items).toHaveLength(11);
    expect(items[4]).toMatchObject({
      text: expect.stringMatching(
        /^Tower: requests between .* are missing: they left the host’s memory/,
      ) as string,
    });
  });
  it('say how many requests are missing, where that is known', () => {
    const rows = ROWS.slice(0, 10);
    const texts = [7, null].map((missingRows) => {
      const [note] = withGaps(rows, [{ ...gap(rows[6]!.ts, rows[4]!.ts), missingRows }], context).filter(
        ({ kind }) => kind === 'note',
      );
      return note?.kind === 'note' ? note.text : '';
    });
    expect(texts[0]).toMatch(/^Tower: 7 requests between .* are missing/);
    expect(texts[1]).toMatch(/^Tower: requests between .* are missing/);
  });
  it('say at the end of the rows that older gaps are not known, where they would stand', () => {
    const rows = ROWS.slice(0, 10);
    const last = (more: { complete?: boolean; toldFrom: string | null }) =>
      withGaps(rows, [], { ...context, ...more }).at(-1);
    expect(last({ toldFrom: rows[5]!.ts })).toMatchObject({
      text: expect.stringMatching(/^Gaps from before .* are not shown: there are too many\.$/) as string,
    });
    expect(last({ toldFrom: ROWS[50]!.ts })?.kind).toBe('row');
    expect(last({ toldFrom: ROWS[50]!.ts, complete: true })?.kind).toBe('note');
    expect(last({ toldFrom: null, complete: true })?.kind).toBe('row');
  });
  it('leave out gaps older than what is loaded, until all is', () => {
    const rows = ROWS.slice(0, 10);
    const old = gap(ROWS[250]!.ts, ROWS[200]!.ts);
    expect(withGaps(rows, [old], context)).toHaveLength(10);
    expect(withGaps(rows, [old], { ...context, complete: true }).at(-1)?.kind).toBe('note');
  });
  it.each([
    ['ring_overflow', 1],
    ['host_restarted', 1],
    ['projection_behind_log', 1],
    ['perf_ring_overflow', 0],
    ['capture_lost', 0],
  ])('mark a gap by %s %i times: where requests were lost', (reason, notes) => {
    const rows = ROWS.slice(0, 10);
    const items = withGaps(rows, [{ ...gap(rows[6]!.ts, rows[4]!.ts), reason }], context);
    expect(items.filter(({ kind }) => kind === 'note')).toHaveLength(notes);
  });
  it('leave out gaps before the time range', () => {
    const rows = ROWS.slice(0, 10);
    const old = gap(ROWS[250]!.ts, ROWS[200]!.ts);
    const fromMs = Date.parse(ROWS[100]!.ts);
    expect(withGaps(rows, [old], { ...context, complete: true, fromMs })).toHaveLength(10);
  });
});

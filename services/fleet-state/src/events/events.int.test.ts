import { calls, type Gap, type Gaps, type Swaps } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import type { HistoryFact } from '../projection/history-fact.js';
import { upsertHosts, markRemovedExcept } from '../providers/hosts.repository.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { bytesOf, everyPage, missingIn } from '../testing/pages.js';
import { gap, liveness, messages, modelChanged, noon, provider } from '../testing/facts.js';
import { gaps } from './gaps.repository.js';
import { modelEvents, swaps } from './model-events.repository.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

const put = (facts: HistoryFact[]): Promise<void> => projector.write(messages(facts));
const change = (over: Parameters<typeof modelChanged>[0]): HistoryFact => ({
  kind: 'model-changed',
  body: modelChanged(over),
});
const host = (over: Parameters<typeof liveness>[0]): HistoryFact => ({
  kind: 'liveness',
  body: liveness(over),
});
const refused = { code: 'unreachable', message: 'connection refused' };

describe('model events', () => {
  test('pages hold every event once, newest first; of one instant in the order of the log', async () => {
    const steps = ['starting', 'ready', 'stopping', 'stopped'] as const;
    await put(
      Array.from({ length: 40 }, (_, i) =>
        steps.map((to) => change({ to, at: noon(i), model: `m${i % 3}` })),
      ).flat(),
    );
    const pages = await everyPage(async (cursor) =>
      calls.modelEvents.reply.parse(
        await modelEvents(database.db, calls.modelEvents.request.parse({ limit: 7, cursor })),
      ),
    );
    const seen = pages.flatMap(({ events }) =>
      events.map(({ ts, state, model }) => `${ts} ${model} ${state}`),
    );
    const expected = Array.from({ length: 40 }, (_, i) =>
      steps.map((to) => `${noon(i)} m${i % 3} ${to}`),
    ).flat();
    expect(seen).toEqual(expected.toReversed());
  });

  test('filters', async () => {
    await put([
      change({ model: 'a', at: noon(1) }),
      change({ model: 'b', at: noon(2) }),
      change({ model: 'a', at: noon(3), providerId: 'nas' }),
      host({ since: noon(4) }),
    ]);
    const ask = async (over: object): Promise<string[]> =>
      (await modelEvents(database.db, calls.modelEvents.request.parse(over))).events.map(({ ts }) => ts);
    expect(await ask({ model: ['a'] })).toEqual([noon(3), noon(1)]);
    expect(await ask({ model: ['*'] })).toEqual([noon(4)]);
    expect(await ask({ providerId: ['tower'], from: noon(2), to: noon(4) })).toEqual([noon(2)]);
    await expect(ask({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_cursor' });
    await expect(ask({ from: noon(2), to: noon(1) })).rejects.toMatchObject({ code: 'bad_range' });
  });

  test('an event says what happened', async () => {
    await put([change({ failed: true, to: 'stopped', observed: 'after_gap' })]);
    const { events } = await modelEvents(database.db, calls.modelEvents.request.parse({}));
    expect(events).toEqual([
      {
        providerId: 'tower',
        model: 'qwen3-8b',
        state: 'stopped',
        ts: noon(),
        detail: { from: 'starting', observed: 'after_gap', failed: true },
      },
    ]);
  });
});

describe('swaps', () => {
  const ask = async (over: object): Promise<Swaps> =>
    calls.swaps.reply.parse(await swaps(database.db, calls.swaps.request.parse(over)));

  test('loads and failures; first sight is no load', async () => {
    await put([
      change({ model: 'a', from: null, to: 'ready', at: noon(1) }),
      change({ model: 'a', from: 'ready', to: 'stopped', at: noon(2) }),
      change({ model: 'a', from: 'stopped', to: 'starting', at: noon(3) }),
      change({ model: 'a', at: noon(4) }),
      change({ model: 'a', at: noon(5), observed: 'after_gap' }),
      change({ model: 'b', from: 'starting', to: 'stopped', failed: true, at: noon(6) }),
      change({ model: 'c', from: null, to: 'ready', at: noon(7) }),
      change({ model: 'a', at: noon(8), providerId: 'nas' }),
      host({}),
    ]);
    expect(await ask({})).toEqual({
      swaps: [
        { providerId: 'nas', model: 'a', loads: 1, failed: 0 },
        { providerId: 'tower', model: 'a', loads: 2, failed: 0 },
        { providerId: 'tower', model: 'b', loads: 0, failed: 1 },
      ],
      nextCursor: null,
    });
    expect((await ask({ providerId: ['tower'], from: noon(5) })).swaps).toEqual([
      { providerId: 'tower', model: 'a', loads: 1, failed: 0 },
      { providerId: 'tower', model: 'b', loads: 0, failed: 1 },
    ]);
  });

  test('six hosts with a thousand models each come whole, in pages of one message, while others are loaded', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const nameOf = (n: number): string => `${'m'.repeat(200)}/${n}`;
    for (const providerId of ids)
      await put(
        Array.from({ length: 1_000 }, (_, n) => change({ providerId, model: nameOf(n), at: noon(n) })),
      );
    const pages = await everyPage(
      (cursor) => ask({ cursor }),
      (told) =>
        put(
          ids.flatMap((providerId) => [
            change({ providerId, model: 'an early name', at: noon(2_000 + told) }),
            change({ providerId, model: nameOf(told), at: noon(2_000 + told) }),
          ]),
        ),
    );
    expect(pages.length).toBeGreaterThan(1);
    expect(Math.max(...pages.map(bytesOf))).toBeLessThan(1_000_000);
    const told = pages.flatMap(({ swaps: page }) =>
      page.map(({ providerId, model }) => `${providerId} ${model}`),
    );
    expect(new Set(told).size).toBe(told.length);
    const stored = ids.flatMap((id) => Array.from({ length: 1_000 }, (_, n) => `${id} ${nameOf(n)}`));
    expect(missingIn(told, stored)).toEqual([]);
  });

  test('pages as small as asked for; a cursor that is none is refused', async () => {
    await put(['a', 'b', 'c'].map((model) => change({ model })));
    const pages = await everyPage((cursor) => ask({ cursor, limit: 2 }));
    expect(pages.map(({ swaps: page }) => page.map(({ model }) => model))).toEqual([['a', 'b'], ['c']]);
    await expect(ask({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_cursor' });
  });
});

describe('gaps', () => {
  const ask = async (over: object = {}): Promise<unknown[]> =>
    calls.gaps.reply.parse(await gaps(database.db, calls.gaps.request.parse(over))).gaps;
  const outage: HistoryFact[] = [
    host({ since: noon(0) }),
    host({ state: 'reconnecting', since: noon(1_000), reason: refused, attempt: 1 }),
    host({ state: 'reconnecting', since: noon(1_000), reason: refused, attempt: 2 }),
    host({ state: 'down', since: noon(2_000), reason: refused }),
    host({ since: noon(5_000) }),
    { kind: 'gap', body: gap({ fromTs: noon(900), toTs: noon(4_000), reason: 'ring_overflow' }) },
  ];

  test('both kinds, newest first', async () => {
    await put([...outage, host({ state: 'reconnecting', since: noon(9_000), reason: refused })]);
    const open = { providerId: 'tower', kind: 'unreachable', fromTs: noon(9_000), toTs: null };
    const closed = { providerId: 'tower', kind: 'unreachable', fromTs: noon(1_000), toTs: noon(5_000) };
    const lost = { providerId: 'tower', kind: 'lost', fromTs: noon(900), toTs: noon(4_000) };
    expect(await ask()).toEqual([
      { ...open, reason: 'connection refused', missingRows: null },
      { ...closed, reason: 'connection refused', missingRows: null },
      { ...lost, reason: 'ring_overflow', missingRows: 7 },
    ]);
  });

  test('a range shows whole what reaches into it', async () => {
    await put(outage);
    expect(await ask({ from: noon(4_500), to: noon(6_000) })).toMatchObject([
      { fromTs: noon(1_000), toTs: noon(5_000) },
    ]);
    expect(await ask({ from: noon(5_001) })).toEqual([]);
    expect(await ask({ to: noon(900) })).toEqual([]);
    expect(await ask({ providerId: ['nas'] })).toEqual([]);
  });

  test('a host that was removed while away is not missed for ever', async () => {
    await put([host({ state: 'down', since: noon(1_000), reason: refused })]);
    await database.source.transaction((tx) => upsertHosts(tx, [provider()]));
    expect(await ask()).toMatchObject([{ toTs: null }]);
    await database.source.transaction((tx) => markRemovedExcept(tx, []));
    expect(await ask()).toMatchObject([{ toTs: expect.stringMatching(/^\d{4}-/) as string }]);
  });

  test('pages hold every gap once, while an outage ends, another begins and more is found lost', async () => {
    const causes = ['ring_overflow', 'host_restarted', 'capture_lost'] as const;
    const ids = ['a', 'b', 'c', 'd'];
    const lostAt = (n: number, over: Partial<Gap> = {}): HistoryFact => ({
      kind: 'gap',
      body: gap({ providerId: ids[n % 4], fromTs: noon(n), toTs: noon(n + 500), ...over }),
    });
    // Four hosts and three causes begin in the same instant; long words make a page of less than its limit.
    await put([
      ...Array.from({ length: 300 }, (_, n) =>
        ids.flatMap((providerId) => causes.map((reason) => lostAt(n * 10, { providerId, reason }))),
      ).flat(),
      ...Array.from({ length: 2_000 }, (_, n) => [
        host({ state: 'down', since: noon(n * 20), reason: { ...refused, message: 'no route '.repeat(60) } }),
        host({ since: noon(n * 20 + 10) }),
      ]).flat(),
      host({ state: 'down', since: noon(1_000_000), reason: refused }),
    ]);
    const whole = async (over: object): Promise<Gaps> =>
      calls.gaps.reply.parse(await gaps(database.db, calls.gaps.request.parse(over)));
    const keyOf = (one: Gaps['gaps'][number]): string =>
      [one.fromTs, one.providerId, one.kind, one.kind === 'lost' && one.reason].join(' ');
    for (const limit of [5_000, 500]) {
      const before = (await everyPage((cursor) => whole({ cursor }))).flatMap((page) => page.gaps.map(keyOf));
      const pages = await everyPage(
        (cursor) => whole({ cursor, limit }),
        (told) =>
          put([
            host({ since: noon(1_000_010 + told) }),
            host({ state: 'down', since: noon(2_000_000 + limit + told), reason: refused }),
            lostAt(5 + limit + told * 10),
            lostAt(9_000_000 + limit + told),
          ]),
      );
      expect(pages.length).toBeGreaterThan(1);
      expect(Math.max(...pages.map(bytesOf))).toBeLessThan(1_000_000);
      const told = pages.flatMap((page) => page.gaps);
      expect(told.map(({ fromTs }) => fromTs)).toEqual(
        told
          .map(({ fromTs }) => fromTs)
          .toSorted()
          .toReversed(),
      );
      const keys = told.map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
      expect(missingIn(keys, before)).toEqual([]);
    }
    await expect(whole({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'bad_cursor' });
  });

  test('how many are missing: as the fact said, null where it did not know', async () => {
    await put([
      { kind: 'gap', body: gap({ fromTs: noon(1), missing: 3 }) },
      { kind: 'gap', body: gap({ fromTs: noon(2), missing: null, reason: 'host_restarted' }) },
      { kind: 'gap', body: gap({ fromTs: noon(3), missing: 0, reason: 'capture_lost' }) },
    ]);
    expect(await ask()).toMatchObject([{ missingRows: 0 }, { missingRows: null }, { missingRows: 3 }]);
  });
});

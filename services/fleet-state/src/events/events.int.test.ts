import { calls } from '@boocontrol/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Projector } from '../projection/projector.js';
import { testProjector } from '../testing/projector.js';
import type { HistoryFact } from '../projection/history-fact.js';
import { upsertHosts, markRemovedExcept } from '../providers/hosts.repository.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
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
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = calls.modelEvents.reply.parse(
        await modelEvents(database.db, calls.modelEvents.request.parse({ limit: 7, cursor })),
      );
      seen.push(...page.events.map(({ ts, state, model }) => `${ts} ${model} ${state}`));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
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

test('swaps: loads and failures; first sight is no load', async () => {
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
  const ask = async (over: object): Promise<unknown> =>
    (await swaps(database.db, calls.swaps.request.parse(over))).swaps;
  expect(await ask({})).toEqual([
    { providerId: 'nas', model: 'a', loads: 1, failed: 0 },
    { providerId: 'tower', model: 'a', loads: 2, failed: 0 },
    { providerId: 'tower', model: 'b', loads: 0, failed: 1 },
  ]);
  expect(await ask({ providerId: ['tower'], from: noon(5) })).toEqual([
    { providerId: 'tower', model: 'a', loads: 1, failed: 0 },
    { providerId: 'tower', model: 'b', loads: 0, failed: 1 },
  ]);
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
});

import { calls, type ModelLoads } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import type { HistoryFact } from '../projection/history-fact.js';
import type { Projector } from '../projection/projector.js';
import { fleetDatabase, type FleetDatabase } from '../testing/database.js';
import { messages, modelChanged, noon } from '../testing/facts.js';
import { bytesOf } from '../testing/pages.js';
import { testProjector } from '../testing/projector.js';
import { modelLoads } from './model-loads.repository.js';

let database: FleetDatabase;
let projector: Projector;
beforeAll(async () => {
  database = await fleetDatabase();
  projector = testProjector(database.source);
});
afterAll(() => database.drop());
beforeEach(() => database.clear());

type Query = z.input<typeof calls.modelLoads.request>;

const put = (facts: HistoryFact[]): Promise<void> => projector.write(messages(facts));
const ask = async (over: Partial<Query>, maxSteps?: number): Promise<ModelLoads> =>
  calls.modelLoads.reply.parse(
    await modelLoads(
      database.db,
      calls.modelLoads.request.parse({ providerId: 'tower', model: 'm', ...over }),
      maxSteps,
    ),
  );
const change = (model: string, from: string | null, to: string, plusMs: number, over = {}): HistoryFact => ({
  kind: 'model-changed',
  body: modelChanged({ model, from, to, at: noon(plusMs), ...over } as Parameters<typeof modelChanged>[0]),
});
/** `model` is loaded, for which `victim` goes; the first 20 ms are the stop, the load takes as long as told. */
const swap = (model: string, victim: string, atMs: number, loadMs: number): HistoryFact[] => [
  change(victim, 'ready', 'stopping', atMs),
  change(victim, 'stopping', 'stopped', atMs + 20),
  change(model, 'stopped', 'starting', atMs + 21),
  change(model, 'starting', 'ready', atMs + 21 + loadMs),
];

test('the last loads, the newest first, on this host only', async () => {
  await put([
    change('a', null, 'ready', 0),
    change('b', null, 'ready', 0, { providerId: 'nas' }),
    ...swap('m', 'a', 1_000, 500),
    ...swap('a', 'm', 3_000, 100),
    ...swap('m', 'a', 5_000, 700),
    change('m', 'stopped', 'starting', 6_000, { providerId: 'nas' }),
    change('m', 'starting', 'ready', 6_050, { providerId: 'nas' }),
  ]);
  const newest = {
    startedAt: noon(5_021),
    readyAt: noon(5_721),
    readyBefore: ['a'],
    stopped: ['a'],
  };
  expect(await ask({})).toEqual({
    loads: [newest, { ...newest, startedAt: noon(1_021), readyAt: noon(1_521) }],
  });
  expect((await ask({ limit: 1 })).loads).toEqual([newest]);
  expect(await ask({ providerId: 'nas' })).toMatchObject({ loads: [{ stopped: [] }] });
  expect(await ask({ model: 'nobody' })).toEqual({ loads: [] });
});

test('events before those that are looked at: what was ready all the time still counts', async () => {
  await put([
    change('standing', null, 'ready', 0),
    change('gone', null, 'ready', 1),
    change('gone', 'ready', 'stopped', 2),
    change('a', null, 'ready', 3),
    ...swap('m', 'a', 60_000, 500),
  ]);
  expect(await ask({}, 4)).toMatchObject({
    loads: [{ readyBefore: ['a', 'standing'], stopped: ['a'] }],
  });
});

test('a thousand models with long names that take turns: one message, from the index', async () => {
  const nameOf = (n: number): string => `${'n'.repeat(200)}/${n}`;
  const standing = Array.from({ length: 1_000 }, (_, n) => change(nameOf(n), null, 'ready', n));
  const turns = Array.from({ length: 2_500 }, (_, n) => [
    ...swap('m', n === 0 ? 'first' : `s${n - 1}`, 10_000 + n * 20_000, 1_000),
    ...swap(`s${n}`, 'm', 20_000 + n * 20_000, 1_000),
  ]).flat();
  await put([...standing, change('first', null, 'ready', 2_000), ...turns]);
  const found = await ask({ limit: 100 });
  expect(bytesOf(found)).toBeLessThan(1_000_000);
  expect(found.loads[0]).toMatchObject({ startedAt: noon(10_000 + 2_499 * 20_000 + 21), stopped: ['s2498'] });
  expect(found.loads[0]?.readyBefore).toHaveLength(1_001);

  const usesIndex = async (): Promise<boolean> => {
    // The server analyzes by itself, too, and may have done so before the rows were there.
    await database.rows('ANALYZE fleet.model_events');
    const plan = await database.rows<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT model FROM fleet.model_events WHERE provider_id = 'nas' AND model <> '*'
       ORDER BY ts DESC, seq DESC LIMIT 5000`,
    );
    return plan.some((line) => line['QUERY PLAN'].includes('model_events_of_host'));
  };
  await waitFor(usesIndex, { what: 'a plan with the index of hosts' });
});

import { randomUUID } from 'node:crypto';
import { calls } from '@boocontrol/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeRun } from '../testing/runs.js';
import { World, type Replica } from '../testing/world.js';

let world: World;
let replica: Replica;
beforeAll(async () => {
  world = await World.open();
  replica = await world.service();
});
afterAll(() => world?.close());

const set = (id: string) => world.ask(calls.setBenchBaseline, { id, source: 'anna' });
const baselines = async () => (await world.ask(calls.benchBaselines, {})).baselines;

test('one run at a time is the baseline of a suite, host and model', async () => {
  const db = world.db(replica);
  const [first, second, other] = await Promise.all([
    storeRun(db),
    storeRun(db),
    storeRun(db, { model: 'b' }),
  ]);
  expect(await set(first)).toMatchObject({
    suiteName: 'quick',
    providerId: 'tower',
    model: 'm',
    runId: first,
  });
  await set(other);
  await set(second);
  expect((await baselines()).map(({ model, runId, setBy }) => [model, runId, setBy])).toEqual([
    ['b', other, 'anna'],
    ['m', second, 'anna'],
  ]);
  const key = { suiteName: 'quick', providerId: 'tower', model: 'm' };
  await world.ask(calls.removeBenchBaseline, key);
  await world.ask(calls.removeBenchBaseline, key);
  expect((await baselines()).map(({ model }) => model)).toEqual(['b']);
});

test('a run that is none, is under way, or has no figures cannot be one', async () => {
  const db = world.db(replica);
  const refused = (id: string): Promise<string> =>
    world.refusedAs(calls.setBenchBaseline, { id, source: 'anna' });
  expect(await refused(randomUUID())).toBe('unknown_run');
  expect(await refused(await storeRun(db, { agoH: null }))).toBe('not_ended');
  expect(await refused(await storeRun(db, { cells: [] }))).toBe('nothing_measured');
  expect(await refused(await storeRun(db, { cells: [{ figures: {} }] }))).toBe('nothing_measured');
  expect(await refused(await storeRun(db, { kind: 'imported' }))).toBe('nothing_measured');
});

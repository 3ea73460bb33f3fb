import {
  calls,
  type BenchEstimate,
  type Call,
  type ModelFiguresSchema,
  type ModelLoadsSchema,
} from '@boocontrol/contracts';
import { suiteHash } from '@boocontrol/measure';
import { answerCall } from '@boocontrol/platform';
import type { Subscription } from '@nats-io/transport-node';
import { MODEL } from '@boocontrol/stage';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { storeRun } from '../testing/runs.js';
import { Stage, suiteOf, type Host, type Replica } from '../testing/stage.js';
import type { z } from 'zod';

let stage: Stage;
let replica: Replica;
let host: Host;
const standIns: Subscription[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  replica = await stage.service();
  host = await stage.host(replica);
});
afterEach(() => standIns.splice(0).forEach((each) => each.unsubscribe()));
afterAll(() => stage?.close());

async function answering<Q extends z.ZodType, A extends z.ZodType, Code extends string>(
  call: Call<Q, A, Code>,
  reply: z.input<A>,
): Promise<void> {
  standIns.push(answerCall(stage.nc, call, {}, () => reply));
  await stage.nc.flush();
}

const figures = (over: object): z.input<typeof ModelFiguresSchema> => ({
  models: [
    {
      model: MODEL.id,
      ...{ requests: 9, errors: 0, inputTokens: 1, cacheTokens: 0, outputTokens: 1, durationMs: 1 },
      ...{ genTps: 50, promptTps: 500, genTpsP50: 50, genTpsP95: 60, loads: 1, failedLoads: 0, loadMsP50: 1 },
      ...over,
    },
  ],
  nextCursor: null,
});
const loads = (stopped: string[]): z.input<typeof ModelLoadsSchema> => ({
  loads: [
    {
      startedAt: '2026-11-20T10:00:00.000000Z',
      readyAt: '2026-11-20T10:00:20.000000Z',
      readyBefore: stopped,
      stopped,
    },
  ],
});
const suite = suiteOf({
  promptTokens: [1_000],
  outputTokens: [100],
  load: { kind: 'closed', concurrency: [1] },
});
const estimate = async (over: object = {}): Promise<BenchEstimate['targets'][number]> => {
  const targets = [{ providerId: host.id, model: MODEL.id }];
  const found = await stage.ask(calls.estimateBench, { suite, targets, ...over });
  const [first] = found.targets;
  if (first === undefined) throw new Error('nothing was estimated');
  return first;
};

test('where nothing is known it is a guess, and says so', async () => {
  const found = await estimate();
  expect(found).toMatchObject({ cells: 1, requests: 5, from: 'guess', mustLoad: true, unloads: [] });
  expect(found.objection).toBeNull();
  expect(found.seconds).toBeGreaterThan(0);
});

test('requests of the last days tell how fast it is, and its last load what goes for it', async () => {
  await answering(calls.modelFigures, figures({}));
  await answering(calls.modelLoads, loads(['big']));
  expect(await estimate()).toMatchObject({ from: 'activity', seconds: 6 * 4 + 20, unloads: ['big'] });
});

test('requests that do not tell a speed leave it a guess', async () => {
  await answering(calls.modelFigures, figures({ genTpsP50: null, recentGenTps: null, promptTps: null }));
  expect((await estimate()).from).toBe('guess');
});

test('earlier runs of the same suite on the same target tell it best', async () => {
  await answering(calls.modelFigures, figures({}));
  await answering(calls.modelLoads, loads([]));
  const run = { providerId: host.id, model: MODEL.id, suiteHash: suiteHash(suite) };
  for (const tookS of [70, 80, 200]) await storeRun(stage.db(replica), { ...run, cells: [{ tookS }] });
  await storeRun(stage.db(replica), { ...run, state: 'failed', cells: [{ tookS: 1 }] });
  await storeRun(stage.db(replica), { ...run, suiteHash: 'other', cells: [{ tookS: 1 }] });
  expect(await estimate()).toMatchObject({ from: 'runs', seconds: 100 });
  await stage.db(replica).query(`DELETE FROM bench.runs`);
});

test('who uses the host is named, and is what a launch would object to', async () => {
  await stage
    .db(replica)
    .query(
      `INSERT INTO bench.traffic (provider_id, source, model, last_at) VALUES ($1, 'opencode', 'one', clock_timestamp())`,
      [host.id],
    );
  const found = await estimate();
  expect(found.disturbs).toEqual(['opencode']);
  const body = { suite, targets: [{ providerId: host.id, model: MODEL.id }], source: 'test', confirm: false };
  const refused = await stage.refused(calls.startBench, body);
  expect([found.objection?.code, found.objection?.message]).toEqual([refused.code, refused.message]);
  await stage.db(replica).query(`DELETE FROM bench.traffic`);
});

test('a target that cannot be measured says why beside those that can', async () => {
  const targets = [
    { providerId: 'nowhere', model: 'm' },
    { providerId: host.id, model: 'none' },
    { providerId: host.id, model: MODEL.id },
  ];
  const found = await stage.ask(calls.estimateBench, { suite, targets });
  expect(found.targets.map(({ model, objection }) => [model, objection?.code])).toEqual([
    ['m', 'unknown_provider'],
    ['none', 'unknown_model'],
    [MODEL.id, undefined],
  ]);
  const ofHost = found.targets.filter(({ providerId }) => providerId === host.id);
  expect(found.seconds).toBeCloseTo(ofHost.reduce((sum, { seconds }) => sum + seconds, 0));
});

test('what names nothing is refused', async () => {
  expect((await stage.refused(calls.estimateBench, { suite: 'none' })).code).toBe('unknown_suite');
  expect((await stage.refused(calls.estimateBench, { suite })).code).toBe('nothing_to_measure');
});

import { calls, type ActivityRow } from '@boocontrol/contracts';
import type { Subscription } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { World } from '../testing/world.js';

let world: World;
let fleetState: Subscription | undefined;
beforeAll(async () => {
  world = await World.open();
  await world.service();
});
afterEach(() => fleetState?.unsubscribe());
afterAll(() => world?.close());

const range = { from: '2026-11-20T16:00:00Z', to: '2026-11-20T17:00:00Z' };
const row = (second: number, over: Partial<ActivityRow> = {}): ActivityRow => ({
  key: `k${second}`,
  providerId: 'tower',
  entryId: second,
  ts: `2026-11-20T16:00:${String(second).padStart(2, '0')}.000000Z`,
  model: 'm',
  source: 'opencode',
  reqPath: '/v1/chat/completions',
  respContentType: null,
  statusCode: 200,
  durationMs: 1_000,
  cacheTokens: 100,
  inputTokens: 20,
  outputTokens: 5,
  draftTokens: null,
  draftAcceptedTokens: null,
  promptTps: 900,
  genTps: 60,
  hasCapture: true,
  errorMsg: null,
  ...over,
});

test('all pages of a consumer’s requests are one replay, and what is left out is counted', async () => {
  const asked: unknown[] = [];
  fleetState = await world.answering(calls.activity, (query) => {
    asked.push(query);
    if (query.cursor === undefined)
      return { rows: [row(9), row(7, { outputTokens: null })], nextCursor: 'b' };
    return { rows: [row(4, { inputTokens: 400 })], nextCursor: null };
  });
  const { suite, leftOut } = await world.ask(calls.recordedTraffic, {
    source: 'opencode',
    model: 'm',
    ...range,
  });
  expect(suite.load).toEqual({
    kind: 'replay',
    speed: 1,
    requests: [
      { atMs: 0, promptTokens: 500, outputTokens: 5 },
      { atMs: 5_000, promptTokens: 120, outputTokens: 5 },
    ],
  });
  expect(leftOut).toBe(1);
  const filter = { source: ['opencode'], model: ['m'], ...range };
  expect(asked).toMatchObject([filter, { ...filter, cursor: 'b' }]);
  await world.ask(calls.saveBenchSuite, { name: 'replayed', suite });
});

test('a range that is none, and one in which nothing can be replayed, are refused', async () => {
  fleetState = await world.answering(calls.activity, () => ({
    rows: [row(1, { outputTokens: 0 })],
    nextCursor: null,
  }));
  const refused = (over: object): Promise<string> =>
    world.refusedAs(calls.recordedTraffic, { source: 'opencode', ...range, ...over });
  expect(await refused({ to: range.from })).toBe('bad_range');
  expect(await refused({ to: '2026-11-22T16:00:00Z' })).toBe('bad_range');
  expect(await refused({})).toBe('nothing_recorded');
});

test('nobody who keeps the history is no empty history', async () => {
  await expect(world.ask(calls.recordedTraffic, { source: 'opencode', ...range })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

import { calls, type Seed } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import type { RpcClient } from '../rpc/client.js';
import { RpcError } from '../rpc/rpc-error.js';
import { askSeed } from './seed.js';

const at = '2026-11-20T16:00:00.000000Z';
const part = (providerId: string, ...models: string[]): Seed['hosts'][number] => ({
  providerId,
  models: models.map((model) => ({ model, state: 'ready', ts: at })),
  lastEndByModel: Object.fromEntries(models.map((model) => [model, at])),
  recent: [],
  perf: null,
  gap: null,
});

/** Asks a fleet-state that gives these answers, one after the other; an error is one that did not come. */
async function read(answers: (Seed | Error)[]): Promise<{ seed: Seed; asked: object[] }> {
  const asked: object[] = [];
  const rpc = {
    ask: (_call: unknown, question: object) => {
      const { recentSince: _, ...where } = calls.seed.request.parse(question);
      asked.push(where);
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as RpcClient;
  return { seed: await askSeed(rpc, 2, new AbortController().signal), asked };
}

test('a host whose models came in several pages is one again', async () => {
  const gap = { fromTs: at, toTs: at, reason: 'ring_overflow' as const };
  const { seed, asked } = await read([
    { hosts: [part('a'), { ...part('b', 'm1', 'm2'), gap }], nextAfter: 'b', nextAfterModel: 'm2' },
    { hosts: [part('b', 'm3')], nextAfter: 'b', nextAfterModel: 'm3' },
    { hosts: [part('b', 'm4'), part('c', 'm1')], nextAfter: 'c', nextAfterModel: null },
    { hosts: [part('d')], nextAfter: null },
  ]);
  expect(seed.hosts).toEqual([
    part('a'),
    { ...part('b', 'm1', 'm2', 'm3', 'm4'), gap },
    part('c', 'm1'),
    part('d'),
  ]);
  expect(asked).toEqual([
    {},
    { after: 'b', afterModel: 'm2' },
    { after: 'b', afterModel: 'm3' },
    { after: 'c' },
  ]);
});

test('a page that did not come is asked for again, and comes once', async () => {
  const { seed } = await read([
    { hosts: [part('a', 'm1')], nextAfter: 'a', nextAfterModel: 'm1' },
    new RpcError('timeout', 'No answer'),
    { hosts: [part('a', 'm2')], nextAfter: null },
  ]);
  expect(seed.hosts).toEqual([part('a', 'm1', 'm2')]);
});

test('a service of before has no pages of models, or no pages at all', async () => {
  const old = await read([{ hosts: [part('a')], nextAfter: 'a' }, { hosts: [part('b')] }]);
  expect(old.seed.hosts).toEqual([part('a'), part('b')]);
});

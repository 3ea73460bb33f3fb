import { afterEach, expect, test } from 'vitest';
import type { SimHostInput } from './options.js';
import { createSimHost, type SimHost } from './sim-host.js';
import { call, chat } from './testing/calls.js';
import { EventReader } from './testing/event-reader.js';
import { until } from './testing/until.js';

let host: SimHost;
let reader: EventReader | undefined;

async function start(over: Partial<SimHostInput> = {}): Promise<void> {
  host = await createSimHost({
    timeScale: 100,
    models: [
      { id: 'org/big:Q4', loadMs: 1_000, aliases: ['big'] },
      { id: 'other', loadMs: 1_000 },
      { id: 'embed', embedding: true, loadMs: 200 },
      { id: 'slow', genTps: 0.2 },
    ],
    concurrentModels: [['other', 'embed']],
    ...over,
  });
}

afterEach(async () => {
  reader?.close();
  reader = undefined;
  await host.close();
});

function state(id: string): string | undefined {
  return host.state().models.find((model) => model.id === id)?.state;
}

test('models swap each other out, except those that fit together', async () => {
  await start();
  await chat(host.url, 'org/big:Q4', 'hello');
  expect([state('org/big:Q4'), state('other')]).toEqual(['ready', 'stopped']);
  await chat(host.url, 'other', 'hello');
  expect([state('org/big:Q4'), state('other')]).toEqual(['stopped', 'ready']);
  await call(`${host.url}/v1/embeddings`, 'POST', { model: 'embed', input: 'x' });
  expect([state('other'), state('embed')]).toEqual(['ready', 'ready']);
  await chat(host.url, 'big', 'hello');
  expect([state('org/big:Q4'), state('other'), state('embed')]).toEqual(['ready', 'stopped', 'stopped']);
});

test('a swap waits until the model in use is idle, and requests for one model share a load', async () => {
  await start();
  reader = await EventReader.open(host.url);
  const running = chat(host.url, 'slow', 'a longer one', { max_tokens: 20 });
  await until(() => host.state().models.some((model) => model.serving === 1), 'serving');
  const swapped = await Promise.all([
    running,
    chat(host.url, 'other', 'one'),
    chat(host.url, 'other', 'two'),
  ]);
  expect(swapped.map(({ status }) => status)).toEqual([200, 200, 200]);
  const starts = (reader.of('modelStatus') as Array<Array<{ id: string; state: string }>>)
    .map((models) => models.find(({ id }) => id === 'other')?.state)
    .filter((now, index, all) => now === 'starting' && all[index - 1] !== 'starting');
  expect(starts).toHaveLength(1);
});

test('an idle model leaves after its ttl', async () => {
  await start({ models: [{ id: 'brief', ttlS: 20, loadMs: 100 }] });
  await chat(host.url, 'brief', 'hello');
  const { json } = await call(`${host.url}/running`);
  expect(json).toMatchObject({ running: [{ model: 'brief', state: 'ready', ttl: 20 }] });
  await until(() => state('brief') === 'stopped', 'ttl');
  expect((await call(`${host.url}/running`)).json).toEqual({ running: [] });
});

test('unloads one by id with slashes or alias, or all; answers when it has stopped', async () => {
  await start();
  await chat(host.url, 'big', 'hello');
  const byId = await call(`${host.url}/api/models/unload/org/big:Q4`, 'POST');
  expect([byId.status, byId.text, state('org/big:Q4')]).toEqual([200, 'OK', 'stopped']);
  await chat(host.url, 'big', 'hello');
  await call(`${host.url}/api/models/unload/org%2Fbig%3AQ4`, 'POST');
  expect(state('org/big:Q4')).toBe('stopped');
  await chat(host.url, 'big', 'hello');
  await call(`${host.url}/api/models/unload/big`, 'POST');
  expect(state('org/big:Q4')).toBe('stopped');
  await chat(host.url, 'other', 'hello');
  expect((await call(`${host.url}/api/models/unload`, 'POST')).json).toEqual({ msg: 'ok' });
  expect(state('other')).toBe('stopped');
  expect((await call(`${host.url}/api/models/unload/nobody`, 'POST')).status).toBe(404);
  expect((await call(`${host.url}/unload`)).text).toBe('OK');
});

test('unloading breaks off what the model serves and turns away who waits for it', async () => {
  await start();
  const busy = chat(host.url, 'slow', 'long', { max_tokens: 1_000 });
  await until(() => host.state().models.some((model) => model.serving === 1), 'serving');
  const waiting = chat(host.url, 'other', 'later');
  await until(() => host.state().inflight === 2, 'both under way');
  await call(`${host.url}/api/models/unload`, 'POST');
  expect((await busy).status).toBe(502);
  expect((await waiting).status).toBe(500);
});

test('a plain look at /props loads the model', async () => {
  await start();
  const props = await call(`${host.url}/upstream/org/big:Q4/props`);
  expect(props.json).toMatchObject({
    default_generation_settings: { n_ctx: 32_768 },
    model_alias: 'org/big:Q4',
  });
  expect(state('org/big:Q4')).toBe('ready');
  expect(host.rows()).toEqual([]);
  expect((await call(`${host.url}/upstream/nobody/props`)).status).toBe(404);
});

test('inference by /upstream makes a row with the model server’s path', async () => {
  await start();
  const body = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 4 };
  const answer = await call(`${host.url}/upstream/big/v1/chat/completions`, 'POST', body);
  expect(answer.status).toBe(200);
  expect(host.rows()[0]?.row).toMatchObject({ model: 'org/big:Q4', req_path: '/v1/chat/completions' });
});

test('cancels a request under way in B and C; A has no such call', async () => {
  await start({ generation: 'B' });
  const streamed = chat(host.url, 'slow', 'long', { stream: true, max_tokens: 1_000 });
  await until(() => host.state().models.some((model) => model.serving === 1), 'serving');
  expect((await call(`${host.url}/api/inflight/1/cancel`, 'POST')).json).toEqual({ msg: 'ok' });
  expect((await streamed).text).not.toContain('[DONE]');
  expect((await call(`${host.url}/api/inflight/1/cancel`, 'POST')).status).toBe(404);
  await host.upgrade('A');
  expect((await call(`${host.url}/api/inflight/1/cancel`, 'POST')).status).toBe(404);
});

import { afterEach, describe, expect, test } from 'vitest';
import { createSimHost, type SimHost } from './sim-host.js';
import type { Generation } from './options.js';
import { call, chat } from './testing/calls.js';
import { EventReader } from './testing/event-reader.js';

let host: SimHost;
let reader: EventReader | undefined;

async function start(generation: Generation, extra: object = {}): Promise<void> {
  host = await createSimHost({
    generation,
    timeScale: 50,
    models: [{ id: 'small', loadMs: 500, aliases: ['s'], statesCtx: true }, { id: 'big' }],
    peers: [{ id: 'other', models: ['remote'] }],
    ...extra,
  });
}

afterEach(async () => {
  reader?.close();
  await host.close();
});

describe.each([
  ['A', ['logData', 'logData', 'modelStatus', 'metrics', 'inflight']],
  ['B', ['logData', 'logData', 'modelStatus', 'uiConfig', 'inflight']],
  ['C', ['logData', 'logData', 'modelStatus', 'uiConfig', 'profileChanged', 'inflight']],
] as const)('generation %s', (generation, greeting) => {
  test('greets a subscriber in its own order', async () => {
    await start(generation);
    host.makeRows({ count: 2 });
    reader = await EventReader.open(host.url);
    await reader.waitFor('inflight');
    expect(reader.types()).toEqual(greeting);
    expect(reader.broken).toEqual([]);
    expect(reader.of('logData')).toEqual([
      { source: 'proxy', data: expect.stringContaining('llama-swap listening') as string },
      { source: 'upstream', data: '' },
    ]);
    const nothing = { A: { total: 0 }, B: { requests: [] }, C: { operation: 'snapshot' } }[generation];
    expect(reader.of('inflight')).toEqual([nothing]);
    if (generation === 'A') expect(reader.of('metrics')[0]).toMatchObject([{ id: 0 }, { id: 1 }]);
  });

  test('lists every model each time, sorted, peers without a state', async () => {
    await start(generation);
    reader = await EventReader.open(host.url);
    await reader.waitFor('modelStatus');
    const base = { name: '', description: '', state: 'stopped', unlisted: false, peerID: '' };
    const newer = generation === 'A' ? {} : { aliases: ['s'] };
    const ctx = generation === 'C' ? { context_length: 32_768 } : {};
    expect(reader.of('modelStatus')[0]).toEqual([
      { id: 'big', ...base },
      { id: 'small', ...base, ...newer, ...ctx },
      { id: 'remote', ...base, state: '', peerID: 'other' },
    ]);
  });

  test('B and C tell of a question for /props, and of no other; it makes no row', async () => {
    await start(generation);
    reader = await EventReader.open(host.url);
    await reader.waitFor('inflight');
    for (const path of ['/health', '/props', '/slots']) await call(`${host.url}/upstream/small${path}`);
    expect(host.rows()).toEqual([]);
    host.makeRows();
    if (generation === 'A') await reader.waitFor('metrics', (rows) => (rows as unknown[]).length === 1);
    else await reader.waitFor('activity');
    const told = JSON.stringify(reader.of('inflight'));
    expect(told.match(/"req_path":"[^"]*"/g) ?? []).toEqual(
      generation === 'A' ? [] : ['"req_path":"/props"'],
    );
  });

  test('tells of a request: under way, the model loading, the row, and its end, in this order', async () => {
    await start(generation);
    reader = await EventReader.open(host.url);
    await reader.waitFor('inflight');
    const seen = reader.messages.length;
    await chat(host.url, 's', 'hello', { stream: true }, { 'X-Boo-Source': 'boochat' });
    const row = generation === 'A' ? 'metrics' : 'activity';
    await reader.waitFor(row, (data) => JSON.stringify(data) !== '[]');
    const over = { A: { total: 0 }, B: { requests: [] }, C: { operation: 'remove', id: '1' } }[generation];
    await reader.waitFor('inflight', (data) => JSON.stringify(data) === JSON.stringify(over));
    const after = reader.messages.slice(seen).filter(({ type }) => type !== 'logData');
    const states = after
      .filter(({ type }) => type === 'modelStatus')
      .map(
        ({ data }) => (data as Array<{ id: string; state: string }>).find(({ id }) => id === 'small')?.state,
      );
    expect(states).toEqual(['starting', 'ready']);
    expect(after[0]?.type).toBe('inflight');
    expect(after.findIndex(({ type }) => type === row)).toBe(after.length - 2);
    if (generation !== 'A') expect(after.at(-2)?.data).toEqual({ id: 1 });
    expect(after.at(-1)).toEqual({ type: 'inflight', data: over });
  });
});

test('a full row comes with the metrics message of generation A', async () => {
  await start('A');
  reader = await EventReader.open(host.url);
  await reader.waitFor('inflight');
  await chat(host.url, 'small', 'hello');
  await reader.waitFor('metrics', (data) => (data as unknown[]).length === 1);
  expect(reader.of('metrics').at(-1)).toEqual([host.rows()[0]?.row]);
  expect((await call(`${host.url}/api/metrics`)).json).toEqual([host.rows()[0]?.row]);
  expect(host.rows()[0]?.row.timestamp).toMatch(/\.\d{4,9}Z$/);
});

test('generation C carries headers, addresses and growth of a request; B only what it is', async () => {
  await start('C');
  reader = await EventReader.open(host.url);
  const headers = { 'X-Boo-Source': 'arena', Authorization: 'Bearer secret' };
  await chat(host.url, 'small', 'hello', { stream: true }, headers);
  await reader.waitFor('inflight', (data) => (data as { operation: string }).operation === 'remove');
  const upserts = reader
    .of('inflight')
    .filter((data) => (data as { operation: string }).operation === 'upsert');
  expect(upserts[0]).toMatchObject({
    request: {
      id: '1',
      model: 'small',
      req_path: '/v1/chat/completions',
      method: 'POST',
      req_headers: { 'X-Boo-Source': 'arena', Authorization: '[REDACTED]' },
      remote_ip: '127.0.0.1',
      resp_headers: {},
      resp_bytes: 0,
    },
  });
  expect(upserts[1]).toMatchObject({ request: { resp_headers: { 'Content-Type': 'text/event-stream' } } });
  reader.close();
  await host.close();
  await start('B');
  reader = await EventReader.open(host.url);
  await chat(host.url, 'small', 'hello', {}, headers);
  await reader.waitFor('inflight', (data) => (data as { requests: unknown[] }).requests.length === 1);
  const [entry] = reader
    .of('inflight')
    .flatMap((data) => (data as { requests: Array<Record<string, unknown>> }).requests);
  expect(Object.keys(entry ?? {})).toEqual(['id', 'timestamp', 'model', 'req_path', 'method']);
});

test('a reconnect repeats the log, and chunks may end in the middle of a line', async () => {
  await start('B');
  for (let round = 0; round < 4; round += 1) await chat(host.url, 'small', `hello ${round}`);
  reader = await EventReader.open(host.url);
  await reader.waitFor('inflight');
  const history = (reader.of('logData')[1] as { data: string }).data;
  expect(history).toContain('prompt eval time');
  const before = reader.of('logData').length;
  for (let round = 0; round < 4; round += 1) await chat(host.url, 'small', `again ${round}`);
  await reader.waitFor('activity', (data) => (data as { id: number }).id === 8);
  const later = reader.of('logData').slice(before) as Array<{ source: string; data: string }>;
  expect(later.some(({ data }) => !data.endsWith('\n'))).toBe(true);
});

import { createConnection } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSimHost, type SimHost } from './sim-host.js';
import { call, chat } from './testing/calls.js';
import { EventReader } from './testing/event-reader.js';
import { until } from './testing/until.js';

let host: SimHost;
let reader: EventReader | undefined;

beforeEach(async () => {
  host = await createSimHost({ timeScale: 100, models: [{ id: 'm', loadMs: 100 }] });
});

afterEach(async () => {
  reader?.close();
  reader = undefined;
  await host.close();
});

async function subscribe(): Promise<EventReader> {
  reader = await EventReader.open(host.url);
  await reader.waitFor('inflight');
  return reader;
}

/** The status, or the socket's error code, or 'pending' when nothing came within the time. */
async function outcome(path: string, withinMs: number): Promise<number | string> {
  const answer = call(`${host.url}${path}`).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  const timeout = new Promise<string>((resolve) => setTimeout(() => resolve('pending'), withinMs));
  return Promise.race([answer, timeout]);
}

test('refuse: connecting is refused, open streams break, and it comes back on the same port', async () => {
  const events = await subscribe();
  const { url } = host;
  await host.faults.set({ refuse: true });
  await until(() => events.ended, 'the stream to break');
  expect(await outcome('/health', 5_000)).toBe('ECONNREFUSED');
  await host.faults.clear();
  expect(host.url).toBe(url);
  expect(await outcome('/health', 5_000)).toBe(200);
});

test('faults with a time limit clear themselves, over HTTP too', async () => {
  expect((await call(`${host.url}/sim/faults`, 'POST', { refuse: true, forMs: 600 })).status).toBe(202);
  await until(async () => (await outcome('/health', 5_000)) === 'ECONNREFUSED', 'refusal');
  await until(async () => (await outcome('/health', 5_000)) === 200, 'return');
  expect(host.faults.current).toEqual({});
});

test('hang: accepted and never answered, while open streams go on', async () => {
  const events = await subscribe();
  await host.faults.set({ hang: true });
  const socket = createConnection(host.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.destroy();
  expect(await outcome('/health', 150)).toBe('pending');
  host.makeRows();
  await events.waitFor('activity');
});

test('silence: the stream says nothing and loses it, /health answers', async () => {
  const events = await subscribe();
  const before = events.messages.length;
  await host.faults.set({ silence: true });
  host.makeRows({ count: 3 });
  expect(await outcome('/health', 5_000)).toBe(200);
  await host.faults.clear();
  host.makeRows();
  await events.waitFor('activity');
  expect(events.messages.slice(before).map(({ data }) => data)).toEqual([{ id: 4 }]);
});

test('deaf: neither stream nor health', async () => {
  const events = await subscribe();
  const before = events.messages.length;
  await host.faults.set({ deaf: true });
  host.makeRows();
  expect(await outcome('/health', 150)).toBe('pending');
  expect(events.messages.length).toBe(before);
});

test('resetMidStream: the event stream breaks in the middle of a frame', async () => {
  await host.faults.set({ resetMidStream: { afterChunks: 6, target: 'events' } });
  const events = await subscribe();
  host.makeRows({ count: 2 });
  await until(() => events.ended, 'the reset');
  expect(events.error).toBe('ECONNRESET');
  expect(events.messages).toHaveLength(6);
  expect((await chat(host.url, 'm', 'hello', { stream: true })).text).toContain('[DONE]');
});

test('resetMidStream: an answer breaks, and its row is partial', async () => {
  await host.faults.set({ resetMidStream: { afterChunks: 1, target: 'answers' } });
  await expect(chat(host.url, 'm', 'hello', { stream: true, max_tokens: 200 })).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  await until(() => host.rows().length === 1, 'row');
  expect(host.rows()[0]?.row.tokens.output_tokens).toBe(0);
});

test('garbleFrame: so many frames are broken, the next ones are sound', async () => {
  const events = await subscribe();
  await host.faults.set({ garbleFrame: { count: 2 } });
  host.makeRows({ count: 3 });
  await events.waitFor('activity', (data) => (data as { id: number }).id === 3);
  expect(events.broken).toHaveLength(2);
});

test('splitFrames: pieces of a few bytes, inside UTF-8 sequences too, and nothing is lost', async () => {
  await host.faults.set({ splitFrames: true });
  const events = await subscribe();
  host.makeRows({ count: 5 });
  await events.waitFor('activity', (data) => (data as { id: number }).id === 5);
  expect(events.broken).toEqual([]);
  expect(events.chunkSizes.filter((size) => size < 10).length).toBeGreaterThan(5);
  const answer = await chat(host.url, 'm', 'hello', { stream: true, max_tokens: 60 });
  expect(answer.text).not.toContain('\ufffd');
});

test('slow and logFlood', async () => {
  const events = await subscribe();
  await host.faults.set({ slow: { delayMs: 120 }, logFlood: { linesPerS: 2_000 } });
  expect(await outcome('/health', 60)).toBe('pending');
  await until(() => JSON.stringify(events.of('logData')).split('update_slots').length > 300, 'many lines');
});

test('logDrops: the log of one model leaves chunks out, the event stream does not', async () => {
  const events = await subscribe();
  await chat(host.url, 'm', 'hello', { max_tokens: 2 });
  const leave = new AbortController();
  const opened = fetch(`${host.url}/logs/stream/m?no-history`, { signal: leave.signal });
  await host.faults.set({ logFlood: { linesPerS: 1_000 }, logDrops: { probability: 0.5 } });
  const read = (await opened).body?.getReader();
  let own = '';
  const upstream = () =>
    (events.of('logData') as { data: string; source: string }[])
      .filter(({ source }) => source === 'upstream')
      .map(({ data }) => data)
      .join('');
  const tasks = (text: string) =>
    [...text.matchAll(/^slot update_slots: id 0 \| task (\d+) \| n_past = \d+$/gm)].map(([, task]) =>
      Number(task),
    );
  while (tasks(own).length < 500) own += Buffer.from((await read?.read())?.value ?? []).toString();
  leave.abort();
  const all = tasks(upstream());
  expect(all).toEqual(all.map((_, at) => at + 1));
  expect((tasks(own).at(-1) ?? 0) - (tasks(own)[0] ?? 0)).toBeGreaterThan(tasks(own).length);
});

test('slowTokens: answers that begin meanwhile take so many times as long, and say so', async () => {
  const paced = await createSimHost({ models: [{ id: 'p', loadMs: 10, pace: { firstMs: 1, tokenMs: 2 } }] });
  try {
    await paced.faults.set({ slowTokens: { factor: 20 } });
    const { json } = await chat(paced.url, 'p', 'hello', { max_tokens: 30, ignore_eos: true });
    const { timings } = json as { timings: { predicted_per_second: number } };
    // 29 times 40 ms at least, however quick the machine is.
    expect(timings.predicted_per_second).toBeLessThan(26);
  } finally {
    await paced.close();
  }
});

test('unauthorized and serverErrors', async () => {
  await host.faults.set({ unauthorized: true });
  expect([await outcome('/health', 5_000), await outcome('/running', 5_000)]).toEqual([401, 401]);
  await host.faults.set({ unauthorized: false, serverErrors: {} });
  expect(await outcome('/running', 5_000)).toBe(500);
  await host.faults.set({ serverErrors: { probability: 0.5 } });
  const seen = new Set<number | string>();
  await until(async () => seen.add(await outcome('/health', 5_000)).size === 2, 'both outcomes');
  expect(seen).toEqual(new Set([200, 500]));
});

test('restart: ids start again and the ring is lost, the ledger remembers', async () => {
  const events = await subscribe();
  host.makeRows({ count: 3 });
  await host.restart();
  await until(() => events.ended, 'the stream to break');
  host.makeRows();
  const { data } = (await call(`${host.url}/api/metrics/activity`)).json as { data: Array<{ id: number }> };
  expect(data.map(({ id }) => id)).toEqual([1]);
  expect(host.rows().map(({ boot, row }) => [boot, row.id])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
  ]);
});

test('restart with a store on disk: ids go on', async () => {
  host.makeRows({ count: 3 });
  await host.restart({ keepIds: true });
  host.makeRows();
  const { data } = (await call(`${host.url}/api/metrics/activity`)).json as { data: Array<{ id: number }> };
  expect(data.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
});

test('a restart kills what is under way, without a row', async () => {
  const broken = expect(chat(host.url, 'm', 'hello', { max_tokens: 500 })).rejects.toThrow();
  await until(() => host.state().inflight === 1, 'under way');
  await host.restart();
  await broken;
  expect(host.rows()).toEqual([]);
  expect(host.state()).toMatchObject({ boot: 2, inflight: 0, models: [{ state: 'stopped' }] });
});

test('ringOverflow: only the newest rows can still be had', async () => {
  await host.faults.set({ ringOverflow: { rows: 2 } });
  host.makeRows({ count: 5 });
  const page = (await call(`${host.url}/api/metrics/activity`)).json as {
    total: number;
    data: Array<{ id: number }>;
  };
  expect([page.total, page.data.map(({ id }) => id)]).toEqual([2, [5, 4]]);
  expect(host.rows()).toHaveLength(5);
});

test('clockSkew: the host is off by so much', async () => {
  await host.faults.set({ clockSkew: { ms: -3_600_000 } });
  host.makeRows();
  const skewMs = Date.parse(host.rows()[0]?.row.timestamp ?? '') - Date.now();
  expect(Math.abs(skewMs + 3_600_000)).toBeLessThan(30_000);
});

test('upgrade: the same port speaks another generation', async () => {
  await host.upgrade('A');
  host.makeRows();
  expect((await call(`${host.url}/api/metrics`)).json).toMatchObject([{ id: 0 }]);
  await host.upgrade('C');
  const events = await subscribe();
  expect(events.types()).toContain('uiConfig');
  expect((await call(`${host.url}/api/metrics`)).status).toBe(404);
});

test('unknown message types and dropped connections', async () => {
  const events = await subscribe();
  await host.faults.set({ unknownMessage: { name: 'weather' } });
  await events.waitFor('weather');
  host.killConnections();
  await until(() => events.ended, 'the drop');
});

test('DELETE clears, GET tells', async () => {
  await call(`${host.url}/sim/faults`, 'POST', { silence: true, slow: { delayMs: 5 } });
  expect((await call(`${host.url}/sim/faults`)).json).toEqual({ silence: true, slow: { delayMs: 5 } });
  expect((await call(`${host.url}/sim/faults`, 'DELETE')).json).toEqual({});
});

import { afterEach, expect, test } from 'vitest';
import { parseRfc3339 } from './core/rfc3339.js';
import type { SimHostInput } from './options.js';
import { createSimHost, type SimHost } from './sim-host.js';
import { call, chat } from './testing/calls.js';
import { until } from './testing/until.js';

let host: SimHost;

async function start(over: Partial<SimHostInput> = {}): Promise<void> {
  host = await createSimHost({
    timeScale: 100,
    models: [
      { id: 'm', name: 'Model', loadMs: 500, sizeMb: 10_000 },
      { id: 'hidden', unlisted: true },
    ],
    gpus: [
      { name: 'GPU one', totalMb: 24_000 },
      { name: 'GPU two', totalMb: 24_000 },
    ],
    performance: { everyMs: 1_000 },
    ...over,
  });
}

afterEach(() => host.close());

interface Stats {
  gpu_stats: Array<{ timestamp: string; mem_used_mb: number; temp_c: number; power_draw_w: number }> | null;
  sys_stats: Array<{ timestamp: string }> | null;
}

async function stats(after?: string): Promise<Stats> {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  return (await call(`${host.url}/api/performance${query}`)).json as Stats;
}

test('performance has two tickers and a row for each GPU; `after` is strict to the nanosecond', async () => {
  await start();
  await until(async () => ((await stats()).gpu_stats?.length ?? 0) >= 4, 'two GPU snapshots');
  await until(async () => ((await stats()).sys_stats?.length ?? 0) >= 3, 'three system samples');
  const all = await stats();
  const times = (all.gpu_stats ?? []).map(({ timestamp }) => timestamp);
  const sysTimes = (all.sys_stats ?? []).map(({ timestamp }) => timestamp);
  expect(sysTimes.some((time) => times.includes(time))).toBe(false);
  expect(times.length % 2).toBe(0);
  const cut = sysTimes[1] ?? '';
  const newer = await stats(cut);
  const cutNs = parseRfc3339(cut) ?? 0n;
  expect(newer.sys_stats?.every(({ timestamp }) => (parseRfc3339(timestamp) ?? 0n) > cutNs)).toBe(true);
  expect((await call(`${host.url}/api/performance?after=noon`)).status).toBe(400);
  expect((await call(`${host.url}/api/performance?after=${cut.replace('Z', '+00:00')}`)).status).toBe(400);
});

test('VRAM, temperature and power follow the load', async () => {
  await start({ models: [{ id: 'm', loadMs: 0, sizeMb: 10_000, genTps: 1 }] });
  await until(async () => ((await stats()).gpu_stats?.length ?? 0) >= 2, 'idle snapshot');
  const [idle] = (await stats()).gpu_stats ?? [];
  const busy = chat(host.url, 'm', 'work', { max_tokens: 120 });
  await until(async () => ((await stats()).gpu_stats?.at(-2)?.temp_c ?? 0) > 55, 'a warm GPU');
  const [loaded, empty] = (await stats()).gpu_stats?.slice(-2) ?? [];
  expect(loaded?.mem_used_mb).toBeGreaterThan(10_000);
  expect(empty?.mem_used_mb).toBe(idle?.mem_used_mb);
  expect(loaded?.power_draw_w).toBeGreaterThan((idle?.power_draw_w ?? 0) + 100);
  await busy;
});

test('a host without a GPU tool sends null, or an empty list behind `after`', async () => {
  await start({ gpus: [] });
  await until(async () => ((await stats()).sys_stats?.length ?? 0) > 0, 'a system sample');
  expect((await stats()).gpu_stats).toBeNull();
  expect((await stats('2020-01-01T00:00:00Z')).gpu_stats).toEqual([]);
});

test('monitoring that is off is a 503, an older build a 404', async () => {
  await start({ performance: { enabled: false } });
  const off = await call(`${host.url}/api/performance`);
  expect([off.status, off.json]).toEqual([503, { enabled: false }]);
  expect((await call(`${host.url}/metrics`)).status).toBe(503);
  await host.close();
  await start({ performance: { exists: false } });
  expect((await call(`${host.url}/api/performance`)).status).toBe(404);
});

test('times carry the zone of the host', async () => {
  await start({ generation: 'A', utcOffsetMinutes: 120 });
  host.makeRows();
  expect(host.rows()[0]?.row.timestamp).toMatch(/\+02:00$/);
});

test('keys: Bearer, Basic and x-api-key; /health stays open', async () => {
  await start({ apiKeys: ['k1', 'k2'] });
  const denied = await call(`${host.url}/running`);
  expect(denied.status).toBe(401);
  expect(denied.headers['www-authenticate']).toBe('Basic realm="llama-swap"');
  const accepted: Array<Record<string, string>> = [
    { authorization: 'Bearer k1' },
    { authorization: `Basic ${Buffer.from('any:k2').toString('base64')}` },
    { 'x-api-key': 'k1' },
  ];
  for (const headers of accepted) {
    expect((await call(`${host.url}/running`, 'GET', undefined, headers)).status).toBe(200);
  }
  expect((await call(`${host.url}/running`, 'GET', undefined, { authorization: 'Bearer no' })).status).toBe(
    401,
  );
  expect((await call(`${host.url}/api/events`)).status).toBe(401);
  expect((await call(`${host.url}/health`)).text).toBe('OK');
});

test('captures hold the exchange, secrets blanked, and leave with the restart', async () => {
  await start();
  await chat(
    host.url,
    'm',
    'hello',
    { stream: true },
    { Authorization: 'Bearer x', 'X-Boo-Source': 'boochat' },
  );
  const { json } = await call(`${host.url}/api/captures/1`);
  const capture = json as { req_headers: object; req_body: string; resp_body: string };
  expect(capture.req_headers).toMatchObject({ Authorization: '[REDACTED]', 'X-Boo-Source': 'boochat' });
  expect(JSON.parse(Buffer.from(capture.req_body, 'base64').toString())).toMatchObject({
    model: 'm',
    stream: true,
  });
  expect(Buffer.from(capture.resp_body, 'base64').toString()).toMatch(/^data: .*\[DONE\]\n\n$/s);
  expect((await call(`${host.url}/api/captures/99`)).status).toBe(404);
  expect((await call(`${host.url}/api/captures/x`)).status).toBe(400);
  await host.restart({ keepIds: true });
  expect((await call(`${host.url}/api/captures/1`)).status).toBe(404);
  const { data } = (await call(`${host.url}/api/metrics/activity`)).json as {
    data: Array<{ has_capture: boolean }>;
  };
  expect(data[0]?.has_capture).toBe(false);
});

test('a failed request keeps its request only; generation A keeps nothing of it', async () => {
  await start();
  await chat(host.url, 'nobody', 'hello');
  const { json } = await call(`${host.url}/api/captures/1`);
  expect(json).toMatchObject({ req_body: expect.any(String) as string, resp_body: null });
  await host.upgrade('A');
  await chat(host.url, 'nobody', 'hello');
  expect(host.rows()[1]?.row).toMatchObject({ id: 0, has_capture: false });
  expect(host.rows()[1]?.row).not.toHaveProperty('error_msg');
});

test('lists, versions and hardware, each where its generation has it', async () => {
  await start();
  const { json } = await call(`${host.url}/v1/models`);
  expect(json).toMatchObject({
    object: 'list',
    data: [{ id: 'm', name: 'Model', status: { value: 'unloaded' } }],
  });
  expect((await call(`${host.url}/api/version`)).json).toMatchObject({ version: '250' });
  expect((await call(`${host.url}/api/hardware`)).json).toMatchObject({
    schema_version: 1,
    accelerators: [{}, {}],
  });
  expect((await call(`${host.url}/api/profiles`)).json).toEqual({ active: null, profiles: [] });
  for (const generation of ['A', 'B'] as const) {
    await host.upgrade(generation);
    expect((await call(`${host.url}/api/hardware`)).status).toBe(404);
    expect((await call(`${host.url}/api/metrics`)).status).toBe(generation === 'A' ? 200 : 404);
    expect((await call(`${host.url}/api/metrics/activity`)).status).toBe(generation === 'A' ? 404 : 200);
  }
});

test('errors are text for whoever prefers it, and a string before late C', async () => {
  await start({ generation: 'B' });
  const url = `${host.url}/api/models/unload/nobody`;
  expect((await call(url, 'POST')).json).toEqual({ src: 'llama-swap', error: 'model not found' });
  const text = await call(url, 'POST', undefined, { accept: 'text/plain' });
  expect(text.text).toBe('llama-swap: model not found');
});

test('/sim/requests makes finished rows at once, and bad input is refused by name', async () => {
  await start();
  const made = await call(`${host.url}/sim/requests`, 'POST', { count: 3, source: 'arena', model: 'm' });
  expect(made.json).toEqual({ ids: [1, 2, 3] });
  expect(host.rows().map(({ source }) => source)).toEqual(['arena', 'arena', 'arena']);
  expect(host.state()).toMatchObject({ ring: 3, rowsEver: 3 });
  const refused = await call(`${host.url}/sim/requests`, 'POST', { count: 0 });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('count')]);
  const unknown = await call(`${host.url}/sim/faults`, 'POST', { flap: true });
  expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('flap')]);
});

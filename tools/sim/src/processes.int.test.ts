import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createDemoFleet } from './demo-fleet.js';
import { createModelServer } from './model-server.js';
import { call, chat } from './testing/calls.js';
import { until } from './testing/until.js';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function sim(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, output, exit };
}

test('a model server is 503 until it is loaded, then answers like llama.cpp', async () => {
  const server = await createModelServer({ id: 'alone', loadMs: 200, timeScale: 2 });
  try {
    const early = await call(`${server.url}/health`);
    expect([early.status, early.json]).toMatchObject([503, { error: { message: 'Loading model' } }]);
    await until(async () => (await call(`${server.url}/health`)).status === 200, 'loaded');
    expect((await call(`${server.url}/props`)).json).toMatchObject({
      default_generation_settings: { n_ctx: 32_768 },
    });
    expect((await chat(server.url, 'whatever', 'hello')).json).toMatchObject({ model: 'alone', timings: {} });
    expect((await call(`${server.url}/nothing`)).status).toBe(404);
  } finally {
    await server.close();
  }
});

test('the demo fleet lives: several consumers, models loading, cached prefixes', async () => {
  const fleet = await createDemoFleet({ seed: 5, timeScale: 60 });
  try {
    const rows = () => fleet.hosts.flatMap((host) => host.rows());
    const sources = () => new Set(rows().map(({ source, userAgent }) => source ?? userAgent));
    await until(() => sources().size >= 6 && rows().length >= 60, 'traffic of all kinds', 25_000);
    expect([...sources()]).toEqual(
      expect.arrayContaining([
        'boochat',
        'boocoder',
        'arena',
        'python-requests/2.32',
        'OpenAI/JS 6.49',
        'curl/8.5',
      ]),
    );
    expect(rows().some(({ row }) => row.tokens.cache_tokens > 100)).toBe(true);
    expect(rows().filter(({ row }) => row.resp_status_code === 200).length).toBeGreaterThan(
      rows().length * 0.7,
    );
    expect(new Set(fleet.hosts.map((host) => host.state().generation))).toEqual(new Set(['A', 'B', 'C']));
  } finally {
    await fleet.close();
  }
});

test('cli: host announces itself and stops on SIGTERM', async () => {
  const { child, output, exit } = sim('host', '--generation', 'B', '--seed', '3');
  await until(() => output.out.includes('\n'), 'the announcement');
  const { url, generation } = JSON.parse(output.out) as { url: string; generation: string };
  expect(generation).toBe('B');
  expect((await call(`${url}/health`)).text).toBe('OK');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('cli: a fleet ends when its parent closes standard input', async () => {
  const { child, output, exit } = sim('fleet', '--quiet', '--exit-with-parent');
  await until(() => output.out.trim().split('\n').length === 5, 'five hosts');
  child.stdin.end();
  expect(await exit).toBe(0);
});

test.each([
  [['host', '--generation', 'D'], 'A'],
  [['host', '--port', 'abc'], '--port'],
  [['model', '--ctx', '-5'], 'ctx'],
  [['nonsense'], 'Usage'],
  [['host', '--colour', 'red'], '--colour'],
])('cli: %j is refused with a clear error', async (args, named) => {
  const { output, exit } = sim(...args);
  expect(await exit).not.toBe(0);
  expect(output.err).toContain(named);
});

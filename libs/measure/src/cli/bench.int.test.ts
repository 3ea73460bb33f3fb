import { ResultSchema } from '@boocontrol/contracts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainService } from '../testing/plain-service.js';

const BIN = fileURLToPath(new URL('../../bin/boocontrol.mjs', import.meta.url));
const MODEL = 'paced';
const SMALL = ['--prompt-tokens', '64', '--output-tokens', '8', '--concurrency', '1', '--seed', '3'];

let dir: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'boocontrol-bench-'));
  closing.push(() => rm(dir, { recursive: true }));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function host(tokenMs = 2, more: Partial<SimHostInput> = {}): Promise<SimHost> {
  const pace = { firstMs: 5, tokenMs };
  const started = await createSimHost({ models: [{ id: MODEL, loadMs: 20, pace }], ...more });
  closing.push(() => started.close());
  return started;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A process of its own, without a terminal. `watch` sees what it has said so far. */
async function boocontrol(
  args: readonly string[],
  { env = {}, watch }: { env?: NodeJS.ProcessEnv; watch?: (err: string, kill: () => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    watch?.(err, () => child.kill('SIGINT'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const bench = (url: string, ...more: string[]) => [
  'bench',
  '--url',
  url,
  '--model',
  MODEL,
  ...SMALL,
  ...more,
];

describe('boocontrol bench', () => {
  test('measures a host with nothing else running, prints a table, writes what its schema says, and ends', async () => {
    const sim = await host();
    const file = join(dir, 'run.json');
    const { code, out, err } = await boocontrol(bench(sim.url, '--out', file));
    expect(code, err).toBe(0);
    expect(out).toContain(`${MODEL} on ${sim.url} (llama-swap`);
    expect(out).toMatch(/pp64 tg8 d0 c1.* 5\/5/);
    expect(err).toMatch(/\[1\/1\] pp64 tg8 d0 c1: TTFT \d+ ms/);
    const result = ResultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(result).toMatchObject({
      status: 'complete',
      seed: 3,
      suite: { name: 'quick', promptTokens: [64] },
    });
    // Without a terminal nothing is coloured and no line is written over.
    expect(stripVTControlCharacters(out + err)).toBe(out + err);
    expect(out + err).not.toContain('\r');
  });

  test('prints the result alone with --json', async () => {
    const sim = await host();
    const { out } = await boocontrol(bench(sim.url, '--json'));
    expect(ResultSchema.parse(JSON.parse(out)).cells).toHaveLength(1);
  });

  test('writes the figures as a table or as CSV, by how the file is called', async () => {
    const sim = await host();
    const [csv, md] = [join(dir, 'run.csv'), join(dir, 'RUN.MD')];
    for (const file of [csv, md]) {
      const { code, err } = await boocontrol(bench(sim.url, '--out', file, '--repetitions', '1'));
      expect(code, err).toBe(0);
    }
    expect(await readFile(csv, 'utf8')).toMatch(
      /^run,started,.*\r\n(?:.*\r\n)?.*,pp64 tg8 d0 c1,1,1,ttfbMs,ms,1,/,
    );
    expect(await readFile(md, 'utf8')).toMatch(/^### paced on .*\n\n.*\n\n\| cell \| requests \|/);
  });

  test('takes a suite of its own as YAML', async () => {
    const sim = await host();
    const file = join(dir, 'mine.yaml');
    await writeFile(file, 'name: mine # of my own\npromptTokens: [48]\noutputTokens: [4]\nrepetitions: 2\n');
    const { code, out, err } = await boocontrol([
      'bench',
      '--url',
      sim.url,
      '--model',
      MODEL,
      '--suite',
      file,
    ]);
    expect(code, err).toBe(0);
    expect(out).toContain('suite mine');
    expect(out).toMatch(/pp48 tg4 d0 c1.* 2\/2/);
    await writeFile(file, 'name: [mine');
    const bad = await boocontrol(['bench', '--url', sim.url, '--suite', file]);
    expect(bad.err).toContain('mine.yaml is no YAML: ');
    expect(bad.code).toBe(2);
  });

  // Times of a host that is slow enough: what a busy machine adds to them is little beside it.
  test('finds a host that became slower than its baseline, and judges nothing by two repetitions', async () => {
    const file = join(dir, 'base.json');
    const fast = await host(20);
    const quick = await boocontrol(bench(fast.url, '--out', file));
    expect(quick.code, quick.err).toBe(0);
    const slow = await host(80);
    const slower = await boocontrol(bench(slow.url, '--baseline', file));
    expect(slower.out).toMatch(/pp64 tg8 d0 c1\s+generation\s+× 0\.\d+ .*regressed/);
    expect(slower.out).toContain('not the same: host');
    expect(slower.code).toBe(3);
    const two = await boocontrol(bench(fast.url, '--baseline', file, '--repetitions', '2'));
    expect(two.out).toContain('fewer than 5 repetitions');
    expect(two.code).toBe(0);
  });

  test('ends cleanly when it is interrupted, with what was measured so far', async () => {
    const sim = await host();
    const file = join(dir, 'part.json');
    let isTold = false;
    const { code, out } = await boocontrol(
      bench(sim.url, '--concurrency', '1,8', '--repetitions', '30', '--out', file),
      {
        watch: (err, kill) => {
          if (isTold || !err.includes('[1/2] pp64')) return;
          isTold = true;
          kill();
        },
      },
    );
    expect(code).toBe(130);
    expect(out).toContain('Not complete: interrupted');
    const result = ResultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(result.status).toBe('interrupted');
    expect(result.cells[0]?.requests.ok).toBe(30);
  });

  test('works with a service that has /v1 only, with a key from the environment', async () => {
    const service = await plainService({ key: 'k-1' });
    closing.push(() => service.close());
    const args = ['bench', '--url', `${service.url}/v1`, '--model', 'plain-1', ...SMALL];
    const without = await boocontrol(args);
    expect(without).toMatchObject({ code: 1, out: '' });
    expect(without.err).toContain('asks for a key');
    const { code, out } = await boocontrol([...args, '--api-key-env', 'TEST_API_KEY'], {
      env: { TEST_API_KEY: 'k-1' },
    });
    expect(out).toContain('(openai)');
    expect(out).not.toContain('k-1');
    expect(code).toBe(0);
  });
});

describe('what cannot be done is said in a line', () => {
  test.each<[string, string[], number, string]>([
    [
      'nobody there',
      ['--url', 'http://127.0.0.1:9'],
      1,
      'Nothing answers at http://127.0.0.1:9: the connection is refused.',
    ],
    ['no host', [], 2, 'Which host? --url http://192.168.1.20:8080'],
    [
      'no such preset',
      ['--url', 'http://h', '--preset', 'x'],
      2,
      'There is no preset "x". There are: quick, llama-bench',
    ],
    ['no such option', ['--colour'], 2, "Unknown option '--colour'"],
    [
      'no number',
      ['--url', 'http://h', '--repetitions', 'many'],
      2,
      '--repetitions takes numbers, not "many"',
    ],
    ['an unset key', ['--url', 'http://h', '--api-key-env', 'NO_SUCH_KEY'], 2, 'NO_SUCH_KEY is not set'],
    [
      'a file of no form',
      ['--url', 'http://h', '--out', 'x.txt'],
      2,
      '--out takes a file that ends in .json, .csv or .md, not x.txt',
    ],
    ['a bad suite', ['--url', 'http://h', '--repetitions', '0'], 2, 'That is no suite.'],
    [
      'no baseline file',
      ['--url', 'http://h', '--baseline', '/no/such.json'],
      2,
      '/no/such.json cannot be read',
    ],
  ])('%s', async (_what, args, code, message) => {
    const ended = await boocontrol(['bench', ...args]);
    expect(ended.err).toContain(message);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).not.toMatch(/^\s+at /m);
  });

  test('a model that the host does not have, with those that it has', async () => {
    const sim = await host();
    const { code, err } = await boocontrol(['bench', '--url', sim.url, '--model', 'nope']);
    expect(err).toContain(`has no model "nope". It has ${MODEL}.`);
    expect(code).toBe(1);
  });

  test('a baseline that is something else', async () => {
    const file = join(dir, 'other.json');
    await writeFile(file, '{"kind":"other"}');
    const { code, err } = await boocontrol(['bench', '--url', 'http://h', '--baseline', file]);
    expect(err).toContain('is not a result of bench');
    expect(code).toBe(2);
  });
});

test('--help and --definitions print and end', async () => {
  const help = await boocontrol(['bench', '--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('--api-key-env');
  const { out } = await boocontrol(['bench', '--definitions']);
  expect(out).toContain('tpotMs (time per token, ms; of a request, by our clock and host)');
});

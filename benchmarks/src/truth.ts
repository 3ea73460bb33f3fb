import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SuiteSchema, type Result, type SuiteInput } from '@boocontrol/contracts';
import { measure } from '@boocontrol/measure';
import type { WrittenAnswer } from '@boocontrol/sim';
import { expectCount, percentile, round, table, type Row } from './measure.js';

const MODEL = 'paced';
const RATE = 200;
const FLOOD_S = 8;

/** What is measured of a host in a process of its own, beside what that host wrote down of when it wrote. */
export async function truth(): Promise<void> {
  const host = await startHost();
  try {
    const rows: Row[] = [];
    for (const concurrency of [1, 16]) {
      const load: SuiteInput['load'] = { kind: 'closed', concurrency: [concurrency] };
      const requests = concurrency === 1 ? 200 : 1_600;
      const result = await run(host.url, { load, repetitions: requests / concurrency });
      rows.push(...(await errors(host.url, result, `${concurrency} at once`, requests)));
    }
    table('Read after it was written, ms: one machine, two processes', rows);
    await flood(host.url);
  } finally {
    host.child.kill();
    await once(host.child, 'close');
    await rm(host.dir, { recursive: true });
  }
}

function run(url: string, more: Partial<SuiteInput>): Promise<Result> {
  const suite = SuiteSchema.parse({
    name: 'truth',
    promptTokens: [64],
    outputTokens: [16],
    warmup: { requests: 2, until: 'count' },
    ...more,
  });
  return measure({ url, model: MODEL, suite, seed: 1 });
}

/** How much later than written the first token, all tokens and the last one were read. */
async function errors(url: string, result: Result, what: string, requests: number): Promise<Row[]> {
  const answers = (await (await fetch(`${url}/sim/writes`)).json()) as WrittenAnswer[];
  const written = new Map(answers.map(({ id, chunks }) => [id, chunks.map(({ atMs }) => atMs)]));
  const [first, each, last]: number[][] = [[], [], []];
  for (const { answerId, startMs, ttftMs, gapsMs, e2eMs } of result.samples) {
    const chunks = written.get(answerId ?? '') ?? [];
    expectCount('chunks of an answer', gapsMs.length + 1, chunks.length);
    const sentMs = result.clockMs + startMs;
    let readMs = sentMs + (ttftMs ?? NaN);
    first?.push(readMs - (chunks[0] ?? NaN));
    for (const [at, writtenMs] of chunks.entries()) {
      if (at > 0) readMs += gapsMs[at - 1] ?? NaN;
      each?.push(readMs - writtenMs);
    }
    last?.push(sentMs + (e2eMs ?? NaN) - (chunks.at(-1) ?? NaN));
  }
  expectCount('answers', first?.length ?? 0, requests);
  return Object.entries({ 'first token': first, 'every token': each, 'last token': last }).map(
    ([name, values = []]) => ({
      what: `${name}, ${what}`,
      n: values.length,
      least: round(percentile(values, 0), 3),
      p50: round(percentile(values, 50), 3),
      p99: round(percentile(values, 99), 3),
    }),
  );
}

/** What it costs to send and to read so many requests a second. */
async function flood(url: string): Promise<void> {
  let began = process.cpuUsage();
  const suite = SuiteSchema.parse({
    name: 'flood',
    promptTokens: [64],
    outputTokens: [16],
    repetitions: 1,
    load: { kind: 'open', ratePerS: [RATE], requests: RATE * FLOOD_S },
  });
  const result = await measure({
    url,
    model: MODEL,
    suite,
    seed: 1,
    onEvent: (event) => {
      // The last of what warms up: what comes then is measured.
      if (event.kind === 'sample' && event.isWarmup) began = process.cpuUsage();
    },
  });
  const { user, system } = process.cpuUsage(began);
  const requests = RATE * FLOOD_S;
  const { ok } = result.cells[0]?.requests ?? { ok: 0 };
  const lagMs = result.cells[0]?.figures.lagMs;
  // By CPU time a request, so that it is the same on a machine that does other things too.
  const cpuMs = (user + system) / 1_000 / requests;
  table(`${RATE} requests a second, Poisson, answers of 16 chunks`, [
    {
      what: 'making prompts, sending, reading and computing',
      // Less on a machine that cannot do as much beside whatever else it does.
      answered: `${ok} of ${requests}`,
      'CPU a request, ms': round(cpuMs, 2),
      [`cores at ${RATE} a second`]: round((cpuMs * RATE) / 1_000, 2),
      'sent late p50, ms': round(lagMs?.median ?? NaN, 2),
      'p99, ms': round(lagMs?.p99 ?? NaN, 2),
    },
  ]);
}

async function startHost(): Promise<{ child: ChildProcess; url: string; dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'boocontrol-truth-'));
  const file = join(dir, 'host.json');
  const pace = { firstMs: 20, tokenMs: 5 };
  const models = [{ id: MODEL, loadMs: 10, pace, parallel: 4_096, concurrencyLimit: 4_096 }];
  await writeFile(file, JSON.stringify({ models, captureBufferMb: 0 }));
  const sim = join(dirname(createRequire(import.meta.url).resolve('@boocontrol/sim')), 'cli.js');
  const args = [sim, 'host', '--port', '0', '--config', file, '--exit-with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url, dir };
}

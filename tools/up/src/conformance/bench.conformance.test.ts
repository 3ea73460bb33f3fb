import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  BUCKET,
  BenchRunDetailSchema,
  BenchRunSchema,
  BenchSamplesPageSchema,
  BenchStartedSchema,
  type BenchRunDetail,
  type FigureKey,
  type Generation,
  type Sample,
} from '@boocontrol/contracts';
import { Kvm } from '@nats-io/kv';
import { preset } from '@boocontrol/measure';
import { connectBus, createLogger } from '@boocontrol/platform';
import { waitFor, withStack, type Stack } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { LLAMA, SLOW_MODEL, type HostUnderTest } from './host.js';
import { startReal } from './real.js';

// tools/up/conformance.mjs runs this only where all of it is given. One build is enough: what is measured is llama.cpp.
const { LLAMA_SERVER_BIN: binary, LLAMA_MODEL: model, LLAMA_BENCH_BIN: llamaBench } = process.env;
const generation = (['C', 'B', 'A'] as const).find((one) => process.env[`LLAMA_SWAP_BIN_${one}`]);

const PROVIDER = 'tower';
const PROMPT = 256;
const OUTPUT = 192;
/** Several wait for each other, and on a machine that does other things too they wait for ever. */
const THREADS = 1;
/** How far our speeds may be from the server's own. */
const TOLERANCE = 0.1;
/** A machine that does other things too holds up one reader or the other: then it is measured again. */
const RUNS = 3;
const DONE_MS = 240_000;

/** The suite for a quick look, as small as this model and a machine that does other things too need it. */
const suite = {
  ...(preset('quick') ?? expect.fail('there is no quick suite')),
  promptTokens: [PROMPT],
  outputTokens: [OUTPUT],
  load: { kind: 'closed', concurrency: [1, 2] },
  warmup: { requests: 1, until: 'count' },
  // What is likeliest of random weights may be parts of characters for ever, which is no text.
  sampling: { temperature: 0.8, seed: 11 },
};

class Bench {
  constructor(private readonly url: string) {}

  async ask<S extends z.ZodType>(schema: S, path: string, body?: object): Promise<z.output<S>> {
    const answer = await fetch(`${this.url}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', 'x-boo-source': 'conformance' },
    });
    const text = await answer.text();
    expect(answer.ok, `${path}: ${answer.status} ${text}`).toBe(true);
    return schema.parse(JSON.parse(text));
  }

  /** Until it has ended. */
  async run(): Promise<BenchRunDetail> {
    const targets = [{ providerId: PROVIDER, model: SLOW_MODEL.id }];
    const started = await this.ask(BenchStartedSchema, '/api/bench/runs', { suite, targets });
    const path = `/api/bench/runs/${started.runs[0]?.id}`;
    return waitFor(
      async () => {
        const detail = await this.ask(BenchRunDetailSchema, path);
        return detail.run.endedAt === null ? undefined : detail;
      },
      { what: 'the run to end', timeoutMs: DONE_MS },
    );
  }

  async samples(id: string): Promise<Sample[]> {
    return (await this.ask(BenchSamplesPageSchema, `/api/bench/runs/${id}/samples?limit=500`)).samples;
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Of requests that were alone: our speed of generation ÷ the server's own, which counts the first token too. */
function ratioOf({ cells }: BenchRunDetail, samples: readonly Sample[]): number {
  const alone = samples.filter(({ cell }) => cells[cell]?.name.endsWith(' c1'));
  return medianOf(
    alone.map(
      ({ tpotMs, hostGenTps }) => 1000 / (tpotMs ?? NaN) / (((hostGenTps ?? NaN) * (OUTPUT - 1)) / OUTPUT),
    ),
  );
}

/** It is followed, has the model, and nothing is under way there. */
async function isIdle(stack: Stack): Promise<boolean> {
  const host = (await stack.fleet()).hosts.find(({ provider }) => provider.id === PROVIDER);
  const hasModel = host?.models.some(({ id }) => id === SLOW_MODEL.id) === true;
  return host?.liveness?.state === 'connected' && hasModel && host.inflight?.total === 0;
}

/** Nobody has the host. */
async function isFree(stack: Stack): Promise<boolean> {
  const log = createLogger('conformance', { level: 'silent' });
  const nc = await connectBus({ url: stack.nats.url, name: 'conformance', log });
  try {
    const lease = await (await new Kvm(nc).open(BUCKET.hostLeases)).get(PROVIDER);
    return lease === null || lease.operation !== 'PUT';
  } finally {
    await nc.close();
  }
}

describe('a quick suite through the service, of a real llama.cpp server', () => {
  let host: HostUnderTest;
  let detail: BenchRunDetail;
  let all: Sample[];
  /** Those that were answered. */
  let samples: Sample[];
  /** Of the first run: later ones find the model loaded. */
  let loadMs: number | null = null;
  /** What llama-bench says of the same model; null: there is none. */
  let engine: BenchRunDetail | null = null;

  beforeAll(async () => {
    if (!generation || !binary || !model) throw new Error('run it with: npm run conformance');
    const swap = process.env[`LLAMA_SWAP_BIN_${generation satisfies Generation}`] ?? '';
    host = await startReal(swap, { generation, apiKeys: [], llama: { binary, model, threads: THREADS } });
    await withStack(['ingest', 'fleet-state', 'bench', 'gateway'], async (stack) => {
      const bench = new Bench(stack.url);
      await stack.addHost({ id: PROVIDER, baseUrl: host.url });
      await waitFor(() => isIdle(stack), { what: 'the host to be followed', timeoutMs: 60_000 });
      for (let run = 0; run < RUNS; run += 1) {
        detail = await bench.run();
        loadMs ??= detail.run.loadMs;
        all = await bench.samples(detail.run.id);
        samples = all.filter(({ status }) => status === 'ok');
        if (Math.abs(ratioOf(detail, samples) - 1) <= TOLERANCE) break;
      }
      await waitFor(() => isIdle(stack), { what: 'nothing to be left running' });
      await waitFor(() => isFree(stack), { what: 'the lease to be released' });
      if (llamaBench === undefined) return;
      const { stdout: output } = await promisify(execFile)(llamaBench, [
        ...[
          '-m',
          model,
          '-p',
          String(PROMPT),
          '-n',
          String(OUTPUT),
          '-r',
          '5',
          '-t',
          String(THREADS),
          '-o',
          'json',
        ],
      ]);
      const target = { providerId: PROVIDER, model: SLOW_MODEL.id };
      const { id } = await bench.ask(BenchRunSchema, '/api/bench/imports', { ...target, output });
      engine = await bench.ask(BenchRunDetailSchema, `/api/bench/runs/${id}`);
    });
  }, RUNS * DONE_MS);
  afterAll(() => host?.stop());

  test('it ends clean', () => {
    expect(detail.run, JSON.stringify(detail.run)).toMatchObject({
      ...{ kind: 'measured', state: 'succeeded', reason: null, cellsDone: 2, cellsTotal: 2, contaminated: 0 },
    });
    expect(loadMs).toBeGreaterThan(0);
    const errors = JSON.stringify(all.flatMap(({ error }) => error ?? []));
    expect(all).toHaveLength(15);
    // llama-swap answers 502 where llama.cpp closes a kept connection as the next request comes.
    expect(samples.length, errors).toBeGreaterThanOrEqual(13);
    expect(detail.cells.map(({ state }) => state)).toEqual(['measured', 'measured']);
  });

  test('it knows what it measured', () => {
    const { fingerprint, calibration } = detail;
    expect(calibration?.method).toBe('tokenizer');
    expect(fingerprint).toMatchObject({
      ...{ hostKind: 'llama-swap', model: SLOW_MODEL.id, otherModels: [] },
      ...{ contextTokens: LLAMA.ctx / LLAMA.slots, slots: LLAMA.slots },
      ...{ engineBuild: expect.any(String), hostVersion: expect.any(String), command: expect.any(String) },
    });
  });

  test('prompts have the length that was asked for within 2 %, answers exactly, and cold ones are cold', () => {
    for (const { promptTokens, outputTokens, cacheTokens } of samples) {
      expect(Math.abs((promptTokens ?? 0) / PROMPT - 1)).toBeLessThanOrEqual(0.02);
      expect([outputTokens, cacheTokens]).toEqual([OUTPUT, 0]);
    }
  });

  test('our speed of generation and the server’s own timings agree within 10 %', () => {
    expect(Math.abs(ratioOf(detail, samples) - 1)).toBeLessThanOrEqual(TOLERANCE);
  });

  test('what llama-bench says of the same model stands beside it', () => {
    if (engine === null) {
      console.info('NOT COMPARED with llama-bench: LLAMA_BENCH_BIN is not set');
      return;
    }
    expect(engine.run).toMatchObject({ kind: 'imported', state: 'succeeded', cellsTotal: 2 });
    const ofEngine = (key: FigureKey): number =>
      engine?.cells.flatMap(({ figures }) => figures[key]?.median ?? [])[0] ?? NaN;
    const ours = detail.cells.find(({ name }) => name.endsWith(' c1'));
    const told = (['hostPromptTps', 'hostGenTps'] as const).map((theirs) => {
      const own = theirs === 'hostGenTps' ? 'genTps' : 'promptTps';
      const [here, there, bench] = [
        ours?.figures[own]?.median,
        ours?.figures[theirs]?.median,
        ofEngine(theirs),
      ];
      expect([here, there, bench].every((tps) => tps !== undefined && tps > 0)).toBe(true);
      const part = (tps = NaN): string => `${tps.toFixed(0)} (${((100 * tps) / bench).toFixed(0)} %)`;
      return `${theirs}: llama-bench ${bench.toFixed(0)} tokens/s, its server ${part(there)}, we ${part(here)}`;
    });
    console.info(told.join('\n'));
  });
});

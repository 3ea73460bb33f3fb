import {
  type Cell,
  type Pollution,
  ResultSchema,
  type Sample,
  type SuiteInput,
  SuiteSchema,
} from '@boocontrol/contracts';
import { createModelServer, createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import { afterEach, describe, expect, test } from 'vitest';
import { answerOf, plainService } from '../testing/plain-service.js';
import { measure } from './measure.js';
import type { SessionOptions } from './session.js';

const PACE = { firstMs: 20, tokenMs: 2 };
const MODEL = { id: 'org/paced', loadMs: 30, ctx: 4_096, pace: PACE };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function host(more: Partial<SimHostInput> = {}): Promise<SimHost> {
  const started = await createSimHost({ models: [MODEL], ...more });
  closing.push(() => started.close());
  return started;
}

function suite(more: Partial<SuiteInput> = {}) {
  return SuiteSchema.parse({
    name: 'test',
    promptTokens: [64],
    outputTokens: [8],
    repetitions: 3,
    warmup: { requests: 2, until: 'count' },
    ...more,
  });
}

/** Runs it, and gives what was sent to warm up too. */
async function run(url: string, more: Partial<SessionOptions> = {}) {
  const warmups: Sample[] = [];
  const result = await measure({
    url,
    model: MODEL.id,
    suite: suite(),
    seed: 7,
    onEvent: (event) => void (event.kind === 'sample' && event.isWarmup && warmups.push(event.sample)),
    ...more,
  });
  return { result, warmups };
}

/** What is said against the figures of cells, but for what a busy machine does to them. */
function pollutionOf(...cells: readonly Cell[]): Pollution[] {
  return cells
    .flatMap(({ pollution }) => pollution.map(({ reason }) => reason))
    .filter((reason) => reason !== 'sent_late' && reason !== 'host_disagrees');
}

/** The bodies of all chats that reached the host. */
async function bodiesOf(sim: SimHost): Promise<Record<string, unknown>[]> {
  const rows = sim.rows().flatMap(({ row }) => (row.req_path === '/v1/chat/completions' ? [row] : []));
  return Promise.all(
    rows.map(async ({ id }) => {
      const { req_body: body } = (await (await fetch(`${sim.url}/api/captures/${id}`)).json()) as {
        req_body: string;
      };
      return JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as Record<string, unknown>;
    }),
  );
}

describe('a run', () => {
  test('is whole, and what its schema says', async () => {
    const sim = await host();
    const { result } = await run(sim.url, {
      suite: suite({ load: { kind: 'closed', concurrency: [1, 3] } }),
    });
    expect(ResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result).toMatchObject({ kind: 'boocontrol.bench', version: 1, status: 'complete', reason: null });
    expect(result.cells.map(({ name, state, requests }) => [name, state, requests.ok])).toEqual([
      ['pp64 tg8 d0 c1', 'measured', 3],
      ['pp64 tg8 d0 c3', 'measured', 9],
    ]);
    expect(result.fingerprint).toMatchObject({
      hostKind: 'llama-swap',
      model: MODEL.id,
      contextTokens: 4_096,
      engineBuild: 'b7112-4a0b2f9',
      otherModels: [],
    });
    expect(result.fingerprint.command).not.toContain('secret');
    expect(result.cells[1]?.figures.tokensPerS?.median).toBeGreaterThan(0);
  });

  test('loads the model first, and says how long that took, once', async () => {
    const sim = await host();
    const [first, second] = [await run(sim.url), await run(sim.url)];
    expect(first.result.loadMs).toBeGreaterThanOrEqual(MODEL.loadMs * 0.9);
    expect(second.result.loadMs).toBeNull();
  });

  test('warms up as promised: those requests were sent, and are in no figure', async () => {
    const sim = await host();
    const { result, warmups } = await run(sim.url);
    expect(warmups).toHaveLength(2);
    expect(result.samples).toHaveLength(3);
    expect(result.cells[0]).toMatchObject({ warmups: 2 });
    expect(result.cells[0]?.figures.ttftMs?.n).toBe(3);
    // One besides, of one token, told how the host counts.
    expect(sim.writes()).toHaveLength(1 + 2 + 3);
    const measured = new Set(result.samples.map(({ answerId }) => answerId));
    expect(
      sim
        .writes()
        .slice(-3)
        .every(({ id }) => measured.has(id)),
    ).toBe(true);
  });

  test('sends the sampling of the suite, and no other', async () => {
    const sim = await host();
    const sampling = { temperature: 0.31, top_k: 17, min_p: 0.07, dry_multiplier: 0.4 };
    await run(sim.url, { suite: suite({ sampling }) });
    const bodies = await bodiesOf(sim);
    expect(bodies.length).toBeGreaterThanOrEqual(5);
    for (const body of bodies) {
      expect(body).toMatchObject({ ...sampling, model: MODEL.id, stream: true, cache_prompt: false });
      expect(body).not.toHaveProperty('top_p');
      expect(body).not.toHaveProperty('seed');
    }
  });

  test('prompts have the length that was asked for, as the host counts it, and none begins like another', async () => {
    const sim = await host();
    const { result } = await run(sim.url, { suite: suite({ promptTokens: [100, 1_000] }) });
    for (const { promptTokens, cell } of result.samples) {
      const asked = cell === 0 ? 100 : 1_000;
      expect(Math.abs((promptTokens ?? 0) / asked - 1)).toBeLessThanOrEqual(0.02);
    }
    const bodies = (await bodiesOf(sim)).slice(1);
    const texts = bodies.map(({ messages }) => (messages as { content: string }[])[0]?.content ?? '');
    expect(new Set(texts.map((text) => text.slice(0, 13))).size).toBe(texts.length);
    expect(result.samples.map(({ cacheTokens }) => cacheTokens)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(pollutionOf(...result.cells)).toEqual([]);
  });

  test('the same seed sends the same prompts, another one others', async () => {
    const texts = async (seed: number): Promise<unknown[]> => {
      const sim = await host();
      await run(sim.url, { seed });
      return (await bodiesOf(sim)).map(({ messages }) => messages);
    };
    const first = await texts(1);
    expect(await texts(1)).toEqual(first);
    expect(await texts(2)).not.toEqual(first);
  });

  test('with a depth or warm the cache has what it is to have', async () => {
    const sim = await host();
    const deep = await run(sim.url, { suite: suite({ depth: [300] }) });
    for (const { cacheTokens, promptTokens } of deep.result.samples) {
      expect(cacheTokens).toBeGreaterThan(220);
      expect((promptTokens ?? 0) - (cacheTokens ?? 0)).toBeGreaterThan(50);
    }
    const warm = await run(sim.url, { suite: suite({ cache: 'warm', promptTokens: [200] }) });
    for (const { cacheTokens } of warm.result.samples) expect(cacheTokens).toBeGreaterThan(190);
    expect(pollutionOf(...deep.result.cells, ...warm.result.cells)).toEqual([]);
  });

  test('leaves out what does not fit into the context, and says so', async () => {
    const sim = await host();
    const { result } = await run(sim.url, { suite: suite({ promptTokens: [64, 5_000] }) });
    expect(result.cells[1]).toMatchObject({
      state: 'skipped',
      reason: 'needs 5008 tokens of context, and a slot has 4096',
    });
    expect(result.status).toBe('complete');
  });

  test('ends when it is told to, with what was measured so far', async () => {
    const sim = await host();
    const stop = new AbortController();
    let measured = 0;
    const result = await measure({
      url: sim.url,
      model: MODEL.id,
      suite: suite({ repetitions: 40 }),
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'sample' && !event.isWarmup && (measured += 1) === 4) stop.abort();
      },
    });
    expect(result).toMatchObject({ status: 'interrupted', reason: 'interrupted' });
    expect(result.cells[0]).toMatchObject({ state: 'partial', requests: { ok: 4 } });
    expect(result.cells[0]?.figures.ttftMs?.n).toBe(4);
    expect(ResultSchema.safeParse(result).success).toBe(true);
  });
});

describe('other loads', () => {
  test('a replay has the lengths that were recorded, each request its own, repetition after repetition', async () => {
    const sim = await host();
    const requests = [
      { atMs: 0, promptTokens: 300, outputTokens: 4 },
      { atMs: 20, promptTokens: 60, outputTokens: 12 },
      { atMs: 30, promptTokens: 120, outputTokens: 2 },
    ];
    const { result } = await run(sim.url, {
      suite: suite({ load: { kind: 'replay', requests, speed: 2 }, repetitions: 2 }),
    });
    expect(result).toMatchObject({ status: 'complete', reason: null });
    expect(result.cells.map(({ name, requests: of }) => [name, of.ok])).toEqual([
      ['pp300 tg12 d0 replay x2', 6],
    ]);
    const lengths = result.samples
      .toSorted((a, b) => a.startMs - b.startMs)
      .map(({ repetition, promptTokens, outputTokens }) => [repetition, promptTokens, outputTokens]);
    expect(lengths).toEqual([
      ...[0, 1].flatMap((repetition) => [
        [repetition, 300, 4],
        [repetition, 60, 12],
        [repetition, 120, 2],
      ]),
    ]);
    expect(pollutionOf(...result.cells)).toEqual([]);
    const starts = result.samples.map(({ startMs }) => startMs).sort((a, b) => a - b);
    expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBeCloseTo(15, 3);
  });

  test('a search goes from rate to rate by how many kept the limits, and tells what it came to', async () => {
    const sim = await host();
    const searched = async (ttftMs: number) => {
      const load = { kind: 'search', fromPerS: 20, toPerS: 40, requests: 5 } as const;
      const { result } = await run(sim.url, {
        suite: suite({ outputTokens: [2], repetitions: 1, slo: { ttftMs }, load }),
      });
      expect(ResultSchema.parse(result)).toEqual(result);
      expect(result).toMatchObject({ status: 'complete', rates: [{ cells: 'pp64 tg2 d0' }] });
      expect(result.cells[0]?.name).toBe('pp64 tg2 d0 20/s poisson');
      return result;
    };
    const kept = await searched(60_000);
    for (const { requests } of kept.cells) expect(requests.good).toBe(5);
    // Whether this machine sends in time is its own affair; a rate that was told was measured.
    const tried = kept.cells.map(({ spec: { load } }) => (load.kind === 'open' ? load.ratePerS : null));
    expect([null, ...tried]).toContain(kept.rates?.[0]?.highestPerS);
    const never = await searched(0.001);
    expect(never.cells.map(({ requests }) => requests.good)).toEqual([0]);
    expect(never.rates?.[0]?.highestPerS).toBeNull();
  });

  test('answers that come whole have no times between tokens, and everything else', async () => {
    const sim = await host();
    const service = await plainService();
    closing.push(() => service.close());
    const whole = suite({ stream: false });
    for (const [url, model] of [
      [sim.url, MODEL.id],
      [service.url, 'plain-1'],
    ] as const) {
      const { result } = await run(url, { model, suite: whole });
      expect(result.cells[0]).toMatchObject({ state: 'measured', requests: { ok: 3 } });
      const { ttftMs, tpotMs, gapMs, genTps, e2eMs, outputTokens } = result.cells[0]?.figures ?? {};
      expect([ttftMs, tpotMs, gapMs, genTps]).toEqual([undefined, undefined, undefined, undefined]);
      expect(e2eMs?.n).toBe(3);
      expect(outputTokens?.median).toBe(8);
    }
    for (const body of [...(await bodiesOf(sim)), ...service.bodies]) {
      expect(body).toMatchObject({ stream: false });
      expect(body).not.toHaveProperty('stream_options');
    }
  });
});

describe('against what the host wrote down', () => {
  const truth = suite({ outputTokens: [24], load: { kind: 'closed', concurrency: [1, 4] } });

  test.each([1, 3])(
    'every chunk is stamped after it was written and in its order, %i tokens each',
    async (tokensPerChunk) => {
      const sim = await host({ models: [{ ...MODEL, pace: { ...PACE, tokensPerChunk } }] });
      const { result } = await run(sim.url, { suite: truth });
      const written = new Map(sim.writes().map((answer) => [answer.id, answer.chunks]));
      for (const sample of result.samples) {
        const chunks = written.get(sample.answerId ?? '') ?? [];
        expect(sample.gapsMs).toHaveLength(chunks.length - 1);
        const sentMs = result.clockMs + sample.startMs;
        let readMs = sentMs + (sample.ttftMs ?? 0);
        for (const [at, { atMs }] of chunks.entries()) {
          readMs += at === 0 ? 0 : (sample.gapsMs[at - 1] ?? 0);
          expect(readMs).toBeGreaterThanOrEqual(atMs - 0.01);
        }
        expect(sentMs + (sample.e2eMs ?? 0)).toBeCloseTo(readMs, 3);
        const spread = sample.gapsMs.reduce((sum, gap) => sum + gap, 0);
        expect((sample.tpotMs ?? 0) * ((sample.outputTokens ?? 0) - 1)).toBeCloseTo(spread, 6);
        expect(sample.ttftMs).toBeGreaterThanOrEqual(PACE.firstMs * 0.9);
      }
    },
  );

  test('a stream in pieces of a few bytes gives the same counts', async () => {
    const sim = await host();
    await sim.faults.set({ splitFrames: true });
    const { result } = await run(sim.url);
    for (const sample of result.samples)
      expect(sample).toMatchObject({
        status: 'ok',
        outputTokens: 8,
        promptTokens: 64,
        hostGenTps: expect.any(Number) as number,
      });
    expect(result.samples.map(({ gapsMs }) => gapsMs.length)).toEqual([7, 7, 7]);
  });

  test('a stall of a second is in p99 of an open loop, for everyone who came meanwhile', async () => {
    const sim = await host({ models: [{ ...MODEL, parallel: 200, concurrencyLimit: 500 }] });
    let sent = 0;
    const { result } = await run(sim.url, {
      suite: suite({
        outputTokens: [2],
        repetitions: 1,
        load: { kind: 'open', ratePerS: [50], arrivals: 'constant', requests: 120 },
      }),
      onEvent: (event) => {
        if (event.kind === 'sample' && !event.isWarmup && (sent += 1) === 20)
          void sim.faults.set({ freeze: true, forMs: 1_000 });
      },
    });
    const ttft = result.cells[0]?.figures.ttftMs;
    expect(ttft?.n).toBe(120);
    expect(ttft?.p99).toBeGreaterThan(800);
    expect(result.samples.filter(({ ttftMs }) => (ttftMs ?? 0) > 200).length).toBeGreaterThan(25);
  });
});

describe('what goes wrong', () => {
  test('a connection that is reset in a stream is an error, and too many end the run', async () => {
    const sim = await host();
    await sim.faults.set({ resetMidStream: { afterChunks: 2, target: 'answers' } });
    const { result } = await run(sim.url, { suite: suite({ stop: { maxErrors: 3 } }) });
    expect(result).toMatchObject({ status: 'stopped', reason: '3 requests failed' });
    expect(result.cells[0]?.figures.ttftMs).toBeUndefined();
  });

  test('an answer that ends cleanly without its end, or with an error in it, is no success', async () => {
    for (const [text, status] of [
      [answerOf(8).replace('data: [DONE]\n\n', ''), 'incomplete'],
      [`data: {"error":{"message":"slot lost"}}\n\n${answerOf(8)}`, 'error'],
    ] as const) {
      const service = await plainService({ answer: () => text });
      closing.push(() => service.close());
      const { result } = await run(service.url, { model: 'plain-1' });
      expect(result.samples.map((sample) => sample.status)).toEqual([status, status, status]);
      expect(result.cells[0]?.figures).toEqual({});
    }
  });

  test.each([
    ['nobody there', () => Promise.resolve('http://127.0.0.1:9'), {}, 'host_away'],
    ['no address', () => Promise.resolve('tower'), {}, 'host_away'],
    ['a key', async () => (await host({ apiKeys: ['k'] })).url, {}, 'key_needed'],
    ['a model that it does not have', async () => (await host()).url, { model: 'nope' }, 'model_unknown'],
    [
      'no model, and several there',
      async () => (await host({ models: [MODEL, { ...MODEL, id: 'b' }] })).url,
      { model: undefined },
      'model_needed',
    ],
  ])('%s', async (_what, url, more, code) => {
    await expect(run(await url(), more)).rejects.toMatchObject({ name: 'MeasureError', code });
  });

  test('a model that does not load says why', async () => {
    const sim = await host();
    await sim.faults.set({ loadFailure: {} });
    await expect(run(sim.url)).rejects.toMatchObject({ code: 'model_failed' });
  });
});

describe('other hosts', () => {
  test('llama.cpp alone, waited for while it loads', async () => {
    const server = await createModelServer({ id: 'alone', pace: PACE, loadMs: 200 });
    closing.push(() => server.close());
    const { result } = await run(`${server.url}/v1/`, { model: undefined });
    expect(result).toMatchObject({
      status: 'complete',
      fingerprint: { hostKind: 'llama.cpp', model: 'alone' },
    });
    expect(result.loadMs).toBeGreaterThan(0);
    await expect(run(server.url, { model: 'another' })).rejects.toMatchObject({ code: 'model_unknown' });
  });

  test('a service with /v1 only: lengths by counted requests, and no field that it may not know', async () => {
    const service = await plainService({ key: 'k1' });
    closing.push(() => service.close());
    const { result } = await run(service.url, {
      model: 'plain-2',
      apiKey: 'k1',
      suite: suite({ promptTokens: [600] }),
    });
    expect(result).toMatchObject({ status: 'complete', calibration: { method: 'requests' }, loadMs: null });
    for (const { promptTokens } of result.samples)
      expect(Math.abs((promptTokens ?? 0) / 600 - 1)).toBeLessThan(0.05);
    for (const body of service.bodies) {
      expect(body).not.toHaveProperty('cache_prompt');
      expect(body).not.toHaveProperty('ignore_eos');
    }
    await expect(run(service.url, { model: 'x', apiKey: 'k1' })).rejects.toMatchObject({
      code: 'model_unknown',
      message: expect.stringContaining('plain-1, plain-2') as string,
    });
  });
});

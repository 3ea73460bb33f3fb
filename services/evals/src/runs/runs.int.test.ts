import { calls } from '@boocontrol/contracts';
import { MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Stage, suiteOf, type Replica } from '../testing/stage.js';

vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;
let service: Replica;
beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service();
});
afterAll(() => stage?.close());

test('each item is asked k times, graded and kept; the run says what came of it', async () => {
  const host = await stage.host(service);
  const { id, state, total, outcomes } = await stage.one(host);
  expect({ state, total, outcomes }).toEqual({ state: 'queued', total: 4, outcomes: {} });
  const { run, fingerprint, items, contamination } = await stage.ended(id);
  expect(run).toMatchObject({
    ...{ state: 'succeeded', reason: null, done: 4, total: 4, outcomes: { passed: 2, failed: 2 } },
    ...{ k: 2, isWhole: true, contaminated: 0, category: 'chat', suiteTitle: 'Small' },
    score: { k: 2, items: 2, samples: 4, left: 0, pass1: { mean: 0.5 } },
    speed: { concurrency: 1, ttftMs: expect.any(Number), genTps: expect.any(Number) },
  });
  expect(run.loadMs).toBeGreaterThan(0);
  expect(fingerprint).toMatchObject({ model: MODEL.id, hostKind: 'llama-swap', endpoint: 'chat' });
  expect(contamination).toEqual([]);
  expect(items).toMatchObject([
    { item: 'pass/1', kind: 'text', retired: false, samples: [{ sample: 0 }, { sample: 1 }] },
    { item: 'fail/1', samples: [{ outcome: 'failed', state: 'done' }, { outcome: 'failed' }] },
  ]);
  const samples = await stage.samples(id);
  expect(samples.map(({ item, sample }) => `${item} ${sample}`)).toEqual([
    ...['pass/1 0', 'pass/1 1', 'fail/1 0', 'fail/1 1'],
  ]);
  expect(new Set(samples.map(({ seed }) => seed)).size).toBe(4);
  expect(await stage.events(id, 'succeeded')).toEqual(['queued', 'running', 'succeeded']);
  const told = (await stage.facts(id)).filter(({ event }) => event === 'progress').at(-1);
  expect(told?.body).toMatchObject({ total: 4 });
  await stage.isClean(host);

  const first = await stage.ask(calls.evalSample, { id, item: 'pass/1', sample: 0 });
  expect(first).toMatchObject({
    ...{ outcome: 'passed', reason: null, finishReason: 'stop', answerCut: false, regraded: null },
    prompt: [{ role: 'user', content: 'Say something about pass/1.' }],
    question: { id: 'pass/1' },
    run: { id, suiteName: 'small', model: MODEL.id },
    sampler: { temperature: 0, maxTokens: 4_000 },
  });
  expect(first.answer[0]?.content.slice(0, 300)).toBe(samples[0]?.answerStart);
  const second = await stage.ask(calls.evalSample, { id, item: 'pass/1', sample: 1 });
  expect(second.promptHash).toBe(first.promptHash);
  expect(await stage.refused(calls.evalSample, { id, item: 'pass/1', sample: 2 })).toMatchObject({
    code: 'unknown_sample',
  });
});

test('hosts are asked side by side, as many requests at a time as was asked for', async () => {
  const hosts = [await stage.host(service), await stage.host(service, { generation: 'B' })];
  const suite = suiteOf(['pass/1', 'pass/2', 'pass/3', 'fail/1'], { name: 'side', samples: 3 });
  const runs = await stage.start(hosts, { suite, concurrency: 4 });
  expect(new Set(runs.map(({ launch }) => launch)).size).toBe(1);
  for (const { id } of runs) {
    const { run } = await stage.ended(id);
    expect(run).toMatchObject({ state: 'succeeded', outcomes: { passed: 9, failed: 3 }, contaminated: 0 });
    expect(await stage.samples(id, 5)).toHaveLength(12);
  }
  const page = await stage.ask(calls.evalRuns, { suite: 'side', limit: 1 });
  expect([page.open, page.ended]).toMatchObject([[], [{ suiteName: 'side' }]]);
  expect(page.nextCursor).not.toBeNull();
  const next = await stage.ask(calls.evalRuns, { suite: 'side', limit: 1, cursor: page.nextCursor ?? '' });
  expect(new Set([...page.ended, ...next.ended].map(({ id }) => id))).toEqual(
    new Set(runs.map(({ id }) => id)),
  );
});

test('only some items, another sampler, other samples: as the launch says', async () => {
  const host = await stage.host(service);
  const sampler = { temperature: 0.5, seed: 7, topK: 5 };
  const { id } = await stage.one(host, { items: ['pass/1'], samples: 3, sampler, confirm: true });
  const { run } = await stage.ended(id);
  expect(run).toMatchObject({ isWhole: false, k: 3, total: 3, sampler: { ...sampler, maxTokens: 4_000 } });
  expect((await stage.samples(id)).map(({ seed }) => seed)).toEqual([7, 8, 9]);
  const target = { providerId: host.id, model: MODEL.id };
  expect(
    await stage.refused(calls.startEval, { suite: 'small', targets: [target], items: ['x'], source: 'test' }),
  ).toMatchObject({ code: 'nothing_to_ask' });
  expect(
    await stage.refused(calls.startEval, { suite: 'none', targets: [target], source: 'test' }),
  ).toMatchObject({ code: 'unknown_suite' });
});

test('a run that has ended can be removed, with its samples', async () => {
  const host = await stage.host(service);
  const { id } = await stage.one(host);
  await stage.ended(id);
  await stage.ask(calls.removeEvalRun, { id });
  expect(await stage.refused(calls.evalRun, { id })).toMatchObject({ code: 'unknown_run' });
  expect(await stage.refused(calls.removeEvalRun, { id })).toMatchObject({ code: 'unknown_run' });
  const left = await stage.db(service).query(`SELECT 1 FROM evals.samples WHERE run_id = $1`, [id]);
  expect(left).toEqual([]);
});

test('an estimate says how long it takes and what speaks against it, and does nothing', async () => {
  const host = await stage.host(service);
  const targets = [{ providerId: host.id, model: MODEL.id }];
  const before = await stage.ask(calls.estimateEval, { suite: 'small', targets });
  expect(before.targets).toMatchObject([
    { samples: 4, from: 'guess', mustLoad: true, disturbs: [], objection: null },
  ]);
  expect(before.seconds).toBeGreaterThan(0);
  const { id } = await stage.one(host);
  await stage.ended(id);
  const after = await stage.ask(calls.estimateEval, { suite: 'small', targets });
  expect(after.targets).toMatchObject([{ from: 'runs', mustLoad: false }]);
});

test('items of a run come in pages, each of them once', async () => {
  const host = await stage.host(service);
  const many = Array.from({ length: 2_500 }, (_, at) => `pass/${at}`);
  const { id } = await stage.one(host, { suite: suiteOf(many, { name: 'large', samples: 3 }) });
  await stage.ask(calls.cancelEval, { id, source: 'test' });
  const found: string[] = [];
  let pages = 0;
  for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
    const page = await stage.ask(calls.evalRun, { id, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items.map(({ item }) => item));
    cursor = page.nextCursor;
  }
  expect(pages).toBeGreaterThan(1);
  expect(found).toEqual(many);
  expect(await stage.refused(calls.evalRun, { id, cursor: 'x' })).toMatchObject({ code: 'bad_cursor' });
});

test('memory that a model needs is what the GPUs of its host show while it alone is there', async () => {
  const gpu = { name: 'RTX 3090', totalMb: 24_576, idleW: 20, maxW: 350 };
  const host = await stage.host(service, { gpus: [gpu], performance: { everyMs: 100 } });
  const blind = await stage.host(service, { performance: { enabled: false } });
  const { rows } = await waitFor(
    async () => {
      // Readings come every five seconds.
      const suite = suiteOf(
        Array.from({ length: 40 }, (_, at) => `pass/${at}`),
        { name: 'memory', sampler: { temperature: 0, maxTokens: 100 } },
      );
      const runs = await stage.start([host, blind], { suite, confirm: true });
      for (const { id } of runs) expect((await stage.ended(id)).run.state).toBe('succeeded');
      const board = await stage.ask(calls.evalLeaderboard, { suite: 'memory' });
      return board.rows.some(({ vramMb }) => vramMb !== null) ? board : undefined;
    },
    { what: 'a reading', timeoutMs: 120_000 },
  );
  const row = ({ id }: { id: string }) => rows.find(({ providerId }) => providerId === id);
  // Its weights are 8,000 MB, and there is what it remembers, and what an idle GPU needs.
  expect(row(host)?.vramMb).toBeGreaterThan(8_000);
  expect(row(host)?.vramMb).toBeLessThan(gpu.totalMb);
  expect(row(host)?.vramReason).toBeNull();
  expect(row(blind)).toMatchObject({ vramMb: null, vramReason: expect.stringContaining('tells nothing') });
});

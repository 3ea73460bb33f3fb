import { calls, type EvalItem } from '@boocontrol/contracts';
import { chat, MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask } from '../asking/ask.js';
import type { Transcript } from '../asking/types.js';
import { grade } from '../grading/grade.js';
import type { GradingContext } from '../grading/types.js';
import { QUICK, Stage, suiteOf, type Replica } from '../testing/stage.js';
import { noAnswer } from './samples.repository.js';

vi.setConfig({ testTimeout: 120_000 });

let stage: Stage;
let service: Replica;
/** How often an item that is graded by a broken harness was graded. */
let graded = 0;
/** Whether it is broken. */
let isBroken = true;
/** Whether every answer passes, whatever its rule says. */
let isMild = false;

beforeAll(async () => {
  stage = await Stage.open();
  service = await stage.service(QUICK, { ask, grade: gradeSometimes });
});
afterAll(() => stage?.close());

function gradeSometimes(item: EvalItem, transcript: Transcript, context: GradingContext) {
  if (isMild) return Promise.resolve({ ...noAnswer('passed', { code: 'x', message: 'x' }), reason: null });
  if (item.id !== 'pass/broken') return grade(item, transcript, context);
  graded += 1;
  if (!isBroken) return grade(item, transcript, context);
  return Promise.resolve(noAnswer('harness_error', { code: 'broken', message: 'It broke.' }));
}

const target = (id: string) => ({ providerId: id, model: MODEL.id });
/** Long enough that something can happen meanwhile. */
const many = suiteOf(
  Array.from({ length: 12 }, (_, index) => `pass/${index}`),
  { name: 'many', samples: 2 },
);

test('a cancel leaves the host clean, what has its outcome stands, and a resume asks the rest', async () => {
  const host = await stage.host(service);
  const { id } = await stage.one(host, { suite: many });
  const waiting = await stage.one(host, { suite: many });
  const dropped = await stage.ask(calls.cancelEval, { id: waiting.id, source: 'anna' });
  expect(dropped).toMatchObject({ state: 'cancelled', startedAt: null });
  await stage.isAt(id, 2);
  expect(await stage.refused(calls.removeEvalRun, { id })).toMatchObject({ code: 'not_ended' });
  expect(await stage.refused(calls.resumeEval, { id, source: 'anna' })).toMatchObject({ code: 'not_ended' });
  await stage.ask(calls.cancelEval, { id, source: 'anna' });
  const { run, items } = await stage.ended(id);
  expect(run).toMatchObject({
    state: 'cancelled',
    reason: { message: 'anna ended it before its end. Samples that have their outcome stand.' },
  });
  expect(run.done).toBeLessThan(24);
  const states = new Set(items.flatMap(({ samples }) => samples.map(({ state }) => state)));
  expect(states).toEqual(new Set(['done', 'waiting']));
  expect(await stage.events(id, 'cancelled')).toEqual(['queued', 'running', 'cancelled']);
  expect(await stage.refused(calls.cancelEval, { id, source: 'anna' })).toMatchObject({
    code: 'already_ended',
  });
  await stage.isClean(host);

  const before = await stage.samples(id, 100);
  const again = await stage.ask(calls.resumeEval, { id, source: 'anna', confirm: true });
  expect(again).toMatchObject({ id, state: 'queued', done: before.length, reason: null });
  const whole = await stage.ended(id);
  expect(whole.run).toMatchObject({ state: 'succeeded', done: 24, outcomes: { passed: 24 } });
  const after = new Map((await stage.samples(id, 100)).map((one) => [`${one.item} ${one.sample}`, one]));
  expect(after.size).toBe(24);
  for (const one of before) expect(after.get(`${one.item} ${one.sample}`)?.at).toBe(one.at);
  expect(await stage.refused(calls.resumeEval, { id, source: 'anna', confirm: true })).toMatchObject({
    code: 'nothing_to_ask',
  });
  await stage.isClean(host);
});

test('what is our fault is tried three times, kept as that, counted in no score, and asked again by a resume', async () => {
  const host = await stage.host(service);
  graded = 0;
  const suite = suiteOf(['pass/1', 'pass/broken'], { name: 'broken', samples: 1 });
  const { id } = await stage.one(host, { suite });
  const { run } = await stage.ended(id);
  expect(graded).toBe(3);
  expect(run).toMatchObject({
    ...{ state: 'succeeded', outcomes: { passed: 1, harness_error: 1 } },
    score: { samples: 1, left: 1, pass1: { mean: 1 } },
  });
  isBroken = false;
  await stage.ask(calls.resumeEval, { id, source: 'anna', confirm: true });
  const mended = await stage.ended(id);
  expect(mended.run).toMatchObject({ outcomes: { passed: 2 }, done: 2, score: { samples: 2, left: 0 } });
});

test('a request of somebody else marks the samples that it touched, which then have no speed', async () => {
  const host = await stage.host(service);
  const { id } = await stage.one(host, { suite: { ...many, name: 'touched' } });
  await stage.isAt(id, 1);
  await chat(host, { source: 'arena', tokens: 200 });
  const touched = await waitFor(
    async () => {
      const detail = await stage.detail(id);
      return detail.run.contaminated > 0 ? detail : undefined;
    },
    { what: 'marks' },
  );
  expect(touched.contamination).toMatchObject([
    { kind: 'foreign_request', what: expect.stringContaining('arena asked one') },
  ]);
  const { run, items } = await stage.ended(id);
  const marked = items.flatMap(({ samples }) => samples).filter(({ isContaminated }) => isContaminated);
  expect(marked).toHaveLength(run.contaminated);
  expect(run).toMatchObject({ state: 'succeeded', outcomes: { passed: 24 }, score: { samples: 24 } });
  expect(marked.length).toBeLessThan(24);
});

test('a host that somebody uses or has is left alone, unless that is confirmed', async () => {
  const host = await stage.host(service);
  const asked = { suite: 'many', targets: [target(host.id)], source: 'test' };
  await stage.ask(calls.saveEvalSuite, { suite: many });
  await chat(host, { source: 'arena', tokens: 5 });
  const refusal = await waitFor(
    async () => {
      const answer: unknown = await stage
        .ask(calls.estimateEval, { suite: 'many', targets: asked.targets })
        .catch((error: unknown) => error);
      const found = answer as { targets?: { disturbs: string[] }[] };
      return found.targets?.[0]?.disturbs.includes('arena') === true || undefined;
    },
    { what: 'the request to be known of' },
  );
  expect(refusal).toBe(true);
  expect(await stage.refused(calls.startEval, asked)).toMatchObject({ code: 'host_busy' });
  const other = await stage.host(service);
  const held = await stage.leases.acquire({
    ...{ providerId: other.id, holder: 'anna', purpose: 'new driver', source: 'anna' },
  });
  expect(held.ok).toBe(true);
  const leased = { ...asked, targets: [target(other.id)] };
  expect(await stage.refused(calls.startEval, leased)).toMatchObject({ code: 'host_leased' });
  const { runs } = await stage.ask(calls.startEval, { ...leased, items: ['pass/0'], confirm: true });
  const { run } = await stage.ended(runs[0]?.id ?? '');
  expect(run).toMatchObject({ state: 'succeeded', isWhole: false, done: 2 });
});

test('a sample is graded once more without asking the model, and the score follows', async () => {
  const host = await stage.host(service);
  const { id } = await stage.one(host);
  await stage.ended(id);
  const asked = host.sim.state();
  isMild = true;
  const key = { id, item: 'fail/1', sample: 1 };
  const again = await stage.ask(calls.regradeEvalSample, { ...key, source: 'anna' });
  isMild = false;
  expect(again).toMatchObject({ outcome: 'passed', reason: null, regraded: { was: 'failed' } });
  const { run } = await stage.detail(id);
  expect(run).toMatchObject({ outcomes: { passed: 3, failed: 1 }, score: { pass1: { mean: 0.75 } } });
  expect(host.sim.state()).toMatchObject({ inflight: asked.inflight });
  expect(await stage.refused(calls.regradeEvalSample, { ...key, sample: 9, source: 'anna' })).toMatchObject({
    code: 'unknown_sample',
  });
});

test('coding items are refused where no sandbox is usable, with the reason', async () => {
  const host = await stage.host(service);
  const [first] = suiteOf().items;
  const suite = suiteOf([], {
    name: 'code',
    items: [
      ...(first === undefined ? [] : [first]),
      {
        ...{ kind: 'coding', id: 'code/1', language: 'python', prompt: 'Add two numbers.', target: 'a.py' },
        tests: [
          { name: 'adds', module: 'a.py', steps: [{ do: 'call', name: 'add', args: [1, 2], expect: 3 }] },
        ],
      },
    ],
  });
  await stage.ask(calls.saveEvalSuite, { suite });
  const asked = { suite: 'code', targets: [target(host.id)], source: 'test' };
  expect(await stage.refused(calls.startEval, asked)).toMatchObject({ code: 'no_sandbox' });
  expect((await stage.ask(calls.evalSandboxes, {})).usable).toEqual([]);
  const { runs } = await stage.ask(calls.startEval, { ...asked, items: ['pass/1'] });
  expect((await stage.ended(runs[0]?.id ?? '')).run.state).toBe('succeeded');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls } from '@boocontrol/contracts';
import { MODEL } from '@boocontrol/stage';
import { projectRoot, waitFor } from '@boocontrol/testing';
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

test('a run from its launch to its figures', async () => {
  const host = await stage.host(service);
  const started = await stage.start(host);
  expect(started).toMatchObject({ state: 'queued', suiteName: 'small', cellsDone: 0, regressed: null });
  const { run, cells, fingerprint, comparison } = await stage.ended(started.id);
  expect(run).toMatchObject({
    state: 'succeeded',
    reason: null,
    ...{ cellsDone: 2, cellsTotal: 2, contaminated: 0 },
    loadMs: expect.any(Number),
    headline: { genTps: expect.any(Number) },
  });
  expect(cells.map(({ index, name, state, attempt }) => [index, name, state, attempt])).toEqual([
    [0, 'pp64 tg16 d0 c1', 'measured', 1],
    [1, 'pp64 tg16 d0 c2', 'measured', 1],
  ]);
  expect(cells.map(({ requests }) => requests.ok)).toEqual([5, 10]);
  expect(fingerprint?.model).toBe(MODEL.id);
  expect(comparison).toMatchObject({ baseline: null, chosen: false, regressed: 0 });
  const samples = await stage.samples(run.id);
  expect(samples.map(({ cell }) => cell)).toEqual([...Array(5).fill(0), ...Array(10).fill(1)]);
  expect(await stage.events(run.id, 'succeeded')).toEqual(['queued', 'running', 'cell', 'cell', 'succeeded']);
  const facts = await stage.facts(run.id);
  expect(facts.map(({ n }) => n)).toEqual(facts.map((_, index) => index + 1));
  await stage.isClean(host);
  const page = await stage.ask(calls.benchRuns, { providerId: host.id });
  expect(page).toMatchObject({ open: [], ended: [{ id: run.id, version: run.version }], nextCursor: null });
});

test('what kind of job it was stands in its row, in its facts and in lists', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host, suiteOf({ load: { kind: 'closed', concurrency: [1] } }));
  const { run } = await stage.ended(id);
  const target = { providerId: host.id, model: MODEL.id };
  const output = readFileSync(join(projectRoot(), 'libs/measure/src/testing/llama-bench.json'), 'utf8');
  const imported = await stage.ask(calls.importBench, { ...target, output, source: 'anna' });
  expect([run.kind, imported.kind]).toEqual(['measured', 'imported']);
  const { ended } = await stage.ask(calls.benchRuns, { providerId: host.id });
  expect(new Map(ended.map((one) => [one.id, one.kind]))).toEqual(
    new Map([
      [id, 'measured'],
      [imported.id, 'imported'],
    ]),
  );
  await stage.events(id, 'succeeded');
  for (const fact of await stage.facts(id))
    expect(fact).toMatchObject({ kind: 'bench', run: id, title: 'small of one' });
});

test('runs of one host wait for each other, hosts are measured side by side', async () => {
  const [one, two] = [await stage.host(service), await stage.host(service)];
  const suite = suiteOf({ outputTokens: [200], load: { kind: 'closed', concurrency: [1] } });
  const first = await stage.start(one, suite);
  const second = await stage.start(one, suite);
  const beside = await stage.start(two, suite);
  await stage.until(first.id, ['running']);
  await stage.until(beside.id, ['running', 'succeeded']);
  expect((await stage.detail(second.id)).run.state).toBe('queued');
  const open = (await stage.ask(calls.benchRuns, { providerId: one.id })).open.map(({ id }) => id);
  expect(open).toEqual([first.id, second.id]);
  const [a, b, c] = [await stage.ended(first.id), await stage.ended(second.id), await stage.ended(beside.id)];
  expect([a, b, c].map(({ run }) => run.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect((b.run.startedAt ?? '') >= (a.run.endedAt ?? '9')).toBe(true);
  await waitFor(async () => (await stage.ask(calls.benchRuns, {})).open.length === 0, {
    what: 'nothing open',
  });
});

import { calls, STREAM, subjects, type Perf, type Request } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { chat, MODEL } from '@boocontrol/stage';
import { waitFor } from '@boocontrol/testing';
import { jetstream } from '@nats-io/jetstream';
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

/** Cells of some seconds, so that something can happen meanwhile. */
const long = suiteOf({ outputTokens: [300] });

test.each([
  ['tells who sent a request', {}, 'arena'],
  ['does not tell who sent a request', { generation: 'B', captureBufferMb: 0 }, 'unattributed'],
] as const)(
  'on a host that %s: one of others marks its cell, and a rerun mends it',
  async (_, input, who) => {
    const host = await stage.host(service, input);
    const { id } = await stage.start(host, long);
    await stage.isMeasuring(id, 0);
    await chat(host, { source: 'arena', tokens: 9 });
    const { run, cells } = await stage.ended(id);
    expect(run).toMatchObject({ state: 'succeeded', contaminated: 1 });
    expect(cells.map(({ contamination }) => contamination.length)).toEqual([1, 0]);
    expect(cells[0]?.contamination).toMatchObject([
      { kind: 'foreign_request', what: expect.stringContaining(`${who} asked one`) },
    ]);
    expect(await stage.events(id, 'succeeded')).toContain('cell');
    const again = await stage.ask(calls.rerunBench, { id, source: 'test', confirm: true });
    expect(again).toMatchObject({ id, launch: run.launch, state: 'queued', cellsDone: 1, cellsTotal: 2 });
    expect(again.version).toBeGreaterThan(run.version);
    const mended = await stage.ended(id);
    expect(mended.run).toMatchObject({ state: 'succeeded', contaminated: 0, cellsDone: 2, seed: run.seed });
    expect(mended.cells.map(({ attempt }) => attempt)).toEqual([2, 1]);
    expect(mended.cells[1]).toEqual(cells[1]);
    const samples = await stage.samples(id);
    expect(samples.map(({ cell }) => cell)).toEqual([...Array(5).fill(0), ...Array(10).fill(1)]);
    expect(await stage.refused(calls.rerunBench, { id, source: 'test' })).toMatchObject({
      code: who === 'arena' ? 'host_busy' : 'nothing_to_measure',
    });
    await stage.isClean(host);
  },
);

test('what is heard when the run has ended marks its cell all the same', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host);
  const { cells } = await stage.ended(id);
  const [first, second] = cells;
  const middleMs = (instantToMs(second?.startedAt ?? '') + instantToMs(second?.endedAt ?? '')) / 2;
  // It began before the run and ended in the middle of the last cell.
  const beganMs = instantToMs(first?.startedAt ?? '') - 1_000;
  await state({ providerId: host.id, entryId: 900, endedMs: middleMs, durationMs: middleMs - beganMs });
  const { run } = await waitFor(
    async () => {
      const detail = await stage.detail(id);
      return detail.run.contaminated === 2 ? detail : undefined;
    },
    { what: 'both cells to be marked' },
  );
  expect(run.state).toBe('succeeded');
  await waitFor(async () => (await stage.facts(id)).filter(isContaminated).length === 2, {
    what: 'the facts of that',
  });
});

const isContaminated = (fact: { event: string; body: object }): boolean =>
  fact.event === 'cell' && 'state' in fact.body && fact.body.state === 'contaminated';

async function state(row: {
  providerId: string;
  entryId: number;
  endedMs: number;
  durationMs: number;
}): Promise<void> {
  const { providerId, entryId, endedMs, durationMs } = row;
  const ts = instantFromMs(endedMs);
  const body: Request = {
    ...{ providerId, entryId, durationMs, ts, endedAt: ts, at: instantFromMs(Date.now()) },
    ...{ model: MODEL.id, source: 'late', reqPath: '/v1/chat/completions', statusCode: 200 },
    ...{ respContentType: null, cacheTokens: null, inputTokens: 1, outputTokens: 1, draftTokens: null },
    ...{ draftAcceptedTokens: null, promptTps: null, genTps: null, hasCapture: false, errorMsg: null },
  };
  await publish(subjects.fact(providerId, 'request'), body);
}

async function publish(subject: string, body: Request | Perf): Promise<void> {
  const ack = await jetstream(stage.nc).publish(subject, JSON.stringify(body));
  expect(ack.stream).toBe(STREAM.fleet);
}

test('a GPU that drew less and less at full load marks the cell with what it drew', async () => {
  const host = await stage.host(service);
  const { id } = await stage.start(host);
  await stage.ended(id);
  const [window] = await stage.db(service).query<{ fromMs: number; untilMs: number }[]>(
    `SELECT extract(epoch FROM measured_from)::float8 * 1000 AS "fromMs",
       extract(epoch FROM measured_until)::float8 * 1000 AS "untilMs"
     FROM bench.cells WHERE run_id = $1 AND index = 0`,
    [id],
  );
  if (window === undefined) throw new Error('the cell is not there');
  const { fromMs, untilMs } = window;
  const readings = 30;
  for (let n = 0; n < readings; n++) {
    const atMs = fromMs + ((untilMs - fromMs) * n) / readings;
    await publish(subjects.fact(host.id, 'perf'), perfOf(host.id, atMs, 350 - (200 * n) / readings));
  }
  const marks = await waitFor(
    async () => {
      const [cell] = (await stage.detail(id)).cells;
      return cell?.contamination.some(({ kind }) => kind === 'throttled') === true
        ? cell.contamination
        : undefined;
    },
    { what: 'the cell to be marked' },
  );
  const [mark] = marks;
  expect(mark?.what).toMatch(/^Big GPU \(7\) fell from \d{3} W to \d{3} W at full load$/);
  const [, from, to] = /from (\d+) W to (\d+) W/.exec(mark?.what ?? '') ?? [];
  expect(Number(to)).toBeLessThan(0.8 * Number(from));
  expect((await stage.detail(id)).run.contaminated).toBe(1);
});

function perfOf(providerId: string, atMs: number, powerW: number): Perf {
  const at = instantFromMs(atMs);
  return {
    ...{ providerId, at, ts: at, sys: null, gpuTs: at, sysTs: null },
    gpus: [
      {
        ...{
          id: 7,
          name: 'Big GPU',
          uuid: 'gpu-7',
          utilPct: 99,
          memUtilPct: 50,
          memUsedMb: 1,
          memTotalMb: 2,
        },
        ...{ tempC: 88, vramTempC: null, fanPct: null, powerW },
      },
    ],
  };
}

test('another model that is loaded meanwhile marks the cell', async () => {
  const models = [MODEL, { id: 'two', loadMs: 50 }];
  const host = await stage.host(service, { models, concurrentModels: [['one', 'two']] });
  const { id } = await stage.start(host, long);
  await stage.isMeasuring(id, 0);
  await fetch(`${host.sim.url}/upstream/two/health`);
  const { run, cells } = await stage.ended(id);
  expect(run.contaminated).toBe(1);
  expect(cells[0]?.contamination).toContainEqual(
    expect.objectContaining({ kind: 'other_model', what: expect.stringContaining('two went from') }),
  );
  // It is still there, so measuring again would give figures of another state of the host.
  await stage.ask(calls.rerunBench, { id, source: 'test', confirm: true });
  const again = await stage.ended(id);
  expect(again.run).toMatchObject({
    state: 'interrupted',
    reason: { code: 'host_changed', message: expect.stringContaining('other models in memory') },
  });
  expect(again.cells).toEqual(cells);
});

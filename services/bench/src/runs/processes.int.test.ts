import { STREAM } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { Stage, suiteOf } from '../testing/stage.js';
import { HOLDER, OUR_SOURCE } from './our-source.js';

vi.setConfig({ testTimeout: 300_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage?.close());

const KILLS = 4;
const CELLS = 3;

test('processes are killed at random: every run ends, no sample is lost or doubled, the hosts are left alone', async () => {
  const watcher = await stage.service();
  const hosts = [
    await stage.host(watcher),
    await stage.host(watcher, { generation: 'B', captureBufferMb: 0 }),
  ];
  await watcher.stop();
  const workers = [await stage.process(), await stage.process()];
  // However it ends: they would take the runs of the other tests.
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.kill9()));
  });
  const suite = suiteOf({ outputTokens: [150], load: { kind: 'closed', concurrency: [1, 2, 3] } });
  const ids: string[] = [];
  for (const host of [...hosts, ...hosts]) ids.push((await stage.start(host, suite)).id);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await done();
    // However long processes take to begin on a busy machine: the others may have measured all meanwhile.
    if (before === ids.length * CELLS) break;
    // Some time after another cell was measured, so that each kill meets a run that has something to go on with.
    await waitFor(async () => (await done()) > before, { what: 'another cell', timeoutMs: 90_000 });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
    const which = Math.floor(Math.random() * workers.length);
    await workers[which]?.kill9();
    workers[which] = await stage.process();
  }
  for (const id of ids) {
    const { run, cells } = await stage.ended(id, 180_000);
    const told = JSON.stringify({ run, marks: cells.map(({ contamination }) => contamination) }, null, 1);
    expect(run, told).toMatchObject({
      state: 'succeeded',
      cellsDone: CELLS,
      cellsTotal: CELLS,
      contaminated: 0,
    });
    expect(cells.map(({ requests }) => requests.ok)).toEqual([5, 10, 15]);
    const samples = await stage.samples(id, 100);
    expect(samples.map(({ cell }) => cell)).toEqual([
      ...Array<number>(5).fill(0),
      ...Array<number>(10).fill(1),
      ...Array<number>(15).fill(2),
    ]);
    expect(new Set(samples.map(({ answerId }) => answerId)).size).toBe(30);
    // Whether it is slower than the run before it is not what is tested here.
    const events = (await stage.events(id, 'succeeded')).filter(
      (event) => event !== 'cell' && event !== 'regressed',
    );
    expect(events).toEqual(['queued', 'running', 'succeeded']);
  }
  for (const host of hosts) await stage.isClean(host);
  const jsm = await jetstreamManager(stage.nc, { checkAPI: false });
  await waitFor(async () => (await jsm.streams.info(STREAM.jobQueue)).state.messages === 0, {
    what: 'an empty queue',
  });
  await Promise.all(workers.map((worker) => worker.stop()));

  async function done(): Promise<number> {
    const details = await Promise.all(ids.map((id) => stage.detail(id).catch(() => null)));
    return details.reduce((sum, detail) => sum + (detail?.run.cellsDone ?? 0), 0);
  }
});

test('a lease whose worker was killed before it had written down which one it was is nobody else’s', async () => {
  const first = await stage.service();
  const host = await stage.host(first);
  const { id } = await stage.start(host, suiteOf({ outputTokens: [150] }));
  await stage.isMeasuring(id, 0);
  await first.stop();
  const lease = { providerId: host.id, holder: HOLDER, purpose: 'bench', source: OUR_SOURCE };
  expect(await stage.leases.acquire(lease)).toMatchObject({ ok: true });
  await stage.service();
  const { run, cells } = await stage.ended(id);
  const told = JSON.stringify({ run, marks: cells.map(({ contamination }) => contamination) }, null, 1);
  expect(run, told).toMatchObject({ state: 'succeeded', cellsDone: 2, contaminated: 0 });
  await stage.isClean(host);
});

test('a run that worker after worker leaves behind is given up', async () => {
  const service = await stage.service();
  const host = await stage.host(service);
  const { id } = await stage.start(
    host,
    suiteOf({ outputTokens: [16, 2_000], load: { kind: 'closed', concurrency: [1] } }),
  );
  await waitFor(async () => (await stage.detail(id)).cells[1]?.state === 'running', {
    what: 'the second cell',
  });
  // As it stands after so many of them.
  await stage
    .db(service)
    .query(
      `UPDATE bench.runs SET takeovers = 5, worker = 'gone', heartbeat_at = now() - interval '1 day' WHERE id = $1`,
      [id],
    );
  const { run, cells } = await stage.ended(id);
  expect(run).toMatchObject({ state: 'interrupted', reason: { code: 'workers_lost' }, cellsDone: 1 });
  expect(cells.map(({ state }) => state)).toEqual(['measured']);
  await stage.isClean(host);
});

test('what was sent by a worker that found nothing left to measure is known as ours, too', async () => {
  const service = await stage.service();
  const host = await stage.host(service, { generation: 'B', captureBufferMb: 0 });
  const { id } = await stage.start(host);
  await stage.ended(id);
  const sent = async (): Promise<number> => {
    const [counted] = await stage
      .db(service)
      .query<{ n: number }[]>(`SELECT count(*)::int AS n FROM bench.sent WHERE run_id = $1`, [id]);
    return counted?.n ?? 0;
  };
  const before = await sent();
  // Its worker is killed after the last cell, before it has written down that this was all.
  await stage.db(service).query(
    `UPDATE bench.runs SET state = 'running', ended_at = NULL, worker = 'gone', heartbeat_at = now() - interval '1 day'
       WHERE id = $1`,
    [id],
  );
  const { run } = await stage.ended(id);
  expect(run).toMatchObject({ state: 'succeeded', cellsDone: 2 });
  // It has had prompts counted, as every worker does first.
  expect(await sent()).toBeGreaterThan(before);
});

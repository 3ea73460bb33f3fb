import { STREAM } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Stage, suiteOf } from '../testing/stage.js';

vi.setConfig({ testTimeout: 300_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage?.close());

const KILLS = 3;
const ITEMS = 12;
const K = 3;

test('workers are killed at random: every run ends, no sample is lost or doubled, the hosts are left alone', async () => {
  const watcher = await stage.service();
  const hosts = [
    await stage.host(watcher),
    await stage.host(watcher, { generation: 'B', captureBufferMb: 0 }),
  ];
  await watcher.stop();
  const workers = [await stage.process(), await stage.process()];
  const items = Array.from({ length: ITEMS }, (_, index) => `${index % 4 === 0 ? 'fail' : 'pass'}/${index}`);
  const suite = suiteOf(items, { name: 'killed', samples: K });
  const ids = (await stage.start(hosts, { suite, concurrency: 2 })).map(({ id }) => id);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await done();
    // Some time after another sample was stored, so that each kill meets a run that has something to go on with.
    await waitFor(async () => (await done()) > before || (await done()) === ids.length * ITEMS * K, {
      what: 'another sample',
      timeoutMs: 90_000,
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_000));
    const which = Math.floor(Math.random() * workers.length);
    await workers[which]?.kill9();
    workers[which] = await stage.process();
  }
  for (const id of ids) {
    const { run } = await stage.ended(id, 180_000);
    expect(run).toMatchObject({
      ...{ state: 'succeeded', done: ITEMS * K, total: ITEMS * K, contaminated: 0 },
      outcomes: { passed: 9 * K, failed: 3 * K },
    });
    const samples = await stage.samples(id, 50);
    expect(samples.map(({ item, sample }) => `${item} ${sample}`)).toEqual(
      items.flatMap((item) => Array.from({ length: K }, (_, sample) => `${item} ${sample}`)),
    );
    expect(await stage.events(id, 'succeeded')).toEqual(['queued', 'running', 'succeeded']);
  }
  for (const host of hosts) await stage.isClean(host);
  const jsm = await jetstreamManager(stage.nc, { checkAPI: false });
  await waitFor(async () => (await jsm.streams.info(STREAM.jobQueue)).state.messages === 0, {
    what: 'an empty queue',
  });

  async function done(): Promise<number> {
    const details = await Promise.all(ids.map((id) => stage.detail(id).catch(() => null)));
    return details.reduce((sum, detail) => sum + (detail?.run.done ?? 0), 0);
  }
});

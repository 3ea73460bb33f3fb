import { STREAM, subjects, type FactKind } from '@boocontrol/contracts';
import { busState } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { made, Stage } from './testing/stage.js';

const stage = new Stage();

/** Takes the newest fact of each kind off the log; after its restart the bus knows nothing of them, as after a lost tail. */
async function lose(id: string, kinds: readonly FactKind[]): Promise<void> {
  const { nc, nats } = stage.bench;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  for (const kind of kinds) {
    const message = await jsm.streams.getMessage(STREAM.fleet, { last_by_subj: subjects.fact(id, kind) });
    if (message !== null) await jsm.streams.deleteMessage(STREAM.fleet, message.seq);
  }
  const before = busState(nc).since;
  await nats.restart();
  await waitFor(() => busState(nc).connected && busState(nc).since !== before, {
    what: 'the bus to be back',
  });
}

it('a model’s change and a gap that the log lost are stated again as they were', async () => {
  const host = await stage.followed('C');
  await host.sim.faults.set({ refuse: true, ringOverflow: { rows: 25 } });
  await stage.lostWith(host.id, 'refused');
  const all = made(host.sim, 60);
  await host.sim.faults.set({ refuse: false });
  host.connector.reconnect();
  await stage.bench.expectLedger(host.sim, host.id, new Set(all.slice(0, 35).map(({ key }) => key)));
  const facts = async () => [await stage.bench.facts(host.id, 'model-changed'), await stage.gapsOf(host.id)];
  const before = await facts();
  expect(before).toMatchObject([[{ model: 'm', from: null }], [{ missing: 35 }]]);

  await lose(host.id, ['model-changed', 'gap']);
  await waitFor(async () => (await facts()).every(({ length }) => length === 0), {
    what: 'a log without both facts',
  });
  host.connector.onBusReconnect();
  await waitFor(async () => (await facts()).every(({ length }) => length > 0), {
    what: 'both facts again',
  });
  expect(await facts()).toEqual(before);
  await stage.bench.until(
    host.id,
    'models',
    'the list after the change',
    ({ models }) => models.length === 1,
  );
  await host.sim.faults.clear();
});

it('a change that the log lost together with its process is found again by the next one', async () => {
  const host = await stage.followed('C');
  await stage.bench.until(host.id, 'models', 'the list', ({ models }) => models.length === 1);
  await host.connector.drop();
  await lose(host.id, ['model-changed', 'models']);
  stage.bench.follow(providerOf(host.sim));
  const changed = await stage.bench.until(host.id, 'model-changed', 'again', () => true);
  expect(changed).toMatchObject({ model: 'm', observed: 'after_gap' });
  host.sim.makeRows({ count: 3 });
  await stage.bench.expectLedger(host.sim, host.id);
});

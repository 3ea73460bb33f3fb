import { calls, type FleetResponse } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestBrowser } from '../testing/browser.js';
import type { TestBus } from '../testing/bus.js';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let bus: TestBus;
let gateway: TestGateway;
let browser: TestBrowser;

beforeEach(async () => {
  world = await World.create();
  bus = world.bus;
});
afterEach(async () => {
  browser?.close();
  await world?.stop();
});

async function start(): Promise<void> {
  gateway = await world.gateway();
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: 'http://tower' });
  browser = new TestBrowser(gateway.url);
  await browser.join('fleet', 'activity', 'log:tower:proxy');
}
async function fleet(): Promise<FleetResponse> {
  return (await gateway.get<FleetResponse>('/api/fleet')).body;
}
const seen = (slice: 'inflight' | 'requests', seq: number): Promise<boolean> =>
  waitFor(() => browser.fleet?.hosts['tower']?.seqs[slice] === seq, {
    what: `${slice} at ${seq}`,
  });

describe('after a restart of the gateway', () => {
  it('the fleet is rebuilt from the log, the newest of each kind and every recent request', async () => {
    const nowMs = Date.now();
    await bus.nth('request', 'tower', 500, nowMs - 60 * 60_000);
    for (let n = 1; n <= 30; n++) await bus.nth('request', 'tower', n, nowMs - 60_000 + n);
    for (const kind of ['liveness', 'models', 'inflight', 'perf', 'gap'] as const) {
      for (let n = 1; n <= 3; n++) await bus.nth(kind, 'tower', n, nowMs);
    }
    await bus.nth('model-changed', 'tower', 4, nowMs);
    const changed = await bus.nth('model-changed', 'tower', 5, nowMs);
    await start();
    const [host] = (await fleet()).hosts;
    expect(host).toMatchObject({
      inflight: { total: 3 },
      gap: { missing: 3 },
      seqs: { models: changed.seq },
    });
    // Both changes behind the newest list of models are in it: 4 is "org/model-1", 5 is "org/model-2".
    const states = Object.fromEntries((host?.models ?? []).map(({ id, state }) => [id, state]));
    expect([states['org/model-1'], states['org/model-2']]).toEqual(['stopped', 'starting']);
    const requests = host?.requests.buckets.reduce((sum, bucket) => sum + bucket.requests, 0);
    expect(requests).toBe(30);
    expect(browser.fleet?.hosts['tower']?.requests).toEqual(host?.requests);
  });

  it('what only the tables know is in it, at once or as soon as fleet-state answers', async () => {
    await start();
    expect((await fleet()).hosts[0]?.models).toEqual([]);
    const { endedAt, ...request } = body('request', 'tower', 1, Date.now());
    const responder = bus.answer(calls.seed.subject, () => ({
      hosts: [
        {
          providerId: 'tower',
          models: [{ model: 'org/old', state: 'ready', ts: endedAt }],
          lastEndByModel: { 'org/old': endedAt },
          recent: [{ ...request, endedAt }],
          perf: null,
          gap: null,
        },
      ],
    }));
    try {
      const models = (): string | undefined => browser.fleet?.hosts['tower']?.models[0]?.id;
      await waitFor(() => models() === 'org/old', { what: 'the model that the tables know' });
      expect((await fleet()).hosts[0]?.requests.lastEndByModel).toEqual({
        'org/old': endedAt,
        [request.model]: endedAt,
      });
      expect(browser.epochs).toHaveLength(1);
      // ingest reads the host's ring again and states the same row once more, then a new one.
      const counted = async (): Promise<number | undefined> =>
        (await fleet()).hosts[0]?.requests.buckets.reduce((sum, bucket) => sum + bucket.requests, 0);
      expect(await counted()).toBe(1);
      await bus.fact('request', { ...request, endedAt });
      const { seq } = await bus.nth('request', 'tower', 2, Date.now());
      await seen('requests', seq);
      expect(await counted()).toBe(2);
      expect(browser.fleet?.hosts['tower']?.requests).toEqual((await fleet()).hosts[0]?.requests);
    } finally {
      responder.stop();
    }
  });
});

describe('kill -9 of NATS', () => {
  it('loses no fact, repeats none, and keeps the epoch', async () => {
    await start();
    await bus.nth('inflight', 'tower', 1);
    const first = await bus.nth('request', 'tower', 1);
    await seen('requests', first.seq);
    const back = bus.reconnected();
    await world.nats.kill9();
    await waitFor(
      async () => JSON.stringify((await gateway.get('/api/health')).body).includes('NATS does not answer'),
      { what: 'health to say so' },
    );
    expect((await fleet()).hosts[0]?.inflight?.total).toBe(1);
    await world.nats.restart();
    await back;
    const published: number[] = [first.seq];
    for (let n = 2; n <= 20; n++) published.push((await bus.nth('request', 'tower', n)).seq);
    await seen('requests', published.at(-1) ?? 0);
    const requests = browser.facts.filter(({ kind }) => kind === 'request').map(({ seq }) => seq);
    expect(requests).toEqual(published);
    expect(browser.epochs).toHaveLength(1);
    const { hosts, epoch } = await fleet();
    expect(epoch).toBe(browser.epochs[0]);
    const { provider: _provider, ...host } = hosts[0] ?? { provider: null };
    expect(browser.fleet?.hosts['tower']).toEqual(host);
  });

  it('does not end the logs that somebody looks at', async () => {
    await start();
    await bus.line('tower', 'proxy', 'before');
    const shown = (): string[] => browser.logs.get('tower:proxy')?.map(({ line }) => line) ?? [];
    await waitFor(() => shown().length === 1, { what: 'the line before' });
    const back = bus.reconnected();
    await world.nats.kill9();
    await world.nats.restart();
    await back;
    // The lines were in memory; whoever needs the stream makes it again.
    await waitFor(() => bus.line('tower', 'proxy', 'after'), { what: 'the bus to take lines again' });
    await waitFor(() => shown().at(-1) === 'after', { what: 'the line after' });
  });
});

describe('a consumer that the server forgot', () => {
  it('is replaced, and what came in between is not missed', async () => {
    await start();
    const published: number[] = [];
    for (let n = 1; n <= 60; n++) {
      published.push((await bus.nth('request', 'tower', n)).seq);
      if (n % 20 !== 10) continue;
      for await (const { name } of bus.jsm.consumers.list('FLEET'))
        await bus.jsm.consumers.delete('FLEET', name);
    }
    await seen('requests', published.at(-1) ?? 0);
    expect(browser.facts.map(({ seq }) => seq)).toEqual(published);
    expect(browser.epochs).toHaveLength(1);
  });
});

describe('a wiped bus', () => {
  it('gives every browser a snapshot of a new epoch, in which sequences start again', async () => {
    await start();
    for (let n = 1; n <= 50; n++) await bus.nth('inflight', 'tower', n);
    await waitFor(() => browser.fleet?.hosts['tower']?.inflight?.total === 50, {
      what: 'the last fact before',
    });
    const { epoch: before } = await fleet();
    await bus.wipe();
    const after = await waitFor(() => bus.nth('inflight', 'tower', 7), {
      what: 'somebody to make the streams again',
    });
    expect(after.seq).toBeLessThan(50);
    await waitFor(() => browser.fleet?.hosts['tower']?.inflight?.total === 7, {
      what: 'the fact after',
    });
    expect(browser.epochs.length).toBeGreaterThanOrEqual(2);
    expect(browser.fleet?.epoch).not.toBe(before);
    expect((await fleet()).epoch).toBe(browser.fleet?.epoch);
  });

  it('leaves a registry that can be filled again', async () => {
    await start();
    await bus.wipe();
    const created = (): Promise<boolean> =>
      gateway
        .call('POST', '/api/providers', { id: 'again', baseUrl: 'http://again' })
        .then(({ status }) => status === 201);
    await waitFor(created, { what: 'a host to be registered' });
    await waitFor(() => browser.providers.map(({ id }) => id).join() === 'again', {
      what: 'the browser to see only it',
    });
  });

  it('is noticed when the log has as many facts again', async () => {
    await start();
    for (let n = 1; n <= 5; n++) await bus.nth('inflight', 'tower', n);
    await waitFor(() => browser.fleet?.hosts['tower']?.inflight?.total === 5, {
      what: 'the last fact before',
    });
    await bus.jsm.streams.delete('FLEET');
    await bus.prepare();
    for (let n = 11; n <= 20; n++) await bus.nth('inflight', 'tower', n);
    await waitFor(() => browser.fleet?.hosts['tower']?.inflight?.total === 20, {
      what: 'the last fact after',
    });
    await waitFor(() => browser.epochs.length === 2, { what: 'a new epoch' });
  });
});

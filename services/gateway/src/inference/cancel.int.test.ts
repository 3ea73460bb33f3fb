import { request } from 'node:http';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, FRAMES, InferenceWorld, stream, type Answerer } from '../testing/inference.js';

let world: InferenceWorld;
beforeEach(async () => {
  world = await InferenceWorld.start({ notices: { firstMs: 60_000, everyMs: 60_000 } });
});
afterEach(() => world.stop());

const endless: Answerer = (response) => stream(response, [FRAMES.role, FRAMES.text('for ever')]);
const silent: Answerer = () => undefined;
const states = (): string[] => world.path.underWay.describe().inflight.map(({ state }) => state);
const until = (...wanted: string[]): Promise<boolean> =>
  waitFor(() => states().toSorted().join() === wanted.toSorted().join(), {
    what: `requests that are ${wanted.join(' and ')}`,
  });
const firstId = (): string => world.path.underWay.describe().inflight[0]?.id ?? '';

describe('what is under way', () => {
  it('is told with the host it waits for, what it got so far, and what has failed before', async () => {
    await world.host('bad', (response) => void response.destroy());
    const host = await world.host('tower', endless, { slots: 1 });
    const first = world.post('/v1/chat/completions', CHAT);
    await until('streaming');
    const second = world.post('/v1/chat/completions', CHAT);
    await until('streaming', 'queued');
    const { inflight, inflightTotal } = world.path.underWay.describe();
    expect(inflightTotal).toBe(2);
    expect(inflight).toMatchObject([
      {
        endpoint: '/chat/completions',
        asked: 'auto',
        policy: null,
        state: 'streaming',
        providerId: 'tower',
        model: 'real-model',
        attempts: [{ providerId: 'bad', outcome: 'reset' }],
      },
      { state: 'queued', providerId: 'tower', attempts: [{ providerId: 'bad' }], bytes: 0 },
    ]);
    expect(inflight[0]?.bytes).toBeGreaterThan(0);
    expect(world.traffic.describe(Date.now())).toMatchObject({
      queues: [{ providerId: 'tower', running: 1, slots: 1, waiting: [{ requests: 1 }] }],
      breakers: [
        { providerId: 'bad', model: 'real-model', state: 'closed', retryAt: null, failures: 2, of: 2 },
      ],
    });
    for (const { id } of inflight) expect(world.path.underWay.cancel(id, 'browser')).toBe(true);
    await Promise.all([first, second]);
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    expect(world.path.underWay.describe()).toEqual({ inflight: [], inflightTotal: 0 });
  });

  it('names a load as one, and an answer that has not begun as waited for', async () => {
    await world.host('cold', silent, { isLoaded: false });
    const first = world.post('/v1/chat/completions', CHAT);
    await until('loading');
    world.path.underWay.cancel(firstId(), 'browser');
    await first;
    world.decider.targets = [];
    await world.host('warm', silent);
    const second = world.post('/v1/chat/completions', CHAT);
    await until('waiting');
    world.path.underWay.cancel(firstId(), 'browser');
    await second;
  });

  it('is not the list of models', async () => {
    await world.ask('GET', '/v1/models');
    expect(states()).toEqual([]);
  });
});

describe('a request that is cancelled here', () => {
  it.each<[string, Answerer, string, number, string]>([
    ['before it has an answer', silent, 'waiting', 410, 'failed'],
    ['in the middle of its stream', endless, 'streaming', 200, 'incomplete'],
  ])(
    '%s: the host is left, the client is told, the record says by whom',
    async (_when, answerer, state, status, outcome) => {
      const host = await world.host('tower', answerer);
      const asked = world.post('/v1/chat/completions', CHAT);
      await until(state);
      const id = firstId();
      expect(world.path.underWay.cancel(id, 'anna')).toBe(true);
      const reply = await asked;
      expect(reply.status).toBe(status);
      expect(reply.body.toString()).toContain('"code":"cancelled"');
      expect(reply.body.toString()).not.toContain('[DONE]');
      expect(await world.fact()).toMatchObject({
        id,
        outcome,
        status,
        error: { code: 'cancelled', details: { by: 'anna' } },
        attempts: [{ outcome: 'abandoned', message: expect.stringContaining('anna') as string }],
      });
      await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
      expect(world.path.underWay.cancel(id, 'anna')).toBe(false);
    },
  );

  it('while it waits for a place: nobody was asked, and its place in the queue is free', async () => {
    await world.host('tower', endless, { slots: 1 });
    const first = world.post('/v1/chat/completions', CHAT);
    await until('streaming');
    const second = world.post('/v1/chat/completions', CHAT);
    await until('streaming', 'queued');
    const queued = world.path.underWay.describe().inflight.find(({ state }) => state === 'queued');
    world.path.underWay.cancel(queued?.id ?? '', 'anna');
    expect((await second).status).toBe(410);
    expect(await world.fact()).toMatchObject({
      outcome: 'failed',
      attempts: [],
      error: { code: 'cancelled' },
    });
    expect(world.traffic.load('tower')).toBe(1);
    world.path.underWay.cancel(firstId(), 'anna');
    await first;
  });

  it('while its body is still coming: the connection is closed', async () => {
    const closed = new Promise((resolve) => {
      const sent = request(`${world.url}/v1/chat/completions`, { method: 'POST' });
      sent.on('error', () => undefined).on('close', resolve);
      sent.write('{"model":');
    });
    await until('receiving');
    world.path.underWay.cancel(firstId(), 'anna');
    await closed;
    expect(await world.fact()).toMatchObject({ outcome: 'failed', error: { details: { by: 'anna' } } });
  });
});

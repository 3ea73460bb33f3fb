import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CHAT,
  FRAMES,
  GOOD_STREAM,
  InferenceWorld,
  stream,
  type Answerer,
  type Asked,
  type FakeHost,
} from '../testing/inference.js';

const AFTER_MS = 50;

let world: InferenceWorld;
beforeEach(async () => {
  world = await InferenceWorld.start({ notices: { firstMs: 60_000, everyMs: 60_000 } });
  world.decider.options = { hedgeAfterMs: AFTER_MS };
});
afterEach(() => world.stop());

const PLAIN = { ...CHAT, stream: false };
const words = (host: string): string => JSON.stringify({ choices: [{ message: { content: host } }] });
const framesOf = (host: string): string[] => [
  ': progress\n\n',
  FRAMES.role,
  FRAMES.text(host),
  FRAMES.text(` of ${host}`),
  FRAMES.finish,
  FRAMES.done,
];
const plain =
  (text: string, code = 200): Answerer =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json' }).end(text);
const good: Answerer = (response) => {
  stream(response, GOOD_STREAM);
  response.end();
};
const hang: Answerer = () => undefined;
const isAsked = (host: FakeHost): Promise<unknown> =>
  waitFor(() => host.asked.length === 1, { what: `${host.id} to be asked` });
const isLeft = (host: FakeHost): Promise<unknown> =>
  waitFor(() => host.asked.length === 1 && host.asked[0]?.leftAtMs != null, {
    what: `${host.id} to be left`,
  });
/** Says something, but only when it is told to. */
function gated(then: Answerer): { open: () => void; answerer: Answerer } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    open: () => open(),
    answerer: async (response, asked) => {
      await opened;
      await then(response, asked);
    },
  };
}
const nothingIsUnderWay = (): Promise<unknown> =>
  waitFor(() => world.hosts.every(({ id }) => world.traffic.load(id) === 0), {
    what: 'no place to be taken',
    everyMs: 5,
  });
/** The time for a rival of all that were asked before is over: of timers for as long, the one that was set first fires first. */
const timeForRivalIsOver = (): Promise<void> => delay(AFTER_MS);

describe('a host that is silent for too long', () => {
  it.each<[string, object, Answerer, string]>([
    ['a stream', CHAT, good, GOOD_STREAM.join('')],
    ['an answer that is no stream', PLAIN, plain(words('quick')), words('quick')],
  ])('is left when the replica answers first: %s', async (_what, body, answerer, text) => {
    const slow = await world.host('slow', hang);
    await world.host('quick', answerer);
    const reply = await world.post('/v1/chat/completions', body);
    expect(reply).toMatchObject({
      status: 200,
      isCut: false,
      headers: { 'x-boo-provider': 'quick', 'x-boo-attempts': '2' },
    });
    expect(reply.headers['x-boo-reason']).toContain(`slow sent nothing within ${AFTER_MS} ms`);
    expect(reply.body.toString()).toBe(text);
    await isLeft(slow);
    const fact = await world.fact();
    expect(fact).toMatchObject({ outcome: 'succeeded', status: 200, error: null });
    expect(fact.attempts).toMatchObject([
      { providerId: 'slow', outcome: 'abandoned', status: null, message: expect.stringContaining('quick') },
      { providerId: 'quick', outcome: 'answered', status: 200, message: null },
    ]);
    await nothingIsUnderWay();
    expect(world.traffic.describe(Date.now()).breakers).toEqual([]);
  });

  it('has its place back as soon as the other one answers', async () => {
    const slow = await world.host('slow', hang);
    let finish = (): void => undefined;
    await world.host('quick', (response) => {
      stream(response, GOOD_STREAM.slice(0, 2));
      finish = () => response.end(GOOD_STREAM.slice(2).join(''));
    });
    const replying = world.post('/v1/chat/completions', CHAT);
    await isLeft(slow);
    expect([world.traffic.load('slow'), world.traffic.load('quick')]).toEqual([0, 1]);
    finish();
    expect((await replying).body.toString()).toBe(GOOD_STREAM.join(''));
    await nothingIsUnderWay();
  });

  it('may still answer first, and then the replica is left', async () => {
    const slow = gated(good);
    await world.host('slow', slow.answerer);
    const replica = await world.host('replica', hang);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(replica);
    slow.open();
    const reply = await replying;
    expect(reply.headers).toMatchObject({ 'x-boo-provider': 'slow', 'x-boo-attempts': '2' });
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    await isLeft(replica);
    expect((await world.fact()).attempts).toMatchObject([
      { providerId: 'replica', outcome: 'abandoned' },
      { providerId: 'slow', outcome: 'answered' },
    ]);
    await nothingIsUnderWay();
    expect(world.traffic.describe(Date.now()).breakers).toEqual([]);
  });

  it('never mixes with another one, however close they are', async () => {
    const rivals = new Rivals();
    for (const id of ['one', 'two'] as const)
      await world.host(id, (response, asked) => rivals.answer(id, response, asked));
    const answered = new Set<string>();
    for (let n = 0; n < 60; n++) {
      rivals.begin(n);
      const isPlain = n % 12 < 4;
      const reply = await world.post('/v1/chat/completions', isPlain ? PLAIN : CHAT);
      const by = String(reply.headers['x-boo-provider']);
      expect(reply.isCut).toBe(false);
      expect(reply.body.toString()).toBe(isPlain ? words(by) : framesOf(by).join(''));
      answered.add(by);
      await waitFor(() => world.facts.length === n + 1, { what: 'its fact', everyMs: 5 });
      await nothingIsUnderWay();
      const { attempts } = world.facts[n] ?? { attempts: [] };
      expect(attempts.at(-1)).toMatchObject({ providerId: by, outcome: 'answered' });
      expect(attempts.slice(0, -1).every(({ outcome }) => outcome === 'abandoned')).toBe(true);
      expect(String(attempts.length)).toBe(reply.headers['x-boo-attempts']);
    }
    expect([...answered].sort()).toEqual(['one', 'two']);
    expect(world.errors).toEqual([]);
  });
});

/** Two hosts that answer in small parts, in rounds of four kinds. */
class Rivals {
  private round = 0;
  private asked = new Set<string>();
  private bothAreAsked: Promise<void> = Promise.resolve();
  private ask: () => void = () => undefined;

  begin(round: number): void {
    this.round = round;
    this.asked = new Set();
    this.bothAreAsked = new Promise((resolve) => (this.ask = resolve));
  }

  async answer(id: 'one' | 'two', response: ServerResponse, { body }: Asked): Promise<void> {
    const isStream = (JSON.parse(body.toString()) as typeof CHAT).stream;
    if (this.asked.add(id).size === 2) this.ask();
    const kind = this.round % 4;
    // Only one of them answers, and the other is silent until it is left.
    if (kind === (id === 'one' ? 0 : 1)) return;
    // The first begins about when the second is asked.
    if (kind === 2) await delay(id === 'one' ? AFTER_MS - 3 + Math.random() * 10 : 0);
    // Both begin in the same moment.
    else await this.bothAreAsked;
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    for (const part of isStream ? framesOf(id) : (words(id).match(/.{1,9}/g) ?? [])) {
      response.write(part);
      await delay(Math.random() * 3);
    }
    response.end();
  }
}

describe('no second host is asked', () => {
  it.each<[string, object, object]>([
    ['when the policy does not say so', {}, { hedgeAfterMs: null }],
    ['when the replica is not loaded', { isLoaded: false }, {}],
    ['when it has another model', { model: 'other-model' }, {}],
    ['beyond the attempts of the policy', {}, { attempts: 1 }],
  ])('%s', async (_what, target, options) => {
    world.decider.options = { ...world.decider.options, ...options };
    const late = gated(good);
    const slow = await world.host('slow', late.answerer);
    const replica = await world.host('replica', good, target);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(slow);
    await timeForRivalIsOver();
    late.open();
    expect((await replying).headers).toMatchObject({ 'x-boo-provider': 'slow', 'x-boo-attempts': '1' });
    expect(replica.asked).toHaveLength(0);
  });

  it.each(['of ours', 'of somebody else'])('when the replica has another request, %s', async (whose) => {
    const late = gated(good);
    const slow = await world.host('slow', late.answerer);
    const replica = await world.host('replica', good);
    const leave = whose === 'of ours' ? world.traffic.enterIdle(replica.target()) : null;
    if (leave === null) world.decider.busy.add('replica');
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(slow);
    await timeForRivalIsOver();
    late.open();
    expect((await replying).headers['x-boo-provider']).toBe('slow');
    leave?.();
    expect(replica.asked).toHaveLength(0);
  });

  it('when there are two: only one of them is', async () => {
    const late = gated(good);
    await world.host('slow', late.answerer);
    const second = await world.host('second', hang);
    const third = await world.host('third', good);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(second);
    await timeForRivalIsOver();
    late.open();
    expect((await replying).headers['x-boo-provider']).toBe('slow');
    expect(third.asked).toHaveLength(0);
  });
});

describe('when one of the two fails', () => {
  it.each<[string, Answerer]>([
    ['500', plain('{"error":"x"}', 500)],
    ['404', plain('{"error":"no such model"}', 404)],
    ['a reset', (response) => void response.destroy()],
    ['an opening without more', (response) => void (stream(response, [FRAMES.role]), response.end())],
  ])('the first goes on after %s of the replica', async (_what, answerer) => {
    const slow = gated(good);
    await world.host('slow', slow.answerer);
    const replica = await world.host('replica', answerer);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(replica);
    await waitFor(() => world.traffic.load('replica') === 0, { what: 'the replica to fail' });
    slow.open();
    const reply = await replying;
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'x-boo-provider': 'slow', 'x-boo-attempts': '2' },
    });
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    const { attempts } = await world.fact();
    expect(attempts).toMatchObject([{ providerId: 'replica' }, { providerId: 'slow', outcome: 'answered' }]);
    expect(attempts[0]?.outcome).not.toBe('abandoned');
    await nothingIsUnderWay();
  });

  it('the replica goes on after the first', async () => {
    const [bad, late] = [gated(plain('{"error":"x"}', 500)), gated(good)];
    await world.host('bad', bad.answerer);
    const replica = await world.host('replica', late.answerer);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(replica);
    bad.open();
    await waitFor(() => world.traffic.load('bad') === 0, { what: 'the first to fail' });
    late.open();
    const reply = await replying;
    expect(reply).toMatchObject({ status: 200, headers: { 'x-boo-provider': 'replica' } });
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    expect((await world.fact()).attempts).toMatchObject([
      { providerId: 'bad', outcome: 'status', status: 500 },
      { providerId: 'replica', outcome: 'answered' },
    ]);
    expect(replica.asked).toHaveLength(1);
    await nothingIsUnderWay();
  });

  it.each<[string, object]>([
    ['a stream', CHAT],
    ['an answer that is no stream', PLAIN],
  ])('and the other too, a third is asked: %s', async (_what, body) => {
    const bad = gated(plain('{"error":"x"}', 500));
    await world.host('bad', bad.answerer);
    const replica = await world.host('replica', (response) => void response.destroy());
    await world.host('third', good, { isLoaded: false });
    const replying = world.post('/v1/chat/completions', body);
    await isAsked(replica);
    bad.open();
    const reply = await replying;
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'x-boo-provider': 'third', 'x-boo-attempts': '3' },
    });
    const { attempts } = await world.fact();
    expect(attempts.map(({ providerId, outcome }) => `${providerId} ${outcome}`)).toEqual(
      expect.arrayContaining(['bad status', 'replica reset', 'third answered']),
    );
    expect(attempts.at(-1)).toMatchObject({ providerId: 'third' });
    await nothingIsUnderWay();
  });

  it('and nobody is left, the client has the words of the last', async () => {
    const bad = gated(plain('{"error":"mine"}', 500));
    await world.host('bad', bad.answerer);
    const replica = await world.host('replica', plain('{"error":"other"}', 502));
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(replica);
    await waitFor(() => world.traffic.load('replica') === 0, { what: 'the replica to fail' });
    bad.open();
    const reply = await replying;
    expect(reply).toMatchObject({ status: 500, headers: { 'x-boo-provider': 'bad', 'x-boo-attempts': '2' } });
    expect(reply.body.toString()).toBe('{"error":"mine"}');
    expect(await world.fact()).toMatchObject({ outcome: 'failed', status: 500 });
  });
});

describe('both are left', () => {
  it.each<[string, object]>([
    ['a stream', CHAT],
    ['an answer that is no stream', PLAIN],
  ])('when the client leaves: %s', async (_what, body) => {
    const slow = await world.host('slow', hang);
    const replica = await world.host('replica', hang);
    const client = new AbortController();
    const asking = fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      signal: client.signal,
    }).catch(() => null);
    await isAsked(replica);
    client.abort();
    await asking;
    await isLeft(slow);
    await isLeft(replica);
    const fact = await world.fact();
    expect(fact.outcome).toBe('client_left');
    expect(fact.attempts.map(({ outcome }) => outcome)).toEqual(['abandoned', 'abandoned']);
    await nothingIsUnderWay();
  });

  it('when somebody cancels the request', async () => {
    const slow = await world.host('slow', hang);
    const replica = await world.host('replica', hang);
    const replying = world.post('/v1/chat/completions', CHAT);
    await isAsked(replica);
    const [{ id } = { id: '' }] = world.path.underWay.describe().inflight;
    expect(world.path.underWay.cancel(id, 'page')).toBe(true);
    expect((await replying).status).toBe(410);
    await isLeft(slow);
    await isLeft(replica);
    expect(await world.fact()).toMatchObject({ outcome: 'failed', error: { code: 'cancelled' } });
    await nothingIsUnderWay();
  });

  it('when the time of the request is over', async () => {
    world.decider.options = { ...world.decider.options, budgetMs: 1_500 };
    const slow = await world.host('slow', hang);
    const replica = await world.host('replica', hang);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: 504, headers: { 'x-boo-attempts': '2' } });
    await isLeft(slow);
    await isLeft(replica);
    expect((await world.fact()).attempts).toMatchObject([{ outcome: 'timeout' }, { outcome: 'timeout' }]);
    await nothingIsUnderWay();
    expect(world.traffic.describe(Date.now()).breakers).toEqual([]);
  });
});

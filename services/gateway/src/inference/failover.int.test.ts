import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, FRAMES, GOOD_STREAM, InferenceWorld, stream, type Answerer } from '../testing/inference.js';

let world: InferenceWorld;
beforeEach(async () => {
  world = await InferenceWorld.start({ notices: { firstMs: 60_000, everyMs: 60_000 } });
});
afterEach(() => world.stop());

const good: Answerer = (response) => {
  stream(response, GOOD_STREAM);
  response.end();
};
const status =
  (code: number, body: string, headers: Record<string, string> = {}): Answerer =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body);
const hang: Answerer = () => undefined;
const reset: Answerer = (response) => void response.destroy();
/** Some frames, then the connection breaks off. */
const dies =
  (...frames: string[]): Answerer =>
  async (response) => {
    stream(response, frames);
    await new Promise((resolve) => response.write('', resolve));
    response.destroy();
  };
/** Some frames, then a clean end, as llama-swap ends a stream whose model is unloaded. */
const ends =
  (...frames: string[]): Answerer =>
  (response) => {
    stream(response, frames);
    response.end();
  };
const TOO_LONG = '{"error":{"code":400,"type":"exceed_context_size_error","message":"too long"}}';

describe('before the first content, the next host answers', () => {
  it.each<[string, Answerer, string, number | null]>([
    ['that breaks off before its headers', reset, 'reset', null],
    ['that answers 500', status(500, '{"error":"x"}'), 'status', 500],
    [
      'whose model does not load',
      status(500, '{"error":"upstream command exited prematurely"}'),
      'status',
      500,
    ],
    ['that answers 502 without a body', status(502, ''), 'status', 502],
    ['that answers 429', status(429, '{}', { 'retry-after': '60' }), 'status', 429],
    ['that says nothing in time', hang, 'timeout', null],
    ['whose context is too short', status(400, TOO_LONG), 'status', 400],
    ['that dies after its opening frame', dies(FRAMES.role), 'reset', 200],
    ['that ends its stream without a word', ends(FRAMES.role), 'incomplete', 200],
    ['that sends an error first', ends('data: {"error":{"code":500,"message":"no"}}\n\n'), 'status', 200],
  ])('in place of one %s', async (_what, answerer, outcome, code) => {
    world.decider.options = { firstByteMs: 300 };
    await world.host('bad', answerer);
    await world.host('good', good);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: 200, isCut: false });
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    expect(reply.headers).toMatchObject({
      'x-boo-provider': 'good',
      'x-boo-attempts': '2',
      'x-boo-policy': 'direct',
    });
    expect(await world.fact()).toMatchObject({
      id: reply.headers['x-request-id'],
      outcome: 'succeeded',
      status: 200,
      isStream: true,
    });
    expect((await world.fact()).attempts).toMatchObject([
      { providerId: 'bad', outcome, status: code },
      { providerId: 'good', outcome: 'answered', status: 200, message: null },
    ]);
  });

  it('in place of one that cannot be reached', async () => {
    await world.away('bad');
    await world.host('good', good);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    expect((await world.fact()).attempts).toMatchObject([
      { outcome: 'refused', status: null },
      { outcome: 'answered' },
    ]);
  });
});

describe('a request with a budget', () => {
  it('leaves a host that says nothing, and is told so', async () => {
    world.decider.options = { budgetMs: 300 };
    const host = await world.host('silent', hang);
    await world.host('never', good);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect([reply.status, JSON.parse(reply.body.toString())]).toMatchObject([
      504,
      { error: { code: 'upstream_timeout', message: expect.stringContaining('within the 0.3 s') } },
    ]);
    expect((await world.fact()).attempts).toMatchObject([{ providerId: 'silent', outcome: 'timeout' }]);
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    // It had less time than it may take: that is no fault of it.
    for (let n = 0; n < 5; n++) await world.post('/v1/chat/completions', CHAT);
    expect(world.traffic.mayTry('silent', 'real-model', Date.now())).toEqual({ ok: true });
  });

  it('also one whose progress goes out, as long as there is no content', async () => {
    world.decider.options = { budgetMs: 1_000 };
    await world.host('slow', (response) => stream(response, [': progress\n\n']));
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply.status).toBe(200);
    expect(reply.body.toString()).toMatch(/^: progress\n\ndata: \{"error".*upstream_timeout/);
  });

  it('does not wait for a host that asks for more patience than there is', async () => {
    world.decider.options = { budgetMs: 5_000 };
    const host = await world.host('busy', status(429, '{"error":"busy"}', { 'retry-after': '8' }));
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect([reply.status, host.asked.length]).toEqual([429, 1]);
  });

  it('waits for a place only as long', async () => {
    world.decider.options = { budgetMs: 300 };
    await world.host('full', hang, { slots: 1 });
    const first = world.post('/v1/chat/completions', CHAT);
    await waitFor(() => world.traffic.load('full') === 1, { what: 'the first one' });
    const leave = await world.traffic.enter(
      { ...world.decider.targets[0]!, slots: 1 },
      'other',
      new AbortController().signal,
    );
    await first;
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect([reply.status, JSON.parse(reply.body.toString())]).toMatchObject([
      504,
      { error: { code: 'upstream_timeout', message: expect.stringContaining('No place came free') } },
    ]);
    if (leave.ok) leave.leave();
    expect(world.facts.at(-1)).toMatchObject({ outcome: 'refused', attempts: [] });
  });
});

describe('one host alone', () => {
  it('is asked again when it was away for a moment', async () => {
    let asked = 0;
    await world.host('flapping', (response, one) =>
      ++asked < 3 ? reset(response, one) : good(response, one),
    );
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: 200, headers: { 'x-boo-attempts': '3' } });
  });

  it('is asked again when it said when', async () => {
    const busy = status(429, '{}', { 'retry-after': '1' });
    const askedAt: number[] = [];
    await world.host('busy', (response, one) => {
      askedAt.push(performance.now());
      return askedAt.length === 1 ? busy(response, one) : good(response, one);
    });
    expect(await world.post('/v1/chat/completions', CHAT)).toMatchObject({ status: 200 });
    const [first = 0, second = 0] = askedAt;
    // A timer may be early by a millisecond or two.
    expect(second - first).toBeGreaterThan(990);
  });

  it.each([
    [400, '{"error":{"message":"no such field"}}'],
    [401, '{"error":"bad key"}'],
    [404, '{"error":{"message":"model not found"}}'],
    [422, 'not json at all'],
  ])('says its own %i, and nobody else is asked', async (code, body) => {
    const bad = await world.host('bad', status(code, body, { 'x-odd': 'kept' }));
    const other = await world.host('good', good);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: code, headers: { 'x-odd': 'kept', 'x-boo-provider': 'bad' } });
    expect(reply.body.toString()).toBe(body);
    expect([bad.asked.length, other.asked.length]).toEqual([1, 0]);
    expect(await world.fact()).toMatchObject({ outcome: 'failed', status: code, error: null });
  });

  it('says its own 500 when nobody else is left', async () => {
    await world.host('bad', status(500, '{"error":"out of memory"}'));
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply.status).toBe(500);
    expect(reply.body.toString()).toBe('{"error":"out of memory"}');
  });
});

describe('when all are down', () => {
  it('the client is told what was tried', async () => {
    await world.away('one');
    await world.away('two');
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: 502, headers: { 'x-boo-attempts': '3', 'retry-after': '10' } });
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      error: { code: 'upstream_error', type: 'server_error', param: null },
    });
    expect(await world.fact()).toMatchObject({ outcome: 'failed', error: { code: 'upstream_error' } });
    expect((await world.fact()).attempts).toHaveLength(3);
  });

  it('in the form of the dialect', async () => {
    world.decider.options = { firstByteMs: 100 };
    await world.host('one', hang);
    const reply = await world.post('/v1/messages', CHAT);
    expect(reply.status).toBe(504);
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      type: 'error',
      error: { type: 'api_error', code: 'upstream_timeout' },
    });
  });

  it('a refusal of the decider says so', async () => {
    world.decider.refusal = {
      code: 'host_leased',
      status: 409,
      message: 'tower is leased',
      retryAfterS: 30,
      policy: null,
      candidates: [],
    };
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply).toMatchObject({ status: 409, headers: { 'retry-after': '30', 'x-boo-attempts': '0' } });
    expect(JSON.parse(reply.body.toString())).toMatchObject({ error: { code: 'host_leased' } });
    expect(world.facts).toMatchObject([{ outcome: 'refused', attempts: [], error: { code: 'host_leased' } }]);
  });

  it('five failures in a row open the breaker, and then nothing is sent', async () => {
    const bad = await world.host('bad', status(500, '{}'));
    for (let at = 0; at < 5; at++) await world.post('/v1/chat/completions', CHAT);
    expect(world.traffic.mayTry('bad', 'real-model', Date.now()).ok).toBe(false);
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(JSON.parse(reply.body.toString())).toMatchObject({ error: { code: 'provider_unhealthy' } });
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(bad.asked).toHaveLength(5);
  });
});

describe('after the first content, nobody else answers', () => {
  it.each<[string, Answerer, string]>([
    ['dies', dies(FRAMES.role, FRAMES.text('Hel')), 'reset'],
    ['ends its stream without an end', ends(FRAMES.role, FRAMES.text('Hel')), 'incomplete'],
  ])('when the host %s, the stream ends with an error event', async (_what, answerer, outcome) => {
    await world.host('bad', answerer);
    const other = await world.host('good', good);
    const reply = await world.post('/v1/chat/completions', CHAT);
    const text = reply.body.toString();
    expect(text.startsWith(FRAMES.role + FRAMES.text('Hel'))).toBe(true);
    expect(text).not.toContain('[DONE]');
    const last = text.trimEnd().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace(/^data: /, ''))).toMatchObject({ error: { code: 'upstream_error' } });
    expect(other.asked).toHaveLength(0);
    expect(await world.fact()).toMatchObject({
      outcome: 'incomplete',
      attempts: [{ providerId: 'bad', outcome }],
    });
  });

  it('a host that falls silent is given up', async () => {
    await world.stop();
    world = await InferenceWorld.start({ idleMs: 200 });
    const host = await world.host('bad', (response) => stream(response, [FRAMES.text('Hel')]));
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply.body.toString()).toContain('upstream_timeout');
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    expect(world.facts).toMatchObject([{ outcome: 'incomplete', attempts: [{ outcome: 'timeout' }] }]);
  });

  it('Anthropic’s dialect has its own error event', async () => {
    const delta = 'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"a"}}\n\n';
    await world.host('bad', ends(delta));
    const text = (await world.post('/v1/messages', CHAT)).body.toString();
    expect(text.startsWith(`${delta}event: error\ndata: {"type":"error"`)).toBe(true);
  });

  it('an answer that is no stream is cut off, so that nobody takes it for whole', async () => {
    await world.host('bad', async (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      await new Promise((resolve) => response.write('{"choices":', resolve));
      response.destroy();
    });
    expect(await world.post('/v1/chat/completions', { ...CHAT, stream: false })).toMatchObject({
      status: 200,
      isCut: true,
    });
    expect(await world.fact()).toMatchObject({ outcome: 'incomplete' });
  });
});

describe('while a model loads', () => {
  beforeEach(async () => {
    await world.stop();
    world = await InferenceWorld.start({ notices: { firstMs: 50, everyMs: 50 } });
  });

  it('a stream says so, and then the answer follows', async () => {
    await world.host('slow', async (response, one) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await good(response, one);
    });
    const reply = await world.post('/v1/chat/completions', CHAT);
    const text = reply.body.toString();
    expect(text.startsWith(': loading real-model\n\n: loading real-model\n\n')).toBe(true);
    expect(text.endsWith(GOOD_STREAM.join(''))).toBe(true);
    expect(reply.headers['content-type']).toContain('text/event-stream');
  });

  it('another host may still follow, and errors are told inside the stream', async () => {
    world.decider.options = { firstByteMs: 200 };
    await world.host('slow', hang);
    await world.host('bad', status(400, '{"error":{"message":"bad field"}}'));
    const text = (await world.post('/v1/chat/completions', CHAT)).body.toString();
    expect(text.replace(/: loading real-model\n\n/g, '')).toBe('data: {"error":{"message":"bad field"}}\n\n');
    expect(await world.fact()).toMatchObject({
      outcome: 'failed',
      status: 200,
      attempts: [{ outcome: 'timeout' }, { status: 400 }],
    });
  });

  it('llama-swap’s own messages go out at once, and are not content', async () => {
    const loading =
      'data: {"choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"loading…"}}]}\n\n';
    await world.host('bad', dies(loading));
    await world.host('good', good);
    const text = (await world.post('/v1/chat/completions', CHAT)).body.toString();
    expect(text.replace(/: loading real-model\n\n/g, '')).toBe(loading + GOOD_STREAM.join(''));
  });
});

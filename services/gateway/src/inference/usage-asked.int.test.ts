import { afterEach, beforeEach, expect, it } from 'vitest';
import { CHAT, FRAMES, GOOD_STREAM, InferenceWorld, stream, type Answerer } from '../testing/inference.js';

const ASKED = '{"stream_options":{"include_usage":true},';
const usage = (more = {}): string =>
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 2 }, ...more })}\n\n`;

let world: InferenceWorld;
beforeEach(async () => {
  world = await InferenceWorld.start();
});
afterEach(() => world.stop());

/** A service that tells its counts to those who ask for them. */
const service =
  (chunk = usage()): Answerer =>
  (response, { body }) => {
    const isAsked = body.includes('"include_usage":true');
    const frames = [...GOOD_STREAM.slice(0, -1), ...(isAsked ? [chunk] : []), FRAMES.done];
    stream(response, frames);
    response.end();
  };

it('a service is asked for its counts, and the client sees nothing of that', async () => {
  const host = await world.host('cloud', service(), { kind: 'openai' });
  const reply = await world.post('/v1/chat/completions', CHAT);
  expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
  const sent = host.asked[0]?.body.toString() ?? '';
  expect(sent.replace(ASKED, '{')).toBe(JSON.stringify({ ...CHAT, model: 'real-model' }));
  expect(sent.startsWith(ASKED)).toBe(true);
  expect(await world.fact()).toMatchObject({ outcome: 'succeeded', promptTokens: 11, outputTokens: 2 });
});

it('a client that says itself what it wants gets that', async () => {
  const host = await world.host('cloud', service(), { kind: 'openai' });
  for (const include_usage of [true, false]) {
    const body = JSON.stringify({ ...CHAT, model: 'real-model', stream_options: { include_usage } });
    const reply = await world.post('/v1/chat/completions', body);
    expect(host.asked.at(-1)?.body.toString()).toBe(body);
    expect(reply.body.includes('prompt_tokens')).toBe(include_usage);
  }
});

it('a llama-swap, an answer that is no stream, and another dialect are not asked', async () => {
  const own = await world.host('tower', service());
  await world.post('/v1/chat/completions', CHAT);
  const cloud = await world.host('cloud', service(), { kind: 'openai' });
  world.decider.targets = world.decider.targets.slice(1);
  await world.post('/v1/chat/completions', { ...CHAT, stream: false });
  await world.post('/v1/responses', CHAT);
  await world.post('/v1/messages', CHAT);
  for (const { body } of [...own.asked, ...cloud.asked]) expect(body.includes('stream_options')).toBe(false);
  expect(cloud.asked.length).toBeGreaterThanOrEqual(3);
});

it('timings go to the client, and whoever sends them is not asked again', async () => {
  const chunk = usage({ timings: { prompt_n: 11, predicted_n: 2 } });
  const host = await world.host('llama', service(chunk), { kind: 'openai' });
  const first = await world.post('/v1/chat/completions', CHAT);
  expect(first.body.toString()).toBe([...GOOD_STREAM.slice(0, -1), chunk, FRAMES.done].join(''));
  const second = await world.post('/v1/chat/completions', CHAT);
  expect(second.body.toString()).toBe(GOOD_STREAM.join(''));
  expect(host.asked[1]?.body.includes('stream_options')).toBe(false);
});

it.each([400, 422])('a service that refuses the question with %d is asked without it', async (status) => {
  const host = await world.host(
    'strict',
    (response, asked) =>
      asked.body.includes('stream_options')
        ? void response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"unknown"}')
        : service()(response, asked),
    { kind: 'openai' },
  );
  for (const attempts of ['2', '1']) {
    const reply = await world.post('/v1/chat/completions', CHAT);
    expect(reply.body.toString()).toBe(GOOD_STREAM.join(''));
    expect(reply.headers['x-boo-attempts']).toBe(attempts);
  }
  expect(host.asked.length).toBe(3);
});

it('a refusal that has nothing to do with the question is the host’s own', async () => {
  const text = '{"error":{"message":"no such thing"}}';
  const refuse: Answerer = (response) => void response.writeHead(400).end(text);
  const host = await world.host('cloud', refuse, { kind: 'openai' });
  const reply = await world.post('/v1/chat/completions', CHAT);
  expect([reply.status, reply.body.toString(), host.asked.length]).toEqual([400, text, 2]);
  // It says nothing of the question, which is put again.
  await world.post('/v1/chat/completions', CHAT);
  expect(host.asked[2]?.body.includes('stream_options')).toBe(true);
});

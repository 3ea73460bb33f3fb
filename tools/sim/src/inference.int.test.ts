import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSimHost, type SimHost } from './sim-host.js';
import { call, chat, chunks } from './testing/calls.js';
import { until } from './testing/until.js';

let host: SimHost;

beforeEach(async () => {
  host = await createSimHost({
    timeScale: 100,
    models: [
      { id: 'chatty', loadMs: 300, genTps: 200, parallel: 2 },
      { id: 'thinker', reasoning: true, draftAcceptPct: 70 },
      { id: 'slow', genTps: 0.2, concurrencyLimit: 3 },
      { id: 'tiny-ctx', ctx: 64 },
      { id: 'embed', embedding: true },
    ],
  });
});

afterEach(() => host.close());

interface Timings {
  cache_n: number;
  prompt_n: number;
  predicted_n: number;
  predicted_per_second: number;
}

test('a stream ends with timings on its last chunk, usage only where asked for', async () => {
  const plain = await chat(host.url, 'chatty', 'hello there', { stream: true });
  expect(plain.headers['content-type']).toBe('text/event-stream');
  expect(plain.text.endsWith('data: [DONE]\n\n')).toBe(true);
  const parts = chunks(plain.text);
  expect(parts[0]).toMatchObject({
    choices: [{ delta: { role: 'assistant' } }],
    object: 'chat.completion.chunk',
  });
  expect(parts.at(-1)).toMatchObject({
    choices: [{ finish_reason: 'length', delta: {} }],
    timings: { predicted_n: 8 },
  });
  expect(plain.text).not.toContain('usage');
  const asked = await chat(host.url, 'chatty', 'hello there', {
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(chunks(asked.text).at(-1)).toMatchObject({
    choices: [],
    usage: { completion_tokens: 8 },
    timings: {},
  });
});

test('the same question gets the same answer, whatever came before', async () => {
  const content = async () => {
    const { json } = await chat(host.url, 'chatty', 'who are you?', { max_tokens: 60 });
    return (json as { choices: Array<{ message: { content: string } }> }).choices[0]?.message.content;
  };
  const first = await content();
  await chat(host.url, 'chatty', 'something else');
  expect(await content()).toBe(first);
  expect(first?.length).toBeGreaterThan(40);
});

test('generation runs at the set speed, in simulated time', async () => {
  const { json } = await chat(host.url, 'chatty', 'hello', { max_tokens: 50 });
  const { timings } = json as { timings: Timings };
  expect(timings.predicted_per_second).toBeGreaterThan(190);
  expect(timings.predicted_per_second).toBeLessThan(210);
});

test('a growing conversation finds its prefix in the KV cache, until the model is unloaded', async () => {
  const messages = [{ role: 'user', content: 'Tell me about caches, at some length please.' }];
  const ask = async () => {
    const { json } = await call(`${host.url}/v1/chat/completions`, 'POST', {
      model: 'chatty',
      messages,
      max_tokens: 30,
    });
    return json as { choices: Array<{ message: { role: string; content: string } }>; timings: Timings };
  };
  const first = await ask();
  expect(first.timings.cache_n).toBe(0);
  messages.push(...first.choices.map(({ message }) => message), { role: 'user', content: 'And then?' });
  const second = await ask();
  expect(second.timings.cache_n).toBeGreaterThanOrEqual(
    first.timings.prompt_n + first.timings.predicted_n - 2,
  );
  expect(second.timings.prompt_n).toBeLessThan(20);
  await call(`${host.url}/api/models/unload`, 'POST');
  expect((await ask()).timings.cache_n).toBe(0);
});

test('the row tells what the answer told', async () => {
  const { json } = await chat(
    host.url,
    'chatty',
    'hello',
    {},
    { 'X-Boo-Source': 'boocoder', 'User-Agent': 'unit/1' },
  );
  const { timings } = json as { timings: Timings };
  expect(host.rows()).toHaveLength(1);
  expect(host.rows()[0]).toMatchObject({
    boot: 1,
    source: 'boocoder',
    userAgent: 'unit/1',
    row: {
      id: 1,
      model: 'chatty',
      req_path: '/v1/chat/completions',
      resp_status_code: 200,
      tokens: {
        cache_tokens: timings.cache_n,
        input_tokens: timings.prompt_n,
        output_tokens: timings.predicted_n,
        tokens_per_second: timings.predicted_per_second,
        draft_tokens: -1,
      },
      has_capture: true,
      metadata: { fifo_priority: '0' },
    },
  });
});

test('reasoning comes apart from the content, drafts are counted', async () => {
  const streamed = await chat(host.url, 'thinker', 'why?', { stream: true, max_tokens: 30 });
  expect(streamed.text).toContain('"delta":{"reasoning_content":');
  expect(chunks(streamed.text).at(-1)).toMatchObject({ timings: { draft_n: 30, draft_n_accepted: 21 } });
  const whole = await chat(host.url, 'thinker', 'why?', { max_tokens: 30 });
  expect(whole.json).toMatchObject({
    choices: [{ message: { reasoning_content: expect.any(String) as string } }],
  });
});

test('text completions and embeddings have their own shapes', async () => {
  const body = { model: 'chatty', prompt: 'Once upon a time', max_tokens: 5 };
  const text = await call(`${host.url}/v1/completions`, 'POST', body);
  expect(text.json).toMatchObject({
    object: 'text_completion',
    choices: [{ text: expect.any(String) as string }],
  });
  const streamed = await call(`${host.url}/v1/completions`, 'POST', { ...body, stream: true });
  expect(chunks(streamed.text).at(-1)).toMatchObject({ timings: { predicted_n: 5 } });
  const embedded = await call(`${host.url}/v1/embeddings`, 'POST', { model: 'embed', input: ['a', 'b'] });
  const { data } = embedded.json as { data: Array<{ embedding: number[] }> };
  expect(data.map(({ embedding }) => embedding.length)).toEqual([768, 768]);
  expect(host.rows().at(-1)?.row.tokens).toMatchObject({
    cache_tokens: -1,
    output_tokens: 0,
    tokens_per_second: -1,
  });
});

test('an unknown model is a 404 that makes a row; a body without a model makes none', async () => {
  const unknown = await chat(host.url, 'nobody', 'hello');
  expect(unknown.status).toBe(404);
  expect(unknown.json).toEqual({
    src: 'llama-swap',
    error: {
      message: 'no router for requested model',
      type: 'invalid_request_error',
      param: null,
      code: 'not_found',
    },
  });
  expect(host.rows()[0]?.row).toMatchObject({
    model: 'nobody',
    resp_status_code: 404,
    error_msg: 'no router for requested model',
    tokens: { input_tokens: 0, tokens_per_second: 0 },
  });
  expect((await call(`${host.url}/v1/chat/completions`, 'POST', { messages: [] })).status).toBe(404);
  expect(host.rows()).toHaveLength(1);
});

test('a prompt that is too long is the model server’s error', async () => {
  const answer = await chat(host.url, 'tiny-ctx', 'word '.repeat(100));
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ error: { type: 'exceed_context_size_error', n_ctx: 64 } });
});

test('beyond the concurrency limit it answers 429 with Retry-After', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => chat(host.url, 'slow', `question ${index}`, { max_tokens: 10 })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  const limited = answers.find(({ status }) => status === 429);
  expect(limited?.headers['retry-after']).toBe('1');
  expect(limited?.json).toMatchObject({ error: { code: 'concurrency_limit', type: 'rate_limit_error' } });
});

test('a client that leaves frees its slot and leaves a row', async () => {
  const body = JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content: 'long' }] });
  await new Promise<void>((resolve) => {
    const req = request(`${host.url}/v1/chat/completions`, { method: 'POST', agent: false }, (res) => {
      res.once('data', () => {
        res.destroy();
        resolve();
      });
    });
    req.end(body);
  });
  await until(() => host.rows().length === 1, 'row of the broken stream');
  expect(host.rows()[0]?.row).toMatchObject({ resp_status_code: 200, tokens: { output_tokens: 0 } });
  expect(host.state()).toMatchObject({ inflight: 0 });
});

test('a client that leaves before the first byte is a 499 in newer builds', async () => {
  const req = request(`${host.url}/v1/chat/completions`, { method: 'POST', agent: false });
  req.on('error', () => {});
  req.end(JSON.stringify({ model: 'tiny-ctx', messages: [{ role: 'user', content: 'x' }] }));
  await until(() => host.state().inflight === 1, 'request under way');
  req.destroy();
  await until(() => host.rows().length === 1, 'row');
  expect(host.rows()[0]?.row.resp_status_code).toBe(499);
});

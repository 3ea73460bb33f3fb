import { describe, expect, test } from 'vitest';
import type { Exchange } from '../wire/exchange.js';
import { sampleOf, type Asked } from './sample.js';

const DONE = 'data: [DONE]\n\n';
const frame = (data: object): string => `data: ${JSON.stringify({ id: 'a1', ...data })}\n\n`;
const role = frame({ choices: [{ delta: { role: 'assistant', content: null } }] });
const said = (content: string): string => frame({ choices: [{ delta: { content } }] });
const timings = (more: object = {}): string =>
  frame({
    choices: [{ delta: {}, finish_reason: 'length' }],
    timings: {
      cache_n: 0,
      prompt_n: 100,
      prompt_per_second: 500,
      predicted_n: 3,
      predicted_per_second: 150,
      ...more,
    },
  });

const asked: Asked = {
  cell: 0,
  repetition: 0,
  runStartedMs: 900,
  stream: true,
  promptTokens: 100,
  outputTokens: 3,
  cached: { from: 0, to: 12 },
};

/** An answer whose parts came so many milliseconds after a request that was due at 1,000. */
function exchangeOf(parts: [afterMs: number, text: string][], more: Partial<Exchange> = {}): Exchange {
  const reads = parts.map(([afterMs, text]) => ({ atMs: 1_000 + afterMs, bytes: Buffer.from(text) }));
  return {
    intendedMs: 1_000,
    sentMs: 1_000.5,
    status: 200,
    headers: {},
    reads,
    endedMs: 2_000,
    failure: null,
    ...more,
  };
}
const sample = (parts: [number, string][], more: Partial<Exchange> = {}, wanted: Partial<Asked> = {}) =>
  sampleOf(exchangeOf(parts, more), { ...asked, ...wanted });

describe('figures of one request', () => {
  test('each from its own moment', () => {
    const one = sample([
      [50, role],
      [60, ': still here\n\n'],
      [200, said('a')],
      [210, said('b')],
      [220, said('c')],
      [300, timings()],
      [400, DONE],
    ]);
    expect(one).toMatchObject({
      status: 'ok',
      startMs: 100,
      lagMs: 0.5,
      ttfbMs: 50,
      ttftMs: 200,
      ttftReasoningMs: null,
      ttftContentMs: 200,
      // Neither the timings nor [DONE] nor the end of the connection.
      e2eMs: 220,
      gapsMs: [10, 10],
      tpotMs: 10,
      promptTokens: 100,
      outputTokens: 3,
      cacheTokens: 0,
      hostGenTps: 150,
      answerId: 'a1',
      pollution: [],
    });
  });

  test('reasoning and content have first tokens of their own', () => {
    const thought = frame({ choices: [{ delta: { reasoning_content: 'hm' } }] });
    const one = sample([
      [80, role + thought],
      [190, said('a')],
      [200, timings() + DONE],
    ]);
    expect(one).toMatchObject({ ttftMs: 80, ttftReasoningMs: 80, ttftContentMs: 190 });
  });

  test('several tokens in a chunk and several chunks in a read are counted as what they are', () => {
    const six = timings({ predicted_n: 6 });
    const one = sample(
      [
        [100, said('a b')],
        [200, said('c d') + said('e f')],
        [201, six + DONE],
      ],
      {},
      { outputTokens: 6 },
    );
    expect(one).toMatchObject({ gapsMs: [100, 0], tpotMs: 20, outputTokens: 6, pollution: [] });
  });

  test('one chunk has no time between tokens: not measured, and not 0', () => {
    expect(
      sample([
        [100, said('all of it')],
        [101, timings() + DONE],
      ]),
    ).toMatchObject({ tpotMs: null, gapsMs: [] });
  });

  test('without counts there is no time for each token', () => {
    expect(
      sample([
        [100, said('a')],
        [110, said('b')],
        [120, DONE],
      ]),
    ).toMatchObject({
      status: 'ok',
      tpotMs: null,
      outputTokens: null,
    });
  });
});

describe('what is no success', () => {
  test('an error inside a stream, in spite of its 200', () => {
    const one = sample([
      [100, said('a')],
      [110, frame({ error: { message: 'slot lost' } })],
      [111, DONE],
    ]);
    expect(one).toMatchObject({ status: 'error', error: { code: 'error_in_stream', message: 'slot lost' } });
  });

  test('a stream that a relay has written "data:" into twice', () => {
    const twice = (text: string): string => text.replaceAll('data: ', 'data: data: ');
    expect(sample([[100, twice(said('a') + timings() + DONE)]])).toMatchObject({
      status: 'error',
      error: { code: 'error_in_stream' },
      ...{ ttftMs: null, outputTokens: null },
    });
  });

  test('a stream that ends cleanly and without its last event', () => {
    expect(
      sample([
        [100, said('a')],
        [110, said('b')],
      ]).status,
    ).toBe('incomplete');
  });

  test('a connection that breaks, a status, an answer without tokens, an abort', () => {
    const broken = { failure: { code: 'UND_ERR_SOCKET', message: 'other side closed' } };
    expect(sample([[100, said('a')]], broken)).toMatchObject({
      status: 'error',
      error: { code: 'UND_ERR_SOCKET' },
    });
    expect(sample([[5, '{"error":{"message":"too long"}}']], { status: 400 })).toMatchObject({
      status: 'error',
      error: { code: 'http_400', message: 'too long' },
      ttftMs: null,
    });
    expect(
      sample([
        [5, role],
        [9, DONE],
      ]),
    ).toMatchObject({ status: 'error', error: { code: 'no_tokens' } });
    expect(sample([], { failure: { code: 'aborted', message: '' } }).status).toBe('aborted');
  });
});

describe('what pollutes a figure', () => {
  const parts = (more: object): [number, string][] => [
    [100, said('a')],
    [110, said('b')],
    [120, said('c')],
    [121, timings(more) + DONE],
  ];

  test('a prompt that was in the cache', () => {
    expect(sample(parts({ cache_n: 90, prompt_n: 10 })).pollution).toEqual(['cached']);
  });

  test('a prompt that was to be in the cache', () => {
    expect(sample(parts({}), {}, { cached: { from: 80, to: 100 } }).pollution).toEqual(['not_cached']);
  });

  test('a prompt of another length, four times as long above all', () => {
    expect(sample(parts({ prompt_n: 400 })).pollution).toEqual(['prompt_length']);
    expect(sample(parts({ prompt_n: 103 })).pollution).toEqual(['prompt_length']);
    expect(sample(parts({ prompt_n: 102 })).pollution).toEqual([]);
  });

  test('an answer of another length', () => {
    expect(sample(parts({ predicted_n: 2 })).pollution).toEqual(['answer_length']);
  });

  test('a host that says something else than the clock', () => {
    const long: [number, string][] = Array.from({ length: 20 }, (_, n) => [100 + 10 * n, said('a')]);
    const ends = (tps: number): [number, string] => [
      400,
      timings({ predicted_n: 20, predicted_per_second: tps }) + DONE,
    ];
    const wanted = { outputTokens: 20 };
    // 19 gaps of 10 ms: what llama.cpp calls 20 tokens in 190 ms.
    expect(sample([...long, ends(20 / 0.19)], {}, wanted).pollution).toEqual([]);
    expect(sample([...long, ends(130)], {}, wanted).pollution).toEqual(['host_disagrees']);
  });

  test('a request that left late', () => {
    expect(sample(parts({}), { sentMs: 1_050 }).pollution).toEqual(['sent_late']);
  });
});

describe('an answer that comes whole', () => {
  const text = (more: object = {}): string =>
    JSON.stringify({
      id: 'a1',
      choices: [{ message: { role: 'assistant', content: 'a b c' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 100, completion_tokens: 3 },
      timings: {
        cache_n: 0,
        prompt_n: 100,
        prompt_per_second: 500,
        predicted_n: 3,
        predicted_per_second: 150,
      },
      ...more,
    });
  const whole = (parts: [number, string][], more: Partial<Exchange> = {}) =>
    sample(parts, more, { stream: false });

  test('tells counts and the host’s own speeds, and of times only the first and the last byte', () => {
    expect(
      whole([
        [200, text().slice(0, 40)],
        [210, text().slice(40)],
      ]),
    ).toMatchObject({
      status: 'ok',
      answerId: 'a1',
      ttfbMs: 200,
      e2eMs: 210,
      ...{ ttftMs: null, ttftReasoningMs: null, ttftContentMs: null, tpotMs: null, gapsMs: [] },
      ...{ promptTokens: 100, outputTokens: 3, cacheTokens: 0, hostGenTps: 150, hostPromptTps: 500 },
      ...{ finishReason: 'length', pollution: [] },
    });
  });

  test('of /v1/completions too, and of reasoning alone', () => {
    expect(whole([[9, text({ choices: [{ text: 'a', finish_reason: 'stop' }] })]]).status).toBe('ok');
    expect(whole([[9, text({ choices: [{ message: { reasoning_content: 'hm' } }] })]]).status).toBe('ok');
  });

  test('cut short, without a token, or an error in spite of its 200 is no success', () => {
    expect(whole([[9, text().slice(0, 40)]])).toMatchObject({
      status: 'incomplete',
      error: { message: 'the answer is no whole JSON' },
    });
    expect(whole([[9, text({ choices: [{ message: { content: '' } }] })]])).toMatchObject({
      status: 'error',
      error: { code: 'no_tokens' },
    });
    expect(whole([[9, text({ error: { message: 'slot lost' } })]])).toMatchObject({
      status: 'error',
      error: { message: 'slot lost' },
    });
  });
});

test('how long a gateway kept it waiting is told where that tells it', () => {
  const queueOf = (headers: Exchange['headers']) => sample([[100, said('a') + DONE]], { headers }).queueMs;
  expect(queueOf({ 'x-boo-queue-ms': '120' })).toBe(120);
  expect(queueOf({ 'x-boo-queue-ms': '0' })).toBe(0);
  for (const none of [{}, { 'x-boo-queue-ms': '' }, { 'x-boo-queue-ms': 'soon' }, { 'x-boo-queue-ms': '-1' }])
    expect(queueOf(none)).toBeNull();
});

import type { Capture, Request } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { bodiesOf, pathOf } from './bodies.js';
import { pick, randomOf } from './random.js';

const SOURCES = [
  'boochat',
  'boocoder',
  'boocoder',
  'arena',
  'python-openai',
  'unattributed',
  'control-bench',
];

/** Finished requests over the last hours, newest first. */
export function requestsOf(
  hosts: readonly string[],
  models: readonly string[],
  rows: number,
  nowMs: number,
  seed = rows + hosts.length,
): Request[] {
  const random = randomOf(seed);
  let endMs = nowMs - 1500;
  return Array.from({ length: rows }, (_, i) => {
    const providerId = pick(random, hosts);
    const embeds = providerId === 'embedder';
    const statusCode = random() < 0.05 ? pick(random, [400, 429, 502, 500]) : 200;
    const outputTokens = embeds || statusCode !== 200 ? null : 20 + Math.floor(random() * 1400);
    const genTps = outputTokens === null ? null : 18 + random() * 70;
    const inputTokens = statusCode === 200 ? 40 + Math.floor(random() ** 2 * 18_000) : null;
    const durationMs =
      genTps === null || outputTokens === null ? 20 + random() * 300 : (outputTokens / genTps) * 1000 + 180;
    const ts = instantFromMs(endMs);
    endMs -= Math.floor(200 + random() * 14_000);
    return withPromptTime({
      providerId,
      at: ts,
      endedAt: ts,
      entryId: rows - i,
      ts,
      model: embeds ? 'bge-m3-Q8_0' : pick(random, models.slice(0, 5)),
      source: pick(random, SOURCES),
      reqPath: embeds ? '/v1/embeddings' : pathOf(random()),
      respContentType: embeds ? 'application/json' : 'text/event-stream',
      statusCode,
      durationMs,
      cacheTokens: inputTokens === null || embeds ? null : Math.floor(inputTokens * random()),
      inputTokens,
      outputTokens,
      draftTokens: null,
      draftAcceptedTokens: null,
      promptTps: inputTokens === null ? null : 300 + random() * 2500,
      genTps,
      hasCapture: statusCode === 200,
      errorMsg:
        statusCode === 200
          ? null
          : statusCode === 429
            ? 'too many requests for this model'
            : 'upstream process exited',
    });
  });
}

/** A request takes as long as its prompt is read, too. */
function withPromptTime(request: Request): Request {
  const { inputTokens, promptTps, durationMs } = request;
  if (inputTokens === null || promptTps === null) return request;
  return { ...request, durationMs: durationMs + (inputTokens / promptTps) * 1000 };
}

const utf8 = (data: string, cut = false) => ({
  encoding: 'utf8' as const,
  data,
  bytes: Buffer.byteLength(data),
  cut,
});

/** A capture as its host would have kept it. */
export function captureOf(request: Request): Capture {
  const { providerId, at, entryId, ts, reqPath, model } = request;
  const frame = { providerId, at, entryId, ts, reqPath };
  const reqHeaders = {
    'content-type': 'application/json',
    'user-agent': 'openai-node/6.49',
    'x-boo-source': request.source,
    authorization: '[REDACTED]',
  };
  if (reqPath === '/v1/embeddings') {
    return {
      ...frame,
      reqHeaders,
      reqBody: utf8(JSON.stringify({ model, input: ['The quick brown fox', 'jumps over the lazy dog'] })),
      respHeaders: { 'content-type': 'application/json' },
      respBody: utf8(
        JSON.stringify({
          object: 'list',
          model,
          data: [
            { object: 'embedding', index: 0, embedding: Array.from({ length: 64 }, (_, i) => Math.sin(i)) },
          ],
          usage: { prompt_tokens: 11, total_tokens: 11 },
        }),
      ),
    };
  }
  const bodies = bodiesOf(reqPath, model);
  if (bodies) {
    return {
      ...frame,
      reqHeaders,
      reqBody: utf8(JSON.stringify(bodies.request)),
      respHeaders: {},
      respBody: utf8(bodies.answer),
    };
  }
  const words =
    'A ring buffer keeps the last N items: writes go to `head`, and when it is full the oldest one is overwritten.\n\n```ts\nconst ring = new Array<number>(1024);\n```\n\nReaders that fall behind have to say so.'.split(
      /(?<= )/,
    );
  const chunk = (delta: object, more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
  const stream = [
    chunk({ role: 'assistant', content: null }),
    chunk({ reasoning_content: 'They want it short. ' }),
    ...words.map((content) => chunk({ content })),
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], timings: { cache_n: 900, prompt_n: 312, predicted_n: words.length, predicted_per_second: 43.2 } })}\n\n`,
    'data: [DONE]\n\n',
  ].join('');
  const body = {
    model,
    stream: true,
    temperature: 0.7,
    messages: [
      { role: 'system', content: 'You are a terse assistant for systems programmers.' },
      { role: 'user', content: 'Explain a ring buffer in two sentences, with code.' },
    ],
  };
  return {
    ...frame,
    reqHeaders,
    reqBody: utf8(JSON.stringify(body)),
    respHeaders: { 'content-type': 'text/event-stream' },
    respBody: utf8(stream),
  };
}

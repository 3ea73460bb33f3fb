import { PassThrough } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountArea } from './area.js';
import { compressRoot } from './compression.js';

const rows = { rows: Array.from({ length: 200 }, (_, n) => ({ n, model: 'qwen3-30b' })) };
const text = JSON.stringify(rows);

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify();
  await mountArea(app, { prefix: '/v1', mount: (scope) => void scope.get('/chat', () => rows) });
  compressRoot(app);
  app.get('/rows', () => rows);
  app.get('/small', () => ({ ok: true }));
  app.get('/stream', (_request, reply) => {
    const lines = new PassThrough();
    lines.end(`data: ${text}\n\n`);
    return reply.type('text/event-stream').send(lines);
  });
  app.get('/events', (_request, reply) => reply.type('text/event-stream').send(`data: ${text}\n\n`));
  app.get('/raw', (_request, reply) => {
    reply.hijack();
    reply.raw.end(text);
  });
  app.get('/empty', (_request, reply) => reply.code(204).send());
  await app.ready();
});
afterAll(() => app.close());

const ask = (url: string, codings = 'gzip, deflate, br', method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: { 'accept-encoding': codings } });

describe('answers of the root', () => {
  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])('for "%s" are %s', async (codings, coding, decode) => {
    const { headers, rawPayload } = await ask('/rows', codings);
    expect([headers['content-encoding'], headers.vary]).toEqual([coding, 'Accept-Encoding']);
    expect(headers['content-length']).toBe(String(rawPayload.length));
    expect(rawPayload.length).toBeLessThan(text.length / 5);
    expect(decode(rawPayload).toString()).toBe(text);
  });

  it.each(['identity', '', 'br;q=0, gzip;q=0', 'zstd'])('for "%s" are plain', async (codings) => {
    const { headers, body } = await ask('/rows', codings);
    expect([headers['content-encoding'], headers.vary, body]).toEqual([undefined, 'Accept-Encoding', text]);
  });

  it('say the same to HEAD', async () => {
    const [get, head] = await Promise.all([ask('/rows'), ask('/rows', undefined, 'HEAD')]);
    expect(head.rawPayload.length).toBe(0);
    for (const name of ['content-length', 'content-encoding', 'vary'])
      expect(head.headers[name]).toBe(get.headers[name]);
  });

  it('that are small are plain, and a cache knows that others may differ', async () => {
    const { headers, body } = await ask('/small');
    expect([headers['content-encoding'], headers.vary, body]).toEqual([
      undefined,
      'Accept-Encoding',
      '{"ok":true}',
    ]);
  });

  it('without a body stay without', async () => {
    const { statusCode, headers, body } = await ask('/empty');
    expect([statusCode, headers['content-encoding'], body]).toEqual([204, undefined, '']);
  });
});

describe('what passes as it is', () => {
  it.each(['/stream', '/events'])('an event stream: %s', async (url) => {
    const { headers, body } = await ask(url);
    expect([headers['content-encoding'], body]).toEqual([undefined, `data: ${text}\n\n`]);
  });

  it('an answer that was taken over', async () => {
    const { headers, body } = await ask('/raw');
    expect([headers['content-encoding'], body]).toEqual([undefined, text]);
  });

  it('an area', async () => {
    const { headers, body } = await ask('/v1/chat');
    expect([headers['content-encoding'], headers.vary, body]).toEqual([undefined, undefined, text]);
  });
});

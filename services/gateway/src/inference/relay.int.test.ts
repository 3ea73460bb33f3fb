import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'node:http';
import { waitFor } from '@boocontrol/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, FRAMES, GOOD_STREAM, InferenceWorld, stream, type Answerer } from '../testing/inference.js';

let world: InferenceWorld;

/** Pieces of any size, also inside a character. */
function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((to, index) => bytes.subarray(at[index - 1] ?? 0, to));
}

const frame = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => FRAMES.text(text)),
  fc.string({ unit: 'grapheme' }).map((text) => `: ${text.replace(/[\r\n]/g, '')}\n\n`),
  fc.string().map((text) => `event: ${text.replace(/[\r\n]/g, '')}\r\ndata: {not json\r\n\r\n`),
  fc.nat({ max: 400_000 }).map((length) => FRAMES.text('ö'.repeat(length))),
  fc.constantFrom(
    '\n',
    '\r\n',
    'id: 7\n',
    'retry: 10\n\n',
    FRAMES.role,
    'data: {"error":null,"choices":[]}\n\n',
  ),
);

describe('byte for byte', () => {
  let answer: { type: string; pieces: Buffer[] };
  beforeAll(async () => {
    world = await InferenceWorld.start();
    await world.host('tower', async (response) => {
      response.writeHead(200, { 'content-type': answer.type });
      for (const piece of answer.pieces) if (!response.write(piece)) await once(response, 'drain');
      response.end();
    });
  });
  afterAll(() => world.stop());

  it('a stream reaches the client as the host sent it, wherever it is split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        async (frames, cuts) => {
          const bytes = Buffer.from([...frames, '\n\n', FRAMES.done].join(''));
          answer = { type: 'text/event-stream', pieces: split(bytes, cuts) };
          const reply = await world.post('/v1/chat/completions', CHAT);
          expect(reply.body.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('any other answer does too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        async (bytes, cuts) => {
          answer = { type: 'audio/mpeg', pieces: split(Buffer.from(bytes), cuts) };
          const reply = await world.post('/v1/audio/speech', { model: 'tts', input: 'x' });
          expect(reply).toMatchObject({
            status: 200,
            isCut: false,
            headers: { 'content-type': 'audio/mpeg' },
          });
          expect(reply.body.equals(Buffer.from(bytes))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the host gets what the client sent, but for the model', async () => {
    answer = { type: 'application/json', pieces: [Buffer.from('{}')] };
    const host = world.decider.targets[0];
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (before, after) => {
        const body = (model: string): string => `{ "a":${before},\n"model" :"${model}", "b":${after}}`;
        const asked = world.decider.asks.length;
        await world.post('/v1/embeddings', body('auto'));
        expect(world.decider.asks.length).toBe(asked + 1);
        expect(lastBody().toString()).toBe(body(host?.model ?? ''));
      }),
      { numRuns: 40 },
    );
  });
  const lastBody = (): Buffer => world.hosts[0]?.asked.at(-1)?.body ?? Buffer.alloc(0);
});

describe('a request on its way', () => {
  beforeEach(async () => {
    world = await InferenceWorld.start();
  });
  afterEach(() => world.stop());
  const good: Answerer = (response) => {
    stream(response, GOOD_STREAM);
    response.end();
  };

  it('leaves the client’s secrets behind and takes the host’s along', async () => {
    const host = await world.host('tower', good, {
      headers: { authorization: 'Bearer host-key' },
      baseUrl: '',
    });
    world.decider.targets = [host.target({ headers: { authorization: 'Bearer host-key' } })];
    const reply = await world.post('/v1/chat/completions?beta=true', CHAT, {
      authorization: 'Bearer client-key',
      'x-api-key': 'client-key',
      cookie: 'session=1',
      connection: 'keep-alive, x-hop',
      'x-hop': 'no further',
      'x-boo-lease': 'secret',
      'x-odd': 'kept',
      'openai-organization': 'o',
      'x-boo-source': 'My Agent',
    });
    const { url, headers } = host.asked[0] ?? { url: '', headers: {} };
    expect(url).toBe('/v1/chat/completions?beta=true');
    expect(headers).toMatchObject({
      authorization: 'Bearer host-key',
      'x-odd': 'kept',
      'openai-organization': 'o',
      'x-boo-source': 'my-agent',
      'x-boo-request-id': reply.headers['x-request-id'],
      'x-boo-hops': '1',
      'content-type': 'application/json',
    });
    for (const gone of ['x-api-key', 'cookie', 'x-hop', 'x-boo-lease', 'accept-encoding'])
      expect(headers).not.toHaveProperty(gone);
    expect(JSON.stringify(headers)).not.toContain('client-key');
    expect(world.decider.asks[0]).toMatchObject({ leaseToken: 'secret', model: 'auto' });
  });

  it('is told by its key’s label, else by its user agent, else by nothing', async () => {
    await world.host('tower', good);
    world.grant = { keyId: 'k1', label: 'Nightly Evals', allows: () => true };
    await world.post('/v1/chat/completions', CHAT, { 'user-agent': 'curl/8' });
    world.grant = null;
    await world.post('/v1/chat/completions', CHAT, { 'user-agent': 'curl/8' });
    await world.post('/v1/chat/completions', CHAT);
    await waitFor(() => world.facts.length === 3, { what: 'three facts' });
    expect(world.facts.map(({ source, keyId }) => [source, keyId])).toEqual([
      ['nightly-evals', 'k1'],
      ['curl', null],
      ['unattributed', null],
    ]);
    expect(world.spent).toHaveLength(1);
  });

  it('counts tokens by timings, by usage, in streams and in whole answers', async () => {
    const timings = { cache_n: 100, prompt_n: 20, predicted_n: 7 };
    const usage = { prompt_tokens: 50, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 30 } };
    const answers: Answerer[] = [
      (response) => {
        stream(response, [
          FRAMES.text('a'),
          `data: ${JSON.stringify({ choices: [], timings, usage })}\n\n`,
          FRAMES.done,
        ]);
        response.end();
      },
      (response) =>
        void response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ choices: ['x'.repeat(99_999)], usage })),
      (response) =>
        void response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ usage, data: 'x'.repeat(99_999) })),
    ];
    await world.host('tower', (response, asked) => answers.shift()?.(response, asked));
    await world.post('/v1/chat/completions', CHAT);
    await world.post('/v1/chat/completions', { ...CHAT, stream: false });
    await world.post('/v1/embeddings', { model: 'e', input: 'x' });
    await waitFor(() => world.facts.length === 3, { what: 'three facts' });
    expect(world.facts.map((fact) => [fact.promptTokens, fact.cacheTokens, fact.outputTokens])).toEqual([
      [120, 100, 7],
      [50, 30, 5],
      [50, 30, 5],
    ]);
    expect(world.facts[0]?.firstContentMs).toBeGreaterThan(0);
    expect(world.facts[0]?.responseBytes).toBeGreaterThan(100);
  });

  it('that the client leaves leaves the host at once', async () => {
    const host = await world.host('tower', (response) => stream(response, [FRAMES.text('a')]));
    const sent = request(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    sent.on('error', () => undefined).end(JSON.stringify(CHAT));
    const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
    await once(response, 'data');
    sent.destroy();
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    expect(await world.fact()).toMatchObject({
      outcome: 'client_left',
      attempts: [{ outcome: 'abandoned' }],
    });
    expect(world.traffic.load('tower')).toBe(0);
  });

  it('that the client leaves before an answer, too', async () => {
    const host = await world.host('tower', () => undefined);
    const sent = request(`${world.url}/v1/chat/completions`, { method: 'POST' }).on('error', () => undefined);
    sent.end(JSON.stringify(CHAT));
    await waitFor(() => host.asked[0]?.body.length, { what: 'the host to be asked' });
    sent.destroy();
    await waitFor(() => host.asked[0]?.leftAtMs != null, { what: 'the host to be left' });
    expect(await world.fact()).toMatchObject({
      outcome: 'client_left',
      status: 0,
      attempts: [{ outcome: 'abandoned', status: null }],
    });
  });

  it('holds the host back while the client does not read', async () => {
    let written = 0;
    const total = 64 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024, 'x');
    await world.host('tower', async (response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      while (written < total) {
        written += piece.length;
        if (!response.write(piece)) await once(response, 'drain');
      }
      response.end();
    });
    const sent = request(`${world.url}/v1/audio/speech`, { method: 'POST' });
    sent.end('{"model":"tts"}');
    const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
    response.pause();
    let before = -1;
    await waitFor(
      () => {
        const isStill = written > 0 && written === before;
        before = written;
        return isStill;
      },
      { what: 'the host to be held back', everyMs: 300 },
    );
    expect(written).toBeLessThan(total / 2);
    let read = 0;
    response.on('data', (chunk: Buffer) => (read += chunk.length)).resume();
    await once(response, 'end');
    expect(read).toBe(total);
  });

  it('may come a byte at a time', async () => {
    const host = await world.host('tower', good);
    const body = JSON.stringify(CHAT);
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    for (const byte of body) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toContain('[DONE]');
    expect(host.asked[0]?.body.toString()).toBe(body.replace('auto', 'real-model'));
  });

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['no JSON', '{"model":', {}, 400, 'bad_request'],
    ['without a model', '{}', {}, 400, 'bad_request'],
    ['too large', Buffer.alloc(9 * 1024 * 1024, ' '), {}, 413, 'body_too_large'],
    [
      'too large, of unknown length',
      Buffer.alloc(9 * 1024 * 1024, ' '),
      { 'transfer-encoding': 'chunked' },
      413,
      'body_too_large',
    ],
    ['very deep', `{"model":"m","x":${'['.repeat(100_000)}`, {}, 400, 'bad_request'],
    ['a form without a boundary', 'x', { 'content-type': 'multipart/form-data' }, 400, 'bad_request'],
    ['that went in a circle', JSON.stringify(CHAT), { 'x-boo-hops': '3' }, 508, 'no_candidate'],
  ])('%s is refused, and no host hears of it', async (_what, body, headers, code, error) => {
    const host = await world.host('tower', good);
    const reply = await world.post('/v1/chat/completions', body, headers);
    expect(reply.status).toBe(code);
    expect(JSON.parse(reply.body.toString())).toMatchObject({ error: { code: error } });
    expect(host.asked).toHaveLength(0);
    expect(await world.fact()).toMatchObject({ outcome: 'refused', status: code, attempts: [] });
  });

  it('with a wrong key is refused and not recorded: nobody without a key fills the log', async () => {
    const host = await world.host('tower', good);
    const wrong = await world.post('/v1/chat/completions', JSON.stringify(CHAT), { 'x-api-key': 'wrong' });
    expect(wrong.status).toBe(401);
    expect(JSON.parse(wrong.body.toString())).toMatchObject({ error: { code: 'key_invalid' } });
    expect(host.asked).toHaveLength(0);
    await world.post('/v1/chat/completions', CHAT);
    expect(await world.fact()).toMatchObject({ outcome: 'succeeded' });
    expect(world.facts).toHaveLength(1);
  });

  it('waits for no room: when the bodies in memory are too many together, it is sent away', async () => {
    const open: (() => void)[] = [];
    const host = await world.host(
      'tower',
      (response, asked) => void open.push(() => void good(response, asked)),
    );
    const large = { ...CHAT, padding: 'x'.repeat(7 * 1024 * 1024) };
    const first = world.post('/v1/chat/completions', large);
    await waitFor(() => open.length === 1, { what: 'the first to be asked' });
    const second = await world.post('/v1/chat/completions', large);
    expect(second).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    expect(JSON.parse(second.body.toString())).toMatchObject({ error: { code: 'rate_limited' } });
    expect(host.asked).toHaveLength(1);
    open[0]?.();
    expect((await first).status).toBe(200);
    const third = world.post('/v1/chat/completions', large);
    await waitFor(() => open.length === 2, { what: 'the third to be asked' });
    open[1]?.();
    expect((await third).status).toBe(200);
  });

  it('to a model with an odd name injects nothing', async () => {
    const odd = 'a"}\r\nX-Evil: 1\r\n\r\n{"ü';
    const host = await world.host('tower', good);
    world.decider.targets = [host.target({ model: odd })];
    const reply = await world.post('/v1/chat/completions', { ...CHAT, model: odd });
    expect(reply.status).toBe(200);
    expect(reply.headers).not.toHaveProperty('x-evil');
    expect(reply.headers['x-boo-model']).toBe('a"}??X-Evil: 1????{"?');
    expect(JSON.parse(host.asked[0]?.body.toString() ?? '')).toMatchObject({ model: odd });
  });

  it('waits for its place, and is sent away when too many wait', async () => {
    await world.stop();
    const { HostTraffic } = await import('./traffic.js');
    world = await InferenceWorld.start({ traffic: new HostTraffic({ maxWaiting: 1 }) });
    const open: (() => void)[] = [];
    const host = await world.host(
      'tower',
      (response, asked) => void open.push(() => void good(response, asked)),
    );
    world.decider.targets = [host.target({ slots: 1 })];
    const first = world.post('/v1/chat/completions', CHAT);
    await waitFor(() => open.length === 1, { what: 'the first to be asked' });
    const second = world.post('/v1/chat/completions', CHAT);
    await waitFor(() => world.traffic.load('tower') === 2, { what: 'the second to wait' });
    const third = await world.post('/v1/chat/completions', CHAT);
    expect(third).toMatchObject({ status: 429, headers: { 'retry-after': '5' } });
    expect(JSON.parse(third.body.toString())).toMatchObject({ error: { code: 'queue_full' } });
    expect(host.asked).toHaveLength(1);
    open[0]?.();
    await waitFor(() => open.length === 2, { what: 'the second to be asked' });
    open[1]?.();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await waitFor(() => world.facts.length === 3, { what: 'three facts' });
    expect(world.facts.map(({ queueMs }) => queueMs > 0)).toContain(true);
    expect(world.traffic.load('tower')).toBe(0);
  });
});

describe('what is answered without a host', () => {
  beforeEach(async () => {
    world = await InferenceWorld.start();
  });
  afterEach(() => world.stop());

  it.each([
    ['GET', '/v1/models', 200, { object: 'list' }],
    ['GET', '/v1/models/org/m', 200, { id: 'org/m' }],
    ['GET', '/v1/models/org%2Fm', 200, { id: 'org/m' }],
    ['GET', '/v1/models/none', 404, { error: { code: 'model_not_found' } }],
    ['GET', '/v1/models/%zz', 400, { error: { code: 'bad_request' } }],
    ['POST', '/v1/models', 405, { error: { code: 'bad_request' } }],
    ['GET', '/v1/chat/completions', 405, { error: { code: 'bad_request' } }],
    ['GET', '/v1/../api/providers', 404, { error: { code: 'bad_request' } }],
    ['POST', '/v1/upstream/m/unload', 404, { error: { code: 'bad_request' } }],
  ])('%s %s', async (method, path, code, body) => {
    const reply = await world.ask(method, path);
    expect(reply.status).toBe(code);
    expect(JSON.parse(reply.body.toString())).toMatchObject(body);
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(world.facts).toHaveLength(0);
  });

  it('props come from the model’s own server, but load nothing', async () => {
    const host = await world.host('tower', (response) => void response.end('{"n_ctx":4096}'));
    world.decider.targets = [host.target({ model: 'org/m 1', isLoaded: true })];
    const reply = await world.ask('GET', '/v1/upstream/org/m%201/props');
    expect([reply.status, reply.body.toString()]).toEqual([200, '{"n_ctx":4096}']);
    expect(host.asked[0]?.url).toBe('/upstream/org/m%201/props');
    expect(world.decider.asks[0]?.model).toBe('org/m 1');
    world.decider.targets = [host.target({ isLoaded: false })];
    expect(await world.ask('GET', '/v1/upstream/m/props')).toMatchObject({ status: 409 });
    world.decider.targets = [host.target({ model: '../api/models/unload' })];
    expect(await world.ask('GET', '/v1/upstream/m/props')).toMatchObject({ status: 409 });
    expect(host.asked).toHaveLength(1);
  });
});

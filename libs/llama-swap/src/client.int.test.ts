import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { createSimHost } from '@boocontrol/sim';
import { afterEach, describe, expect, it } from 'vitest';
import { HostClient } from './client.js';
import { HostError } from './errors.js';

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.reverse()) await clean();
  cleanUp = [];
});

function listen(server: Server | TcpServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    cleanUp.push(() => void server.close());
  });
}

async function clientOf(handler: RequestListener, apiKey?: string): Promise<HostClient> {
  const server = createServer(handler);
  const port = await listen(server);
  cleanUp.push(() => server.closeAllConnections());
  return connected(`http://127.0.0.1:${port}`, apiKey);
}

function connected(baseUrl: string, apiKey?: string): HostClient {
  const client = new HostClient(apiKey === undefined ? { baseUrl } : { baseUrl, apiKey });
  cleanUp.push(() => client.close());
  return client;
}

async function failure(promise: Promise<unknown>): Promise<HostError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HostError)) throw new Error(`no HostError but ${String(error)}`, { cause: error });
  expect(error.message).toMatch(/\.$/);
  return error;
}

describe('what can go wrong with a host', () => {
  it('refused: nothing listens there', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(connected(`http://127.0.0.1:${port}`).running());
    expect(error).toMatchObject({ code: 'refused', isRetryable: true });
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  it.each([
    [401, 'unauthorized', false],
    [403, 'unauthorized', false],
    [404, 'not_found', false],
    [500, 'http_error', true],
    [400, 'http_error', false],
    [302, 'bad_answer', false],
  ] as const)('status %d: %s', async (status, code, isRetryable) => {
    let asked = 0;
    const client = await clientOf((_req, res) => {
      asked++;
      res.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await failure(client.running())).toMatchObject({ code, status, isRetryable });
    expect(asked, 'redirects are not followed').toBe(1);
  });

  it('timeout: no answer, or one that does not end', async () => {
    const silent = await clientOf(() => undefined);
    expect(await failure(silent.running({ timeoutMs: 150 }))).toMatchObject({
      code: 'timeout',
      isRetryable: true,
    });
    const endless = await clientOf((_req, res) => void res.writeHead(200).write('{'));
    expect(await failure(endless.running({ timeoutMs: 150 }))).toMatchObject({ code: 'timeout' });
  });

  it('reset: the connection breaks off', async () => {
    const client = await clientOf((req) => void req.socket.destroy());
    expect(await failure(client.running())).toMatchObject({ code: 'reset', isRetryable: true });
  });

  it('bad_answer: HTML, something else than llama-swap, or no HTTP at all', async () => {
    const html = await clientOf((_req, res) => void res.end('<html></html>'));
    expect(await failure(html.running())).toMatchObject({ code: 'bad_answer', isRetryable: false });
    const other = await clientOf((_req, res) => void res.end('{"hello":1}'));
    expect(await failure(other.activityPage(1, 1))).toMatchObject({ code: 'bad_answer' });
    expect(await failure(other.metricsRing())).toMatchObject({ code: 'bad_answer' });
    expect(await failure(other.capture(1))).toMatchObject({ code: 'bad_answer' });
    expect(await failure(other.events(new AbortController().signal))).toMatchObject({ code: 'bad_answer' });
    const port = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9\r\n'))),
    );
    expect(await failure(connected(`http://127.0.0.1:${port}`).running())).toMatchObject({
      code: 'bad_answer',
    });
  });

  it('too_large: an answer is not read past its limit', async () => {
    const client = await clientOf((_req, res) => void res.end('x'.repeat(5_000)));
    expect(await failure(client.running({ maxBytes: 1_000 }))).toMatchObject({ code: 'too_large' });
  });

  it('dns and tls', async () => {
    expect(await failure(connected('http://no-such-host.invalid').running())).toMatchObject({ code: 'dns' });
    const server = createServer((_req, res) => void res.end());
    const port = await listen(server);
    expect(await failure(connected(`https://127.0.0.1:${port}`).running())).toMatchObject({ code: 'tls' });
  });

  it('the caller’s own signal is not a fault of the host', async () => {
    const client = await clientOf(() => undefined);
    const abort = new AbortController();
    const asked = client.running({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

it('sends the key as bearer, keeps a path prefix, and never asks for secrets back', async () => {
  const seen: string[] = [];
  const server = createServer((req, res) => {
    seen.push(`${req.url} ${req.headers.authorization}`);
    res.end(
      JSON.stringify({
        running: [{ model: 'm', state: 'ready', ttl: 60, cmd: 'serve --api-key hush' }, { model: 'n' }],
      }),
    );
  });
  const port = await listen(server);
  const client = connected(`http://127.0.0.1:${port}/swap`, 'sesame');
  expect(await client.running()).toEqual([{ model: 'm', state: 'ready', ttlS: 60 }]);
  expect(seen).toEqual(['/swap/running Bearer sesame']);
});

it('asks /props by the model’s path, slashes kept', async () => {
  const seen: (string | undefined)[] = [];
  const client = await clientOf((req, res) => {
    seen.push(req.url);
    const isFirst = seen.length === 1;
    res.end(
      JSON.stringify({
        default_generation_settings: { n_ctx: 4096 },
        ...(isFirst ? { total_slots: 2 } : { total_slots: -1 }),
      }),
    );
  });
  expect(await client.props('org/my model')).toEqual({ contextLength: 4096, slots: 2, isLlama: true });
  expect(await client.props('m')).toEqual({ contextLength: 4096, slots: null, isLlama: true });
  expect(seen).toEqual(['/upstream/org/my%20model/props', '/upstream/m/props']);
});

it('performance: off by 503, absent by 404, any other 503 is a failure', async () => {
  const answers = [
    [503, '{"enabled":false}'],
    [404, 'not found'],
    [503, 'busy'],
  ] as const;
  let n = 0;
  const client = await clientOf((_req, res) => {
    const [status, body] = answers[n++] ?? [500, ''];
    res.writeHead(status).end(body);
  });
  expect(await client.performance(null)).toEqual({ state: 'off' });
  expect(await client.performance(null)).toEqual({ state: 'absent' });
  expect(await failure(client.performance(null))).toMatchObject({ code: 'http_error' });
});

it.each(['A', 'B', 'C'] as const)(
  'tells generation %s by its answers, and reads its stream until it breaks',
  async (generation) => {
    const sim = await createSimHost({ generation, models: [{ id: 'm' }] });
    cleanUp.push(() => sim.close());
    const client = connected(sim.url);
    expect(await client.generation()).toBe(generation);
    expect(Math.abs(client.clockSkewMs ?? Infinity)).toBeLessThan(2_000);
    let heard = 0;
    const types: string[] = [];
    const stream = await client.events(new AbortController().signal, () => heard++);
    const read = async (): Promise<void> => {
      for await (const event of stream) {
        types.push(event.type);
        if (event.type === 'inflight') sim.killConnections();
      }
    };
    expect(await failure(read())).toMatchObject({ code: 'reset' });
    expect(heard).toBeGreaterThan(0);
    expect(types).toEqual(expect.arrayContaining(['logData', 'modelStatus', 'inflight']));
  },
);

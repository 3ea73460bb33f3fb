import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimHost, type SimHost, type SimHostInput } from '@boocontrol/sim';
import { afterEach, describe, expect, it } from 'vitest';
import { HostCommands } from './commands.js';
import { HostError } from './errors.js';

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.reverse()) await clean();
  cleanUp = [];
});

function connected(baseUrl: string, apiKey?: string): HostCommands {
  const commands = new HostCommands(apiKey === undefined ? { baseUrl } : { baseUrl, apiKey });
  cleanUp.push(() => commands.close());
  return commands;
}

async function simulated(
  over: Partial<SimHostInput> = {},
): Promise<{ sim: SimHost; commands: HostCommands }> {
  const sim = await createSimHost({ timeScale: 20, models: [{ id: 'org/m', loadMs: 200 }], ...over });
  cleanUp.push(() => sim.close());
  return { sim, commands: connected(sim.url) };
}

async function answering(handler: RequestListener): Promise<HostCommands> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return connected(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe('what a host answers, and what it means', () => {
  const swap = (error: unknown): string => JSON.stringify({ src: 'llama-swap', error });
  it.each([
    [404, swap('model not found'), 'unknown_model'],
    [404, swap({ message: 'model not found', type: 'x', param: null, code: 'not_found' }), 'unknown_model'],
    [409, swap('model m is not loaded; path matches upstream.ignorePaths'), 'not_ready'],
    [429, swap('Too many requests'), 'busy'],
    [500, swap('unspecific error: group: model unloaded'), 'unloaded'],
    [500, swap('unspecific error: upstream command exited prematurely'), 'failed_to_start'],
    [502, '', 'model_not_answering'],
    [503, 'llama-swap-error: [m] process is not ready', 'not_ready'],
  ])('load: %d %s', async (status, body, reason) => {
    const commands = await answering((_req, res) => void res.writeHead(status).end(body));
    expect(await commands.load('m')).toMatchObject({ ok: false, reason });
  });

  it('load: a server without a health call was loaded to say so', async () => {
    const commands = await answering((_req, res) => void res.writeHead(404).end('<html>no such page'));
    expect(await commands.load('m')).toEqual({ ok: true });
  });

  it('a command line, which may hold secrets, is not passed on', async () => {
    const words = `unspecific error: failed to start command '/bin/x --api-key "hush'ed"': exec: no such file`;
    const commands = await answering((_req, res) => void res.writeHead(500).end(swap(words)));
    const said = await commands.load('m');
    expect(said).toMatchObject({ reason: 'failed_to_start' });
    expect(JSON.stringify(said)).toContain('no such file');
    expect(JSON.stringify(said)).not.toMatch(/hush|api-key/);
  });

  it.each([
    [401, swap('unauthorized'), 'unauthorized'],
    [500, swap('unspecific error: group is shutting down'), 'http_error'],
    [301, '', 'bad_answer'],
  ])('thrown: %d', async (status, body, code) => {
    const commands = await answering((_req, res) => void res.writeHead(status).end(body));
    const calls = [commands.unload('m'), commands.unloadAll(), commands.cancel('1'), commands.profiles()];
    if (status !== 301) calls.push(commands.load('m'));
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'HostError', code });
  });

  it('nobody there, no answer in time, too long an answer', async () => {
    await expect(connected('http://127.0.0.1:9').load('m')).rejects.toMatchObject({ code: 'refused' });
    const silent = await answering(() => undefined);
    await expect(silent.load('m', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    const long = await answering((_req, res) => void res.end('x'.repeat(2_000_000)));
    const call = long.upstream('m', { method: 'GET', path: '/long' });
    await expect(call).rejects.toMatchObject({ code: 'too_large' });
    const abort = new AbortController();
    const waiting = silent.unload('m', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('names keep their slashes, everything else is encoded; a path cannot leave its model', async () => {
    const seen: string[] = [];
    const commands = await answering((req, res) => {
      seen.push(`${req.method} ${req.url}`);
      res.end('OK');
    });
    await commands.load('org/my model:Q4%');
    await commands.unload('a/b?c');
    await commands.upstream('a', { method: 'POST', path: '/x/y?z=1', body: 'hello' });
    expect(seen).toEqual([
      'GET /upstream/org/my%20model%3AQ4%25/health',
      'POST /api/models/unload/a/b%3Fc',
      'POST /upstream/a/x/y?z=1',
    ]);
    for (const path of ['/../api/models/unload', 'x', '/a/./b', '/..?x'])
      await expect(commands.upstream('a', { method: 'GET', path })).rejects.toThrow(RangeError);
  });
});

describe('with the faults of a host', () => {
  it('a model that cannot start says so, and starts when it can again', async () => {
    const { sim, commands } = await simulated();
    await sim.faults.set({ loadFailure: { models: ['org/m'] } });
    expect(await commands.load('org/m')).toMatchObject({ reason: 'failed_to_start' });
    await sim.faults.clear();
    expect(await commands.load('org/m')).toEqual({ ok: true });
    expect(sim.rows()).toEqual([]);
  });

  it('a host that hangs or wants a key', async () => {
    const { sim, commands } = await simulated({ apiKeys: ['k'] });
    await expect(commands.load('org/m')).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(commands.followLog('org/m', { signal: new AbortController().signal })).rejects.toMatchObject(
      { code: 'unauthorized' },
    );
    await sim.faults.set({ hang: true });
    await expect(commands.unloadAll({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('a log that never falls silent is read to its limit', async () => {
    const commands = await answering((_req, res) => {
      const line = `${'x'.repeat(1_000)}\n`;
      const timer = setInterval(() => res.write(line.repeat(50)), 5);
      res.on('close', () => clearInterval(timer));
    });
    const read = await commands.readLog('m');
    if (!read.ok) throw new Error(read.reason);
    expect(read.lines.length).toBeGreaterThan(100);
    expect(read.lines.length).toBeLessThan(2_000);
  });

  it('a log that breaks off is an error, one that its reader leaves is not', async () => {
    const { sim, commands } = await simulated();
    await commands.load('org/m');
    const leave = new AbortController();
    const followed = await commands.followLog('org/m', { signal: leave.signal });
    if (!followed.ok) throw new Error(followed.reason);
    const read = async (): Promise<void> => {
      for await (const lines of followed.chunks) if (lines.length > 0) sim.killConnections();
    };
    await expect(read()).rejects.toBeInstanceOf(HostError);
    const quiet = await commands.followLog('org/m', { signal: leave.signal, history: false });
    if (!quiet.ok) throw new Error(quiet.reason);
    const next = quiet.chunks[Symbol.asyncIterator]().next();
    leave.abort(new Error('seen enough'));
    await expect(next).rejects.toThrow('seen enough');
  });
});

import { spawnSync } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogLineSchema, STREAM, subjects, type LogLine, type Provider } from '@boocontrol/contracts';
import { projectRoot, waitFor } from '@boocontrol/testing';
import { afterAll, expect, it } from 'vitest';
import { providerOf } from './testing/bench.js';
import { Stage } from './testing/stage.js';

const stage = new Stage();
const servers: (() => void)[] = [];
afterAll(() => servers.forEach((close) => close()));

/** JSON.parse takes it; JSON.stringify does not. */
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const frame = (type: string, data: unknown): string =>
  `data:${JSON.stringify({ type, data: JSON.stringify(data) })}\n\n`;
const row = (id: number, more: object = {}): object => ({
  id,
  timestamp: new Date().toISOString(),
  model: 'm',
  req_path: '/v1/chat/completions',
  resp_status_code: 200,
  duration_ms: 5,
  ...more,
});

interface Hostile {
  frames?: string[];
  /** After the list of models. */
  later?: string[];
  /** What it does when one of its logs is asked for. */
  onLog?: (response: ServerResponse) => void;
  answers?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A host of generation C that says what it is told to say; follows it. */
async function hostile(
  id: string,
  { frames = [], later = [], onLog, answers = {}, headers = {} }: Hostile,
): Promise<Provider> {
  const known: Record<string, string> = {
    '/api/metrics/activity': '{"data":[],"total_pages":1}',
    '/api/performance': '{"gpu_stats":[],"sys_stats":[]}',
    '/running': '{"running":[]}',
    '/api/hardware': '{}',
    '/health': 'OK',
    ...answers,
  };
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = (request.url ?? '').replace(/\?.*$/, '');
    if (path === '/api/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        frames.join('') + frame('modelStatus', [{ id: 'last', state: 'ready' }]) + later.join(''),
      );
      streams.add(response);
      return;
    }
    if (path === '/logs/stream/last' && onLog) return onLog(response);
    const answer = known[request.url ?? ''] ?? known[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = providerOf({ id, url });
  stage.bench.follow(provider);
  return provider;
}

const lists = (id: string, ...models: string[]): Promise<unknown> =>
  stage.bench.until(id, 'models', models.join(), (fact) =>
    models.every((model) => fact.models.some((known) => known.id === model)),
  );

it('names models as no header, subject or object likes them', async () => {
  const names = ['a\r\nNats-Msg-Id: b', '*.>', '__proto__', 'constructor', '\u001b[31mred', '../..'];
  const listed = [...names, 'last'].map((id) => ({ id, state: 'ready' }));
  await hostile('names', { frames: [frame('modelStatus', listed)] });
  await stage.bench.connected('names');
  const changes = await waitFor(
    async () => {
      const facts = await stage.bench.facts('names', 'model-changed');
      return facts.length >= listed.length ? facts : undefined;
    },
    { what: 'every model seen' },
  );
  expect(changes.map(({ model }) => model)).toEqual(expect.arrayContaining(names));
});

it('floods the log in one message: the stream goes on', async () => {
  const flood = [1, 2].map(() => frame('logData', { source: 'proxy', data: '\n'.repeat(300_000) }));
  await hostile('flood', { frames: flood });
  await lists('flood', 'last');
});

it('has a log of a model without end and without a line: what all of them write goes on, and is not given away', async () => {
  let asked = 0;
  const onLog = (response: ServerResponse): void => {
    asked++;
    const chunk = '\u001b[2Jx\u0000'.repeat(20_000);
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
      response.once('drain', pour);
    };
    pour();
  };
  const said = ['one', '<script>alert(1)</script> \u202e', 'x'.repeat(1_000_000), 'two'];
  const later = said.map((line) => frame('logData', { source: 'upstream', data: `${line}\n` }));
  await hostile('endless', { onLog, later });
  const lines = async (): Promise<LogLine[]> =>
    (await stage.bench.all(STREAM.logs, subjects.log('endless', 'upstream'))).map((body) =>
      LogLineSchema.parse(body),
    );
  await waitFor(async () => (await lines()).length === said.length, { what: 'all lines' });
  expect((await lines()).map(({ line, cut, model }) => [line, cut, model])).toEqual(
    said.map((line) => [line.slice(0, 8_192), line.length > 8_192, { id: 'last', by: 'probable' }]),
  );
  await waitFor(() => asked === 1, { what: 'the log to be asked for' });
});

it('nests its answers deeper than can be written: it is connected, and what is bad is told', async () => {
  const data = `{"data":[${JSON.stringify(row(1))},{"id":2,"timestamp":5,"x":${DEEP}}],"total_pages":1}`;
  await hostile('nested', { answers: { '/api/hardware': `{"x":${DEEP}}`, '/api/metrics/activity': data } });
  await stage.bench.connected('nested');
  await stage.bench.until('nested', 'request', 'the good row', ({ entryId }) => entryId === 1);
  await letterOf('nested', 'timestamp is not an instant');
});

it('lists bad rows on pages without end: reading ends', async () => {
  const page = JSON.stringify({
    data: [...Array.from({ length: 130_000 }, () => ({ id: 'x' })), row(1)],
    total_pages: 1e9,
  });
  const probe = '/api/metrics/activity?limit=1&page=1&sort=id&order=desc';
  const answers = { [probe]: '{"data":[],"total_pages":1}', '/api/metrics/activity': page };
  await hostile('pages', { answers });
  await stage.bench.until('pages', 'request', 'the good row', ({ entryId }) => entryId === 1);
});

it('has a Date and times out of this world: every row ends at an instant before now', async () => {
  const rows = [row(1, { timestamp: '1970-01-01T00:00:01Z' }), row(2, { timestamp: '9999-12-30T00:00:00Z' })];
  const answers = { '/api/metrics/activity': JSON.stringify({ data: rows, total_pages: 1 }) };
  await hostile('date', { answers, headers: { date: 'Fri, 01 Jan 275000 00:00:00 GMT' } });
  await hostile('date-late', { answers, headers: { date: 'Thu, 01 Jan 9998 00:00:00 GMT' } });
  for (const id of ['date', 'date-late']) {
    await stage.bench.until(id, 'request', 'both rows', ({ entryId }) => entryId === 2);
    for (const { endedAt, at } of await stage.bench.facts(id, 'request')) {
      expect(endedAt).toMatch(/^\d{4}-/);
      expect(endedAt <= at).toBe(true);
    }
  }
});

it('has readings that cannot be read: they are told', async () => {
  const sys = [{ timestamp: new Date().toISOString(), mem_used_mb: 1e308 }];
  await hostile('perf', {
    answers: { '/api/performance': JSON.stringify({ gpu_stats: [], sys_stats: sys }) },
  });
  await letterOf('perf', 'mem_used_mb is out of range');
});

it('a key that cannot be used is a reason, and nothing is sent', async () => {
  const provider = providerOf({ id: 'odd-key', url: 'http://127.0.0.1:9' }, { apiKeyEnv: 'ODD_API_KEY' });
  stage.bench.follow(provider, { ODD_API_KEY: 'two\nlines' });
  const key = await stage.bench.until('odd-key', 'liveness', 'refused', ({ reason }) => reason !== null);
  expect(key.reason).toMatchObject({ code: 'api_key_unusable' });
  expect(key.reason?.message).not.toContain('two');
});

it('a wrong environment is a sentence and not a stack', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['services/ingest/dist/main.js'], {
    cwd: projectRoot(),
    env: { PATH: process.env['PATH'], NATS_URL: 'http://user:sesame@x' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^The environment is not usable:\n {2}- NATS_URL: must be a URL with nats:/);
  expect(stderr + stdout).not.toMatch(/ {4}at |sesame/);
});

function letterOf(id: string, reason: string): Promise<unknown> {
  return waitFor(
    async () => {
      const letters = (await stage.bench.all(STREAM.dead, subjects.dead('ingest', 'bad_row'))) as {
        subject: string;
        reason: string;
      }[];
      return letters.some((letter) => letter.subject.startsWith(`${id}/`) && letter.reason === reason);
    },
    { what: `a dead letter of ${id}: ${reason}` },
  );
}

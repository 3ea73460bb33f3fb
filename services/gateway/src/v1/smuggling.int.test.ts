import { waitFor } from '@boocontrol/testing';
import { instantFromMs } from '@boocontrol/fleet-model';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { TestGateway } from '../testing/gateway.js';
import { FakeHost } from '../testing/inference.js';
import { RawClient, rawAnswers } from '../testing/raw-client.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** Requests whose end is told in two ways, or in a wrong one, before a whole gateway: none hides another in it. */
let world: World;
let gateway: TestGateway;
let host: FakeHost;
let before: number;

beforeAll(async () => {
  world = await World.create();
  host = await FakeHost.start('tower', (response, { body: asked }) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ said: asked.toString('latin1') }));
  });
  gateway = await world.gateway();
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  await world.bus.fact('models', { providerId: 'tower', at: instantFromMs(nowMs), models: [aModel('m')] });
  await waitFor(
    async () => (await gateway.call('POST', '/v1/chat/completions', { model: 'm' })).status === 200,
    {
      what: 'the fleet',
    },
  );
});
afterAll(async () => {
  await world?.stop();
  await host?.stop();
});
beforeEach(() => {
  before = host.asked.length;
});

const asked = (): string[] => host.asked.slice(before).map(({ body: bytes }) => bytes.toString('latin1'));
const GOOD = '{"model":"m","n":1}';
const HIDDEN_BODY = '{"model":"m","n":"hidden"}';
const head = (...lines: string[]): string =>
  `${['POST /v1/chat/completions HTTP/1.1', 'host: localhost', ...lines].join('\r\n')}\r\n\r\n`;
const HIDDEN = head(`content-length: ${HIDDEN_BODY.length}`, 'connection: close') + HIDDEN_BODY;
const chunked = (text: string, extension = ''): string =>
  `${text.length.toString(16)}${extension}\r\n${text}\r\n0\r\n\r\n`;

describe('is refused with 400 and the end of the connection, and no host hears of it:', () => {
  const length = `content-length: ${GOOD.length}`;
  const chunks = 'transfer-encoding: chunked';
  it.each([
    ['both lengths', head(length, chunks) + chunked(GOOD)],
    ['both lengths, the other way round', head(chunks, length) + chunked(GOOD)],
    ['a length of nothing beside chunks', head('content-length: 0', chunks) + chunked(GOOD)],
    ['two lengths that differ', head(length, 'content-length: 3') + GOOD],
    ['the same length twice', head(length, length) + GOOD],
    ['a list of lengths', head(`content-length: ${GOOD.length}, ${GOOD.length}`) + GOOD],
    ['a length with a sign', head(`content-length: +${GOOD.length}`) + GOOD],
    ['a length below nothing', head('content-length: -1') + GOOD],
    ['a length in hexadecimal', head('content-length: 0x13') + GOOD],
    ['a length beyond all numbers', head('content-length: 99999999999999999999999') + GOOD],
    ['a coding that is not the last', head('transfer-encoding: chunked, identity') + chunked(GOOD)],
    ['a coding that nobody knows', head('transfer-encoding: xchunked') + chunked(GOOD)],
    ['a space before the colon', head('transfer-encoding : chunked') + chunked(GOOD)],
    ['a header in two lines', head('x-odd: a', ' b: c', length) + GOOD],
    ['a coding in two lines', head('transfer-encoding:', ' chunked') + chunked(GOOD)],
    ['lines that end with a bare line feed', head(length).replaceAll('\r\n', '\n') + GOOD],
    ['a bare carriage return in a header', head('x-odd: a\rb', length) + GOOD],
    ['a zero byte in a header', head('x-odd: a\0b', length) + GOOD],
    ['a chunk of a size that is no number', head(chunks) + `zz\r\n${GOOD}\r\n0\r\n\r\n`],
    ['a chunk of a size with 0x', head(chunks) + `0x13\r\n${GOOD}\r\n0\r\n\r\n`],
    ['a chunk of a size below nothing', head(chunks) + `-13\r\n${GOOD}\r\n0\r\n\r\n`],
    ['a chunk of a size beyond all numbers', head(chunks) + `fffffffffffffffff1\r\n${GOOD}\r\n0\r\n\r\n`],
    ['a chunk that is longer than it says', head(chunks) + `3\r\n${GOOD}\r\n0\r\n\r\n`],
    ['a method in lower case and unknown', head(length).replace('POST', 'p0st') + GOOD],
    ['no HTTP of this version', head(length).replace('HTTP/1.1', 'HTTP/3.7') + GOOD],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    const answers = await rawAnswers(gateway.url, bytes + HIDDEN);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(asked()).toEqual([]);
    expect((await gateway.call('POST', '/v1/chat/completions', { model: 'm' })).status).toBe(200);
  });
});

describe('one after the other on a connection', () => {
  it('each is answered in its turn, as often as it was sent', async () => {
    const one = (n: number, ...lines: string[]): string => {
      const text = `{"model":"m","n":${n}}`;
      return head(`content-length: ${text.length}`, ...lines) + text;
    };
    const answers = await rawAnswers(gateway.url, one(1) + one(2) + one(3) + one(4, 'connection: close'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.map((answer) => /n\\":(\d)/.exec(answer.body)?.[1])).toEqual(['1', '2', '3', '4']);
    expect(asked()).toHaveLength(4);
  });

  it('a body that reads like a request is a body', async () => {
    const text = JSON.stringify({ model: 'm', prompt: HIDDEN });
    const answers = await rawAnswers(
      gateway.url,
      head(`content-length: ${text.length}`, 'connection: close') + text,
    );
    expect(answers.map(({ status }) => status)).toEqual([200]);
    expect(asked()).toEqual([text]);
  });

  it('what a refused request still sends is not read as the next one', async () => {
    for (const [bytes, status] of [
      [`GET /v1/models HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${HIDDEN.length}\r\n\r\n`, 200],
      [head(`content-length: ${HIDDEN.length}`).replace('completions', 'nothing'), 404],
      [head(`content-length: ${HIDDEN.length}`).replace('POST', 'PUT'), 405],
    ] as const) {
      const last = 'GET /v1/models HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
      const answers = await rawAnswers(gateway.url, bytes + HIDDEN + last);
      expect(answers.map((answer) => answer.status)).toEqual([status, 200]);
    }
    expect(asked()).toEqual([]);
  });

  it('nothing is read behind a body that is too large', async () => {
    const answers = await rawAnswers(gateway.url, head('content-length: 90000000') + HIDDEN);
    expect(answers.map(({ status }) => status)).toEqual([413]);
    expect(asked()).toEqual([]);
  });
});

describe('what HTTP allows and few send', () => {
  it.each([
    [
      'an extension of a chunk',
      head('transfer-encoding: chunked', 'connection: close') + chunked(GOOD, ';a=b'),
    ],
    [
      'trailers, which are no headers',
      head('transfer-encoding: chunked', 'connection: close') +
        `${GOOD.length.toString(16)}\r\n${GOOD}\r\n0\r\nx-boo-lease: stolen\r\nauthorization: Bearer x\r\n\r\n`,
    ],
    [
      'an address in the place of the path',
      head(`content-length: ${GOOD.length}`, 'connection: close') + GOOD,
    ],
    [
      'the wish to be another protocol',
      head(`content-length: ${GOOD.length}`, 'connection: close, upgrade, http2-settings', 'upgrade: h2c') +
        GOOD,
    ],
  ])('%s reaches the host as one plain request', async (_what, bytes) => {
    const answers = await rawAnswers(gateway.url, bytes);
    expect(answers.map(({ status }) => status)).toEqual([200]);
    expect(asked()).toEqual([GOOD]);
    const { headers, url } = host.asked.at(-1) ?? { headers: {}, url: '' };
    expect(url).toBe('/v1/chat/completions');
    expect(headers['content-length']).toBe(String(GOOD.length));
    for (const gone of [
      'transfer-encoding',
      'x-boo-lease',
      'authorization',
      'upgrade',
      'http2-settings',
      'te',
    ])
      expect(headers).not.toHaveProperty(gone);
  });

  it('the wish to be another protocol, again and again on one connection, costs nothing but itself', async () => {
    const wish = (last: string): string =>
      head(`content-length: ${GOOD.length}`, `connection: Upgrade, HTTP2-Settings${last}`, 'Upgrade: h2c') +
      GOOD;
    const answers = await rawAnswers(gateway.url, wish('') + wish('') + wish(', close'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked()).toEqual([GOOD, GOOD, GOOD]);
  });

  it('a WebSocket is not opened below /v1', async () => {
    const lines = [
      'host: localhost',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
    ];
    const answers = await rawAnswers(gateway.url, `GET /v1/models HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([404]);
  });

  it('who asks whether to go on is told so, and then answered', async () => {
    const client = new RawClient(gateway.url);
    client.write(head(`content-length: ${GOOD.length}`, 'expect: 100-continue', 'connection: close'));
    await waitFor(() => client.text.startsWith('HTTP/1.1 100 '), { what: 'the leave to go on' });
    client.write(GOOD);
    await client.closed;
    expect(client.answers.map(({ status }) => status)).toEqual([200]);
    expect(asked()).toEqual([GOOD]);
  });

  it.each([
    ['another host', ['host: evil.example'], 403],
    ['two hosts', ['host: localhost', 'host: evil.example'], 403],
    ['no host', [], 400],
  ])('%s is refused', async (_what, hosts, status) => {
    const lines = ['POST /v1/chat/completions HTTP/1.1', ...hosts, `content-length: ${GOOD.length}`];
    const answers = await rawAnswers(
      gateway.url,
      `${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${GOOD}`,
    );
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(asked()).toEqual([]);
  });
});

import { connect } from 'node:net';
import type { ApiKey } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT, FakeHost, FRAMES, InferenceWorld, stream, type PlainReply } from '../testing/inference.js';
import { apiKey } from '../testing/routes.js';
import { KeyDoorkeeper } from './key-doorkeeper.js';
import { hashOf, newKey } from './new-key.js';

/** The doorkeeper before the path of /v1: what clients try with keys. */
const KEY = newKey();
const WRONG = newKey();
const ASKED = { model: 'm', messages: [] };
const ANSWER = JSON.stringify({
  choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 60, completion_tokens: 50, total_tokens: 110 },
});

let world: InferenceWorld;
let host: FakeHost;
let doorkeeper: KeyDoorkeeper;

beforeEach(async () => {
  doorkeeper = new KeyDoorkeeper(true, () => false);
  know();
  world = await InferenceWorld.start({ doorkeeper });
  host = await world.host('tower', (response, { body }) => {
    if (body.toString().includes('"stream":true'))
      return stream(response, [FRAMES.role, FRAMES.text('for ever')]);
    response.setHeader('content-type', 'application/json');
    response.end(ANSWER);
  });
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  for (const fact of world.facts)
    for (const key of [KEY, WRONG]) expect(JSON.stringify(fact)).not.toContain(key);
  await world.stop();
});

function know(differs: Partial<ApiKey> = {}): void {
  doorkeeper.load([{ ...apiKey(1, differs), hash: hashOf(KEY) }], '2026-11', Date.now());
}
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const ask = (headers: Record<string, string>, path = '/v1/chat/completions'): Promise<PlainReply> =>
  world.post(path, ASKED, headers);
const bodyOf = ({ body }: PlainReply): unknown => JSON.parse(body.toString());
/** The first line of the answer to a request with these very header lines. */
async function statusLine(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(world.url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify(ASKED);
  const head = ['POST /v1/chat/completions HTTP/1.1', 'host: localhost', 'connection: close', ...lines];
  socket.on('error', () => undefined);
  socket.write(`${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  await new Promise((resolve) => socket.on('close', resolve));
  return answer.split('\r\n')[0] ?? '';
}

describe('a key', () => {
  it.each([[bearer(KEY)], [{ 'x-api-key': KEY }], [{ ...bearer(KEY), 'x-api-key': WRONG }]])(
    'lets in, is named in the record, and is not handed on (%#)',
    async (headers) => {
      expect((await ask(headers)).status).toBe(200);
      expect(await world.fact()).toMatchObject({ keyId: apiKey(1).id, source: 'laptop', promptTokens: 60 });
      const sent = JSON.stringify(host.asked.map((one) => [one.headers, one.url, one.body.toString()]));
      expect(sent).not.toContain(KEY);
      expect(sent).not.toContain(WRONG);
    },
  );

  it.each([
    ['none', {}],
    ['a wrong one', bearer(WRONG)],
    ['another scheme', { authorization: `Basic ${KEY}` }],
    ['a wrong one beside the right one', { ...bearer(WRONG), 'x-api-key': KEY }],
    ['a long one', bearer(KEY + 'x'.repeat(12_000))],
    ['one in a cookie', { cookie: `authorization=Bearer ${KEY}; boocontrol_session=${KEY}` }],
    ['one for a proxy', { 'proxy-authorization': `Bearer ${KEY}` }],
  ])('missing or wrong (%s) is 401, and no host is asked', async (_what, headers) => {
    const reply = await ask(headers as Record<string, string>);
    expect([reply.status, bodyOf(reply)]).toMatchObject([401, { error: { code: 'key_invalid' } }]);
    expect(reply.body.toString()).not.toContain(KEY);
    expect(host.asked).toEqual([]);
  });

  it('says so in the dialect of the endpoint, and guards the list of models too', async () => {
    expect(bodyOf(await ask(bearer(WRONG), '/v1/messages'))).toMatchObject({
      type: 'error',
      error: { message: expect.any(String) },
    });
    expect((await world.ask('GET', '/v1/models', bearer(WRONG))).status).toBe(401);
    expect((await world.ask('GET', '/v1/models', bearer(KEY))).status).toBe(200);
  });

  it.each(['api_key', 'key', 'access_token', 'authorization', 'x-api-key'])(
    'in the query (%s) counts for nothing',
    async (name) => {
      for (const value of [KEY, `Bearer ${KEY}`]) {
        const query = new URLSearchParams({ [name]: value }).toString();
        expect((await ask({}, `/v1/chat/completions?${query}`)).status).toBe(401);
      }
      expect(host.asked).toEqual([]);
    },
  );

  it('sent twice: the first header decides, and of two x-api-key none does', async () => {
    const line = (key: string): string => `authorization: Bearer ${key}`;
    expect(await statusLine([line(WRONG), line(KEY)])).toContain(' 401 ');
    expect(await statusLine([line(KEY), line(WRONG)])).toContain(' 200 ');
    expect(await statusLine([`x-api-key: ${KEY}`, `x-api-key: ${WRONG}`])).toContain(' 401 ');
    expect(await statusLine([`x-api-key: ${KEY}`, `x-api-key: ${KEY}`])).toContain(' 401 ');
  });

  it('larger than any header may be is refused before it is read, and nothing breaks', async () => {
    // The reset that ends the connection may overtake the answer: then there is none.
    expect(await statusLine([`authorization: Bearer ${'x'.repeat(200_000)}`])).toMatch(/ 431 |^$/);
    expect(host.asked).toHaveLength(0);
    expect((await ask(bearer(KEY))).status).toBe(200);
  });

  it('that is disabled during a stream lets that one end, and no other begin', async () => {
    const open = await fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: bearer(KEY),
      body: JSON.stringify(CHAT),
    });
    know({ disabledAt: '2026-11-21T12:00:00.000000Z' });
    expect((await ask(bearer(KEY))).status).toBe(401);
    expect(open.status).toBe(200);
    await open.body?.cancel();
  });
});

describe('limits', () => {
  const refused = (reply: PlainReply): unknown => [
    reply.status,
    bodyOf(reply),
    Number(reply.headers['retry-after']) >= 1,
  ];
  const LIMITED = [429, { error: { code: 'rate_limited' } }, true];

  it('of requests a minute', async () => {
    know({ requestsPerMinute: 2 });
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(bearer(KEY))));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(2);
    for (const reply of replies.filter(({ status }) => status !== 200))
      expect(refused(reply)).toMatchObject(LIMITED);
    expect(host.asked).toHaveLength(2);
  });

  it('of requests at the same time, whose place is free again however they end', async () => {
    know({ concurrentRequests: 1 });
    for (let round = 0; round < 3; round++) {
      const halt = new AbortController();
      const open = await fetch(`${world.url}/v1/chat/completions`, {
        method: 'POST',
        headers: bearer(KEY),
        body: JSON.stringify(CHAT),
        signal: halt.signal,
      });
      expect(open.status).toBe(200);
      expect(refused(await ask(bearer(KEY)))).toMatchObject(LIMITED);
      halt.abort();
      await waitFor(async () => (await ask(bearer(KEY))).status === 200, { what: 'the place' });
    }
    for (const [path, body] of [
      ['/v1/chat/completions', 'no json'],
      ['/v1/nothing', '{}'],
    ] as const)
      expect((await world.post(path, body, bearer(KEY))).status).toBeGreaterThanOrEqual(400);
    expect((await ask(bearer(KEY))).status).toBe(200);
  });

  it('of tokens a month and a minute, as the host tells them', async () => {
    for (const limit of [{ monthlyTokens: 150 }, { tokensPerMinute: 150 }]) {
      doorkeeper.load([], '2026-11', Date.now());
      know(limit);
      expect([(await ask(bearer(KEY))).status, (await ask(bearer(KEY))).status]).toEqual([200, 200]);
      expect(refused(await ask(bearer(KEY)))).toMatchObject(LIMITED);
    }
  });
});

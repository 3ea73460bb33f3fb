import { instantFromMs } from '@boocontrol/fleet-model';
import { RouteFactSchema, type RouteFact } from '@boocontrol/contracts';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { FakeHost } from '../testing/inference.js';
import { rawAnswers } from '../testing/raw-client.js';
import { aModel } from '../testing/routing-world.js';
import { World } from '../testing/world.js';

/** Names that mean something in a path, a header, JSON or a database, from clients and from hosts, before a whole gateway. */
const NAMES = [
  'a\r\nx-evil: 1\r\n\r\nHTTP/1.1 200 OK',
  'a"},"x":{"y":"',
  '../api/models/unload',
  '..%2f..%2fapi%2fmodels%2funload',
  './.././m',
  '/etc/passwd',
  'm?a=b#c',
  'm;a=b',
  'a%00b%0d%0ab',
  'a\\..\\b',
  'моде́ль/模型/🦙',
  '\u202egpj.m',
  'a\ud800b',
  '__proto__',
  'constructor',
  "m'; DROP TABLE gateway.dispatches; --",
  ' m ',
  'x'.repeat(256),
];

let world: World;
let gateway: TestGateway;
let host: FakeHost;
let before: number;

beforeAll(async () => {
  world = await World.create();
  host = await FakeHost.start('tower', (response) => void response.end('{"ok":true}'));
  gateway = await world.gateway();
  await gateway.call('POST', '/api/providers', { id: 'tower', baseUrl: host.url });
  const nowMs = Date.now();
  await world.bus.fact('liveness', { ...body('liveness', 'tower', 0, nowMs), reason: null });
  const models = ['m', ...NAMES].map((id) => aModel(id));
  await world.bus.fact('models', { providerId: 'tower', at: instantFromMs(nowMs), models });
  await waitFor(async () => (await ask('m')).status === 200, { what: 'the fleet' });
});
afterAll(async () => {
  await world?.stop();
  await host?.stop();
});
beforeEach(() => {
  before = host.asked.length;
});

const ask = (model: string): Promise<Reply> => gateway.call('POST', '/v1/chat/completions', { model });

describe('a name that no host has', () => {
  it.each(['none/', 'nobody ', 'tower/none of '].flatMap((prefix) => NAMES.map((name) => prefix + name)))(
    '%j is told as that, and no host is asked',
    async (name) => {
      const { status, headers, error } = await ask(name);
      expect([status, error?.code]).toEqual([404, 'model_not_found']);
      expect(headers.get('x-evil')).toBeNull();
      expect(host.asked).toHaveLength(before);
    },
  );

  it.each(['x'.repeat(513), 'x'.repeat(1_000_000), '', 7, null, ['m'], { m: 1 }])(
    'one that is none (%#) is refused',
    async (model) => {
      const { status, error } = await gateway.call('POST', '/v1/chat/completions', { model });
      expect([status, error?.code]).toEqual([400, 'bad_request']);
      expect(host.asked).toHaveLength(before);
    },
  );
});

describe('a name that a host lists', () => {
  it.each(NAMES)('%j goes to the host in its body alone, and to the client as plain text', async (name) => {
    const { status, headers, body: answer } = await ask(`tower/${name}`);
    expect([status, answer]).toEqual([200, '{"ok":true}']);
    const [asked, second] = host.asked.slice(before);
    expect(second).toBeUndefined();
    expect(asked?.url).toBe('/v1/chat/completions');
    // A half of a surrogate pair is none in UTF-8, in which all of it goes out.
    expect(JSON.parse(asked?.body.toString() ?? '')).toEqual({ model: name });
    expect(JSON.stringify(asked?.headers)).not.toContain('x-evil');
    expect(headers.get('x-evil')).toBeNull();
    expect(headers.get('x-boo-model')).toMatch(/^[\x20-\x7e]{0,200}$/);
    const id = headers.get('x-request-id') ?? '';
    const { body: fact } = await waitFor(
      async () => {
        const reply = await gateway.get<RouteFact>(`/api/routing/dispatches/${id}`);
        return reply.status === 200 ? reply : null;
      },
      { what: 'the record' },
    );
    expect(RouteFactSchema.parse(fact)).toMatchObject({ id, outcome: 'succeeded' });
  });

  it('asks no other path of the host by its props', async () => {
    for (const name of NAMES.filter((one) => /(^|\/)\.\.?(\/|$)/.test(one))) {
      const path = `/v1/upstream/tower/${name.split('/').map(encodeURIComponent).join('/')}/props`;
      // As it is, for a client would take the dots out.
      const [answer] = await rawAnswers(
        gateway.url,
        `GET ${path.replaceAll('%2E', '.')} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      );
      expect([404, 409]).toContain(answer?.status);
    }
    expect(host.asked).toHaveLength(before);
  });
});

describe('a path', () => {
  it.each([
    '/v1/../api/providers',
    '/v1/..%2fapi%2fproviders',
    '/v1/%2e%2e/api/providers',
    '/v1//chat/completions',
    '/v1/chat%2fcompletions',
    '/v1/chat/completions/',
    '/v1/chat/completions;x=1',
    '/v1/CHAT/completions',
    '/v1/upstream/../props',
    '/v1/upstream/%2e%2e/props',
    '/v1/upstream/m/../../api/models/unload',
    '/v1/upstream/tower%2f..%2f..%2fapi/props',
    '/v1/upstream/m%0d%0ax-evil:1/props',
    '/v1/upstream/%zz/props',
    '/v1/models/%00',
    '/v1/models/..%2f..%2fapi',
    `/v1/models/${'x'.repeat(8_000)}`,
    '/v1/chat/completions\\..\\x',
  ])('%s leads to nothing', async (path) => {
    for (const method of ['GET', 'POST']) {
      const text = '{"model":"m"}';
      const [answer] = await rawAnswers(
        gateway.url,
        `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
          `content-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      );
      expect(answer?.status).toBeGreaterThanOrEqual(400);
      expect(answer?.status).toBeLessThan(500);
      expect(answer?.head).not.toMatch(/^x-evil/im);
    }
    expect(host.asked).toHaveLength(before);
  });
});

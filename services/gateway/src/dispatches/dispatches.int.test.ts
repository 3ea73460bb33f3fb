import { randomUUID } from 'node:crypto';
import {
  DispatchTotalsSchema,
  RouteFactSchema,
  STREAM,
  subjects,
  type ApiKey,
  type CreatedApiKey,
  type DispatchesPage,
  type HealthReport,
  type RouteFact,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { testPostgres, waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../testing/actions.js';
import type { TestGateway } from '../testing/gateway.js';
import { recordKeeping, type RecordKeeping } from '../testing/records.js';
import { refusedFact, routeFact } from '../testing/routes.js';
import { World } from '../testing/world.js';
import { removeOld } from '../database/table-retention.js';
import { newestSizes } from './dispatches.repository.js';

let world: World;
let gateway: TestGateway;
let keeping: RecordKeeping;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  keeping = await recordKeeping(world);
});
afterAll(async () => {
  await keeping?.stop();
  await world?.stop();
});

/** Without an id of the message, so that the log takes it as often as it is sent. */
async function publish(...facts: RouteFact[]): Promise<void> {
  await Promise.all(
    facts.map((fact) =>
      world.bus.js.publish(subjects.route(fact.policy?.name ?? 'direct'), JSON.stringify(fact)),
    ),
  );
}
const page = async (query = '', of = gateway): Promise<DispatchesPage> =>
  (await of.get<DispatchesPage>(`/api/routing/dispatches${query}`)).body;
const count = async (): Promise<number> =>
  (await keeping.rows<{ n: number }>(`SELECT count(*)::int AS n FROM gateway.dispatches`))[0]?.n ?? 0;
const untilCount = (n: number, timeoutMs = 20_000): Promise<boolean> =>
  waitFor(async () => (await count()) >= n, { what: `${n} rows`, timeoutMs });
const untilThere = (n: number): Promise<boolean> =>
  waitFor(
    async () => (await keeping.rows(`SELECT 1 FROM gateway.dispatches WHERE id = $1`, [idOf(n)])).length > 0,
    {
      what: `the row of ${n}`,
    },
  );
const idsOf = ({ dispatches }: DispatchesPage): string[] => dispatches.map(({ id }) => id);
const clear = (): Promise<unknown> => keeping.rows(`TRUNCATE gateway.dispatches`);

describe('records of requests', () => {
  it('are listed newest first, page by page, by policy, host and outcome, and told as they were stated', async () => {
    const facts = [
      routeFact(1),
      refusedFact(2),
      routeFact(3, { policy: { name: 'auto', version: 1 }, outcome: 'failed', status: 502 }),
      routeFact(4, { attempts: routeFact(4).attempts.map((one) => ({ ...one, providerId: 'nas' })) }),
      routeFact(5, { at: routeFact(4).at }),
    ];
    await publish(...facts);
    await untilCount(5);
    const all = await page();
    expect(all).toEqual({ dispatches: facts.toReversed(), nextCursor: null });
    for (const fact of all.dispatches) expect(RouteFactSchema.parse(fact)).toEqual(fact);

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: DispatchesPage = await page(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...idsOf(next));
      cursor = next.nextCursor;
    }
    expect(seen).toEqual(idsOf(all));

    expect(idsOf(await page('?policy=code'))).toEqual([idOf(5), idOf(4), idOf(1)]);
    expect(idsOf(await page('?policy=direct'))).toEqual([idOf(2)]);
    expect(idsOf(await page('?providerId=nas'))).toEqual([idOf(4)]);
    expect(idsOf(await page('?outcome=failed&policy=auto&providerId=tower'))).toEqual([idOf(3)]);
    expect(idsOf(await page('?outcome=incomplete'))).toEqual([]);

    expect(idsOf(await page('?asked=tower%2Fnone&source=opencode'))).toEqual([idOf(2)]);
    expect(idsOf(await page('?source=somebody'))).toEqual([]);
    expect(idsOf(await page('?failedOver=true'))).toEqual([]);
    expect(idsOf(await page('?failedOver=false&limit=1'))).toEqual([idOf(5)]);
    const [from, to] = [facts[1]?.at, facts[3]?.at];
    expect(idsOf(await page(`?from=${from}&to=${to}`))).toEqual([idOf(3), idOf(2)]);

    expect((await gateway.get(`/api/routing/dispatches/${idOf(2)}`)).body).toEqual(facts[1]);
    expect((await gateway.get(`/api/routing/dispatches/${idOf(99)}`)).error?.code).toBe('not_found');
  });

  it.each(['?cursor=x', '?cursor=WyJlIl0', '?limit=0', '?limit=501', '?policy=drift', '?model=x'])(
    '%s is refused',
    async (query) => {
      expect((await gateway.get(`/api/routing/dispatches${query}`)).status).toBe(400);
    },
  );
  it('are added up', async () => {
    await clear();
    const none = await gateway.get('/api/routing/dispatches/totals');
    expect(DispatchTotalsSchema.parse(none.body)).toEqual({
      requests: 0,
      failovers: 0,
      failed: 0,
      incomplete: 0,
      firstContentMsP50: null,
      firstContentMsP95: null,
    });
    const [attempt] = routeFact(1).attempts;
    await publish(
      routeFact(51, { firstContentMs: 100 }),
      routeFact(52, { firstContentMs: 200, attempts: [attempt!, { ...attempt!, providerId: 'nas' }] }),
      routeFact(53, { firstContentMs: 300, outcome: 'incomplete' }),
      routeFact(54, { firstContentMs: null, outcome: 'failed', status: 502 }),
      refusedFact(55),
    );
    await untilCount(5);
    const totals = async (query = ''): Promise<unknown> =>
      (await gateway.get(`/api/routing/dispatches/totals${query}`)).body;
    const all = await totals();
    expect(all).toEqual({
      requests: 5,
      failovers: 1,
      failed: 2,
      incomplete: 1,
      firstContentMsP50: 200,
      firstContentMsP95: 290,
    });
    expect(await totals('?providerId=nas')).toMatchObject({ requests: 1, failovers: 1 });
    expect(await totals('?policy=direct')).toMatchObject({ requests: 1, failed: 1, firstContentMsP50: null });
    expect(await totals(`?asked=${encodeURIComponent("x' OR true; --")}`)).toMatchObject({ requests: 0 });
    expect((await gateway.get('/api/routing/dispatches/totals?limit=1')).status).toBe(400);
  });

  it('have ids that are no paths', async () => {
    expect((await gateway.get('/api/routing/dispatches/1')).status).toBe(400);
  });

  it('may hold what clients make up, and as much as a record may hold', async () => {
    await clear();
    const [candidate] = routeFact(1).candidates;
    const odd = routeFact(10, {
      asked: `a\0b\ud83e'; DROP TABLE x; -- ${'🦙'.repeat(200)}`,
      candidates: Array.from({ length: 64 }, () => ({ ...candidate!, why: 'w'.repeat(2_000) })),
    });
    await publish(odd, routeFact(11));
    await untilCount(2);
    const { body } = await gateway.get<RouteFact>(`/api/routing/dispatches/${idOf(10)}`);
    expect(body).toEqual({ ...odd, asked: odd.asked.replaceAll(/[\0\ud83e](?!\udd99)/g, '\ufffd') });
  });

  it('tell how large the bodies and prompts were that were answered lately, oldest first', async () => {
    await clear();
    const nowMs = Date.now();
    const at = (agoMs: number): { at: string } => ({ at: instantFromMs(nowMs - agoMs) });
    await publish(
      routeFact(40, { ...at(0), requestBytes: 900 }),
      routeFact(41, { ...at(60_000), requestBytes: 800 }),
      routeFact(42, at(10 * 24 * 3_600_000)),
      routeFact(43, { ...at(0), promptTokens: null }),
      routeFact(44, { ...at(0), outcome: 'failed' }),
      refusedFact(45, at(0)),
    );
    await untilCount(6);
    expect(await newestSizes(keeping.database.db)).toEqual([
      { model: 'org/model', requestBytes: 800, promptTokens: 100 },
      { model: 'org/model', requestBytes: 900, promptTokens: 100 },
    ]);
  });

  it('are written once however often they come, and their tokens counted once', async () => {
    await clear();
    const { body } = await gateway.call<CreatedApiKey>('POST', '/api/keys', { name: 'x', label: 'x' });
    const { id: keyId } = body.apiKey;
    const at = instantFromMs(Date.now());
    const facts = [20, 21, 22].map((n) => routeFact(n, { keyId, at }));
    await publish(...facts, ...facts, routeFact(23, { keyId: idOf(404), at }));
    await untilCount(4);
    await publish(...facts, routeFact(24));
    await untilCount(5);
    const keyNow = async (): Promise<ApiKey | undefined> =>
      (await gateway.get<{ keys: ApiKey[] }>('/api/keys')).body.keys.find(({ id }) => id === keyId);
    expect(await keyNow()).toMatchObject({ tokensThisMonth: 3 * 120, lastUsedAt: at });
    expect(await count()).toBe(5);
    expect(await keeping.rows(`SELECT key_id FROM gateway.key_usage`)).toEqual([{ key_id: keyId }]);
    // The whole log once more, as after a loss of the consumer.
    await world.bus.jsm.consumers.delete(STREAM.routes, 'gateway-dispatches');
    await publish(routeFact(26));
    await untilThere(26);
    expect(await keyNow()).toMatchObject({ tokensThisMonth: 3 * 120 });
    await gateway.call('DELETE', `/api/keys/${keyId}`);
    await publish(routeFact(25, { keyId, at }));
    await untilThere(25);
    expect(await keeping.rows(`SELECT key_id FROM gateway.key_usage`)).toEqual([]);
  });

  it('that are too old go, whole chunks and single ones', async () => {
    await clear();
    const days = (n: number): string => instantFromMs(Date.now() - n * 86_400_000);
    await publish(...[400, 91, 90.1, 89.9, 0].map((n, index) => routeFact(30 + index, { at: days(n) })));
    await untilCount(5);
    const { db } = keeping.database;
    while ((await removeOld(db, 'gateway.dispatches', 90)) > 0);
    expect(idsOf(await page()).sort()).toEqual([idOf(33), idOf(34)]);
  });

  it('that nobody can read go to DEAD, and the others are written', async () => {
    await clear();
    const dead = (await world.bus.jsm.streams.info(STREAM.dead)).state.messages;
    await world.bus.js.publish(subjects.route('code'), '{"id":1}');
    await publish(routeFact(40));
    await untilCount(1);
    await waitFor(async () => (await world.bus.jsm.streams.info(STREAM.dead)).state.messages === dead + 1, {
      what: 'the dead letter',
    });
  });
});

it('kill -9 of the gateway under load, three times: each row once, each token once', async () => {
  await clear();
  const { body } = await gateway.call<CreatedApiKey>('POST', '/api/keys', { name: 'load', label: 'load' });
  const { id: keyId } = body.apiKey;
  const load = 6_000;
  const at = Date.now();
  const publishing = (async () => {
    for (let n = 0; n < load; n += 200)
      await publish(
        ...Array.from({ length: 200 }, (_, index) =>
          routeFact(n + index, { id: randomUUID(), keyId, at: instantFromMs(at) }),
        ),
      );
  })();
  for (const atLeast of [500, 2_000, 4_000]) {
    await untilCount(atLeast, 60_000);
    await gateway.service.kill9();
    gateway = await world.gateway();
  }
  await publishing;
  await untilCount(load, 60_000);
  const usage = async (): Promise<unknown> =>
    (await keeping.rows(`SELECT tokens::int FROM gateway.key_usage WHERE key_id = $1`, [keyId]))[0];
  await waitFor(
    async () =>
      (await world.bus.jsm.consumers.info(STREAM.routes, 'gateway-dispatches')).num_ack_pending === 0,
    {
      what: 'everything to be acknowledged',
    },
  );
  expect([await count(), await usage()]).toEqual([load, { tokens: load * 120 }]);
});

it('a database that comes later is waited for, without a dead letter', async () => {
  const own = await World.create();
  const postgres = await testPostgres();
  try {
    await postgres.kill9();
    const late = await own.gateway({ DATABASE_URL: postgres.url });
    for (let n = 0; n < 20; n++) {
      const fact = routeFact(n);
      await own.bus.js.publish(subjects.route('code'), JSON.stringify(fact), { msgID: fact.id });
    }
    const { status, error } = await late.get('/api/routing/dispatches');
    expect([status, error?.code]).toEqual([503, 'unavailable']);
    await waitFor(
      async () => {
        const { body } = await late.get<HealthReport>('/health');
        return body.checks['dispatches']?.detail?.includes('database') === true;
      },
      { what: 'health to say what is waited for' },
    );
    await postgres.restart();
    await waitFor(async () => (await page('?limit=500', late)).dispatches?.length === 20, {
      what: 'all rows',
    });
    expect((await own.bus.jsm.streams.info(STREAM.dead)).state.messages).toBe(0);
    // Away again while it runs: what comes meanwhile is written afterwards.
    await postgres.kill9();
    await own.bus.js.publish(subjects.route('code'), JSON.stringify(routeFact(20)));
    await postgres.restart();
    await waitFor(async () => (await page('?limit=500', late)).dispatches?.length === 21, {
      what: 'the row of the time between',
    });
    expect((await own.bus.jsm.streams.info(STREAM.dead)).state.messages).toBe(0);
  } finally {
    await own.stop();
    await postgres.stop();
  }
});

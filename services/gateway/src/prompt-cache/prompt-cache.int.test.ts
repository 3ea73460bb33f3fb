import {
  CacheRatesSchema,
  CacheSessionsSchema,
  CacheTotalsSchema,
  CacheTurnsSchema,
  PrefixDriftsSchema,
  subjects,
  type PrefixDrift,
  type PrefixDrifts,
  type RouteFact,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { idOf } from '../testing/actions.js';
import type { TestGateway } from '../testing/gateway.js';
import { recordKeeping, type RecordKeeping } from '../testing/records.js';
import { prefixDrift, routeFact } from '../testing/routes.js';
import { World } from '../testing/world.js';

const BASE_MS = Date.parse('2026-11-21T12:00:00Z');
const MINUTE_MS = 60_000;
const [ANNA, BEN] = ['a'.repeat(22), 'b'.repeat(22)] as const;

let world: World;
let gateway: TestGateway;
let keeping: RecordKeeping;

/** The n-th request, a minute after the one before, of ANNA unless said otherwise. */
function turn(n: number, session: string = ANNA, differs: Partial<RouteFact> = {}): RouteFact {
  return routeFact(n, {
    at: instantFromMs(BASE_MS + n * MINUTE_MS),
    prefix: {
      session,
      hash: 'c'.repeat(43),
      bytes: 1_000 * n,
      segments: n,
      relation: n === 1 ? 'first' : 'continued',
    },
    ...differs,
  });
}
const facts: RouteFact[] = [
  turn(1),
  turn(2),
  turn(3, BEN, { source: 'aider', promptTokens: 50, cacheTokens: 0 }),
  turn(4),
  turn(5, BEN, { source: 'aider', promptTokens: 50, cacheTokens: null }),
  // One that is of no session, as all were before it was noted.
  routeFact(6, { at: instantFromMs(BASE_MS + 6 * MINUTE_MS), promptTokens: 700, cacheTokens: 0 }),
];
const drifts: PrefixDrift[] = [
  prefixDrift(2, { at: turn(2).at, session: ANNA }),
  prefixDrift(4, { at: turn(4).at, session: ANNA, lostMs: 90, lostTokens: 45 }),
  prefixDrift(5, {
    at: turn(5).at,
    session: BEN,
    consumer: 'aider',
    kind: 'miss',
    cause: 'evicted',
    firstChangedSegment: null,
    changedInputs: [],
    cachedTokens: null,
    lostTokens: null,
    lostMs: null,
  }),
];
const PERIOD = `from=2026-11-21T12:00:00Z&to=2026-11-21T13:00:00Z`;

async function ask<S extends z.ZodType>(schema: S, path: string, query = ''): Promise<z.output<S>> {
  const { body } = await gateway.get<unknown>(`/api/prompt-cache/${path}?${PERIOD}${query}`);
  expect(schema.parse(body)).toEqual(body);
  return schema.parse(body);
}
const idsOf = async (query = ''): Promise<string[]> =>
  (await ask(PrefixDriftsSchema, 'drifts', query)).drifts.map(({ id }) => id);

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  keeping = await recordKeeping(world);
  const { js } = world.bus;
  for (const fact of facts) await js.publish(subjects.route('code'), JSON.stringify(fact));
  // Without an id of the message, so that the log takes them twice.
  for (const drift of [...drifts, ...drifts]) await js.publish(subjects.drift, JSON.stringify(drift));
  const counted = async (table: string): Promise<number> =>
    (await keeping.rows<{ n: number }>(`SELECT count(*)::int AS n FROM gateway.${table}`))[0]?.n ?? 0;
  await waitFor(async () => (await counted('dispatches')) === 6 && (await counted('prefix_drifts')) === 3, {
    what: 'the rows of all of them',
  });
});
afterAll(async () => {
  await keeping?.stop();
  await world?.stop();
});

describe('drifts', () => {
  it('are listed newest first or by cost, page by page, as they were stated, each once', async () => {
    const { drifts: all } = await ask(PrefixDriftsSchema, 'drifts');
    expect(all).toEqual(drifts.toReversed());
    expect(await idsOf('&order=cost')).toEqual([idOf(2), idOf(4), idOf(5)]);
    for (const order of ['newest', 'cost'] as const) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page: z.output<typeof PrefixDriftsSchema> = await ask(
          PrefixDriftsSchema,
          'drifts',
          `&order=${order}&limit=1${after}`,
        );
        seen.push(...page.drifts.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(await idsOf(`&order=${order}`));
    }
  });

  it('are told one by one, by the request', async () => {
    const one = (id: string) => gateway.get<PrefixDrift>(`/api/prompt-cache/drifts/${id}`);
    expect((await one(idOf(5))).body).toEqual(drifts[2]);
    expect([(await one(idOf(1))).error?.code, (await one('x')).error?.code]).toEqual([
      'not_found',
      'validation',
    ]);
  });

  it('are filtered', async () => {
    expect(await idsOf('&kind=miss')).toEqual([idOf(5)]);
    expect(await idsOf('&cause=system_timestamp&source=opencode')).toEqual([idOf(4), idOf(2)]);
    expect(await idsOf(`&session=${BEN}`)).toEqual([idOf(5)]);
    expect(await idsOf('&model=org%2Fmodel&providerId=tower&source=aider')).toEqual([idOf(5)]);
    expect(await idsOf('&providerId=nas')).toEqual([]);
    const until = async (to: string): Promise<number> =>
      (await gateway.get<PrefixDrifts>(`/api/prompt-cache/drifts?to=${to}`)).body.drifts.length;
    expect([await until('2026-11-21T12:03:00Z'), await until('2026-11-22T12:03:00Z')]).toEqual([1, 2]);
  });

  it.each([
    'drifts?cursor=x',
    'drifts?order=oldest',
    'sessions?cursor=WyJlIl0',
    'sessions/x',
    'rates?step=1',
  ])('%s is refused', async (path) => {
    expect((await gateway.get(`/api/prompt-cache/${path}`)).status).toBe(400);
  });
});

describe('what the cache had', () => {
  it('is told over time, by consumer and model, of requests of which the host told both', async () => {
    const rates = await ask(CacheRatesSchema, 'rates');
    expect(rates).toMatchObject({ from: '2026-11-21T12:00:00.000000Z', stepS: 60, leftOut: 0 });
    expect(rates.series.map(({ points: _, ...rest }) => rest)).toEqual([
      { source: 'opencode', model: 'org/model', requests: 4, promptTokens: 1_000, cacheTokens: 270 },
      { source: 'aider', model: 'org/model', requests: 1, promptTokens: 50, cacheTokens: 0 },
    ]);
    expect(rates.series[0]?.points[0]).toEqual({
      at: '2026-11-21T12:01:00.000000Z',
      requests: 1,
      promptTokens: 100,
      cacheTokens: 90,
    });
    expect((await ask(CacheRatesSchema, 'rates', '&source=aider')).series).toHaveLength(1);
    expect((await ask(CacheRatesSchema, 'rates', '&providerId=nas')).series).toEqual([]);
  });

  it('is added up, with what each cause cost', async () => {
    expect(await ask(CacheTotalsSchema, 'totals')).toEqual({
      from: '2026-11-21T12:00:00.000000Z',
      to: '2026-11-21T13:00:00.000000Z',
      requests: 5,
      promptTokens: 1_050,
      cacheTokens: 270,
      sessions: 2,
      drifts: 2,
      misses: 1,
      lostTokens: 935,
      lostMs: 1_870.5,
      causes: [
        {
          kind: 'drift',
          cause: 'system_timestamp',
          count: 2,
          sessions: 1,
          lostTokens: 935,
          lostMs: 1_870.5,
          lastAt: turn(4).at,
        },
        {
          kind: 'miss',
          cause: 'evicted',
          count: 1,
          sessions: 1,
          lostTokens: 0,
          lostMs: 0,
          lastAt: turn(5).at,
        },
      ],
    });
    expect(await ask(CacheTotalsSchema, 'totals', '&source=nobody')).toMatchObject({
      requests: 0,
      causes: [],
    });
  });

  it('is told of each session and of its requests', async () => {
    const { sessions } = await ask(CacheSessionsSchema, 'sessions');
    expect(sessions).toMatchObject([
      { session: BEN, source: 'aider', requests: 2, promptTokens: 50, drifts: 0, misses: 1, lostMs: 0 },
      {
        session: ANNA,
        providerId: 'tower',
        model: 'org/model',
        requests: 3,
        firstAt: turn(1).at,
        lastAt: turn(4).at,
        segments: 4,
        bytes: 4_000,
        promptTokens: 300,
        cacheTokens: 270,
        drifts: 2,
        lostTokens: 935,
      },
    ]);
    const { nextCursor } = await ask(CacheSessionsSchema, 'sessions', '&limit=1');
    const rest = await ask(CacheSessionsSchema, 'sessions', `&limit=1&cursor=${nextCursor}`);
    expect(rest).toEqual({ sessions: sessions.slice(1), nextCursor: null });

    const { turns } = await ask(CacheTurnsSchema, `sessions/${ANNA}`);
    expect(turns.map(({ id, drift }) => [id, drift?.id ?? null])).toEqual([
      [idOf(4), idOf(4)],
      [idOf(2), idOf(2)],
      [idOf(1), null],
    ]);
    expect(turns[0]?.prefix).toEqual(turn(4).prefix);
    expect(await ask(CacheTurnsSchema, `sessions/${'z'.repeat(22)}`)).toEqual({ turns: [] });
  });

  it('stands in the record of a request', async () => {
    const { body } = await gateway.get<RouteFact>(`/api/routing/dispatches/${idOf(4)}`);
    expect(body).toEqual(turn(4));
  });
});

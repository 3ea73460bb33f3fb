import {
  BUCKET,
  DryRunSchema,
  subjects,
  type DryRun,
  type RouteCandidate,
  type RouteFact,
  type RoutePolicy,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scoreOf } from '../routing/score.js';
import { idOf } from '../testing/actions.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { recordKeeping, type RecordKeeping } from '../testing/records.js';
import { routeFact } from '../testing/routes.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let keeping: RecordKeeping;

const HOUR_MS = 3_600_000;
const weights = { quality: 1, speed: 1, readiness: 1, load: 1, affinity: 1, price: 1 };
const NAS = { quality: 0.9, speed: 0.5, readiness: 1, load: 0.5, affinity: 0, price: 1 };
const TOWER = { ...NAS, quality: 0.4, load: 0.6 };
const DRAFT = { name: 'night', description: '', weights: { ...weights, quality: 0 } };

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  keeping = await recordKeeping(world);
  for (const id of ['nas', 'tower'])
    await gateway.call('POST', '/api/providers', { id, baseUrl: `http://${id}`, tags: ['gpu'] });
  const made = await waitFor(
    async () => {
      const reply = await gateway.call<RoutePolicy>('POST', '/api/routing/policies', {
        name: 'night',
        weights,
      });
      return reply.status !== 503 && reply;
    },
    { what: 'the policy' },
  );
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await keeping?.stop();
  await world?.stop();
});
beforeEach(() => keeping.rows(`TRUNCATE gateway.dispatches`));

function scored(providerId: string, terms: typeof NAS, more: Partial<RouteCandidate> = {}): RouteCandidate {
  const [filter, why, score] = [null, null, scoreOf(terms, weights)];
  return { providerId, model: 'm', filter, why, score, terms, isSure: true, ...more };
}
const BOTH = [scored('nas', NAS), scored('tower', TOWER)];
const ago = (ms: number): string => instantFromMs(Date.now() - ms);
const asked = (n: number, differs: Partial<RouteFact> = {}): RouteFact =>
  routeFact(n, {
    // So far apart that it is the same order however long the making of them takes.
    at: ago(HOUR_MS + n * 10_000),
    asked: 'auto:night',
    policy: { name: 'night', version: 1 },
    candidates: BOTH,
    ...differs,
  });

async function recorded(...facts: RouteFact[]): Promise<void> {
  await Promise.all(
    facts.map((fact) =>
      world.bus.js.publish(subjects.route(fact.policy?.name ?? 'direct'), JSON.stringify(fact)),
    ),
  );
  const count = async (): Promise<number> =>
    (await keeping.rows<{ n: number }>(`SELECT count(*)::int AS n FROM gateway.dispatches`))[0]?.n ?? 0;
  await waitFor(async () => (await count()) === facts.length, { what: 'the records' });
}
const ask = (draft: object = DRAFT, more: object = {}): Promise<Reply<DryRun>> =>
  gateway.call<DryRun>('POST', '/api/routing/dry-run', { draft, ...more });
async function told(draft: object = DRAFT, more: object = {}): Promise<DryRun> {
  const { status, body } = await ask(draft, more);
  expect(status).toBe(200);
  return DryRunSchema.parse(body);
}

describe('a draft against the last day', () => {
  it('tells which of the requests that its policy decided would have gone elsewhere, newest first', async () => {
    await recorded(
      asked(1),
      asked(2, { candidates: [scored('nas', { ...NAS, load: 0.9 }), scored('tower', TOWER)] }),
      asked(3, { endpoint: '/messages', source: 'hermes' }),
      asked(4, { policy: { name: 'auto', version: 1 } }),
      asked(5, { policy: null }),
      asked(6, { at: ago(25 * HOUR_MS) }),
    );
    const answer = await told();
    expect(answer).toMatchObject({ requests: 3, same: 1, otherwise: 2, untold: 0, gaps: [], isCut: false });
    expect(answer.changes.map(({ id }) => id)).toEqual([idOf(1), idOf(3)]);
    expect(answer.changes[1]).toMatchObject({
      endpoint: '/messages',
      source: 'hermes',
      version: 1,
      becomes: 'other',
      was: { providerId: 'nas', model: 'm', terms: NAS, leftOutBy: null },
      wouldBe: { providerId: 'tower', model: 'm', terms: TOWER },
    });
    // Each of them is what the record of the request says.
    const { body: fact } = await gateway.get<RouteFact>(`/api/routing/dispatches/${idOf(1)}`);
    expect(fact.candidates).toEqual(BOTH);
    expect(await told({ ...DRAFT, weights })).toMatchObject({ requests: 3, same: 3, otherwise: 0 });
    expect(await told(DRAFT, { hours: 0.5 })).toMatchObject({ requests: 0 });
    expect(await told({ ...DRAFT, name: 'never-was' })).toMatchObject({ requests: 0, changes: [] });
  });

  it('goes through more than a page of them', async () => {
    await recorded(...Array.from({ length: 250 }, (_, n) => asked(n)));
    const answer = await told();
    expect(answer).toMatchObject({ requests: 250, otherwise: 250 });
    expect(new Set(answer.changes.map(({ id }) => id)).size).toBe(250);
  });

  it('decides each by the version that decided it, and does not tell of one that is no more', async () => {
    await gateway.call('PUT', '/api/routing/policies/night?version=1', { weights, providers: ['nas'] });
    const excluded: RouteCandidate = {
      ...scored('tower', TOWER),
      filter: 'policy_excludes',
      why: 'auto:night leaves m on tower out.',
      score: null,
      terms: null,
    };
    const narrow = { policy: { name: 'night', version: 2 }, candidates: [scored('nas', NAS), excluded] };
    await recorded(asked(1), asked(2, narrow), asked(3, { policy: { name: 'night', version: 99 } }));
    const answer = await told();
    expect(answer).toMatchObject({ requests: 3, same: 0, otherwise: 1, untold: 2 });
    expect(answer.gaps).toEqual([
      { because: 'left_out', requests: 1 },
      { because: 'rules', requests: 1 },
    ]);
    // With the same lists as then nothing else comes in.
    expect(await told({ ...DRAFT, providers: ['nas'] })).toMatchObject({ same: 2, otherwise: 0, untold: 1 });
  });

  it('does not tell of old records what they do not hold', async () => {
    const old = BOTH.map(({ isSure: _isSure, ...rest }) => rest);
    await recorded(asked(1, { candidates: old }), asked(2, { candidates: [] }));
    expect(await told()).toMatchObject({
      requests: 2,
      same: 1,
      otherwise: 0,
      untold: 1,
      gaps: [{ because: 'ability', requests: 1 }],
    });
  });

  it('does not tell what tags hosts had that were changed since', async () => {
    await recorded(asked(1));
    // The hosts were added after it, which came an hour ago.
    expect(await told({ ...DRAFT, weights, tags: ['slow'] })).toMatchObject({
      untold: 1,
      gaps: [{ because: 'host_changed', requests: 1 }],
    });
  });

  it('does not tell what a category that has been measured meanwhile would have changed', async () => {
    await recorded(asked(1));
    const other = { ...DRAFT, weights, category: 'agent-coding' };
    // Nothing was ever measured: both are guessed by the same name.
    expect(await told(other)).toMatchObject({ untold: 0 });
    const kv = await new Kvm(world.bus.nc).open(BUCKET.scores);
    const [by, measuredAt] = ['anna', ago(2 * HOUR_MS)];
    const score = { model: 'm', category: 'agent-coding', mean: 0.8, low: 0.7, high: 0.9, n: 40, by };
    await kv.put('test', JSON.stringify({ ...score, measuredAt }));
    expect(await told(other)).toMatchObject({ untold: 1, gaps: [{ because: 'quality', requests: 1 }] });
  });

  it('refuses a policy that has errors, and says which', async () => {
    await recorded(asked(1));
    const wrong = await ask({ ...DRAFT, weights: { ...weights, quality: 7 }, category: 'Agent Coding' });
    expect([wrong.status, wrong.error?.code]).toEqual([400, 'validation']);
    expect(wrong.error?.message).toMatch(/draft\.weights\.quality.*draft\.category/s);
    expect((await ask(DRAFT, { hours: 25 })).status).toBe(400);
    expect((await ask(DRAFT, { hours: 0 })).status).toBe(400);
    expect((await gateway.call('POST', '/api/routing/dry-run', {})).status).toBe(400);
  });
});

import {
  BUCKET,
  calls,
  ExplainSchema,
  ScoresSchema,
  RouteChoicesSchema,
  type CreatedApiKey,
  type Explain,
  type LeaseEntry,
  type ModelFigures,
  type Score,
  type Scores,
} from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { waitFor } from '@boocontrol/testing';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import type { Reply, TestGateway } from '../testing/gateway.js';
import { aModel } from '../testing/routing-world.js';
import { StandIns } from '../testing/stand-ins.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;
let standIns: StandIns;

const FIGURES: ModelFigures['models'][number] = {
  model: 'qwen3-8b',
  requests: 1,
  errors: 0,
  inputTokens: 1,
  cacheTokens: 0,
  outputTokens: 10,
  durationMs: 100,
  genTps: 200,
  promptTps: null,
  genTpsP50: 200,
  genTpsP95: null,
  loads: 1,
  failedLoads: 0,
  loadMsP50: 1_000,
};

beforeAll(async () => {
  world = await World.create();
  standIns = new StandIns(world.bus);
  await standIns.answering(calls.modelFigures.subject, (asked) => ({
    models: (asked as { providerId: string }).providerId === 'tower' ? [FIGURES] : [],
    nextCursor: null,
  }));
  gateway = await world.gateway();
  for (const id of ['tower', 'nas'])
    await gateway.call('POST', '/api/providers', { id, baseUrl: `http://${id}` });
  const nowMs = Date.now();
  for (const providerId of ['tower', 'nas']) {
    await world.bus.fact('liveness', { ...body('liveness', providerId, 0, nowMs), reason: null });
    await world.bus.fact('models', {
      providerId,
      at: instantFromMs(nowMs),
      models: [aModel('qwen3-8b'), aModel('nomic-embed', { contextLength: 512 })],
    });
  }
  await waitFor(async () => (await explain('nas/qwen3-8b')).choice !== null, {
    what: 'the fleet',
  });
});
afterAll(async () => {
  standIns?.stop();
  await world?.stop();
});

async function explain(model: string, more: object = {}, endpoint?: string): Promise<Explain> {
  const asked = { body: { model, messages: [{ role: 'user', content: 'hello' }], ...more }, endpoint };
  const { status, body: answer } = await gateway.call('POST', '/api/routing/explain', asked);
  expect(status).toBe(200);
  return ExplainSchema.parse(answer);
}

describe('a dry run', () => {
  it('tells the choice, each candidate and what stands against it', async () => {
    const { policy, candidates, choice, error } = await explain('auto');
    expect([policy?.name, policy?.version, error]).toEqual(['auto', 1, null]);
    expect(choice?.model).toBe('qwen3-8b');
    expect(candidates.map(({ filter }) => filter)).toEqual([
      null,
      null,
      'capability_missing',
      'capability_missing',
    ]);
  });

  it('reads the body as the path does', async () => {
    expect((await explain('auto', { input: 'x' }, '/embeddings')).choice?.model).toBe('nomic-embed');
    const long = await explain('auto', { max_tokens: 40_000 });
    expect(long).toMatchObject({ choice: null, error: { code: 'no_candidate' } });
    expect(long.candidates[0]?.filter).toBe('context_too_long');
    expect((await explain('tower/nothing')).error?.code).toBe('model_not_found');
    const unknown = await gateway.call('POST', '/api/routing/explain', {
      endpoint: '/nothing',
      body: { model: 'auto' },
    });
    expect([unknown.status, unknown.error?.code]).toEqual([400, 'validation']);
  });

  it('counts what fleet-state knows of the speed of a model on a host', async () => {
    const first = async (): Promise<string | undefined> => (await explain('auto:fast')).choice?.providerId;
    // Of equals it would be the other one.
    await waitFor(async () => (await first()) === 'tower', { what: 'the measured host to be first' });
    const { candidates } = await explain('auto:fast');
    expect(candidates[0]?.terms?.speed).toBeGreaterThan(candidates[1]?.terms?.speed ?? 1);
  });

  it('follows policies, what is hidden, maintenance and who is switched off', async () => {
    const weights = { quality: 1, speed: 0, readiness: 0, load: 0, affinity: 0, price: 0 };
    const policy = { name: 'own', weights, providers: ['tower'] };
    await waitFor(async () => (await gateway.call('POST', '/api/routing/policies', policy)).status === 201, {
      what: 'the database to be open',
    });
    expect((await explain('auto:own')).choice?.providerId).toBe('tower');
    await gateway.call('PUT', '/api/hidden/tower');
    expect((await explain('auto:own')).error?.code).toBe('no_candidate');
    expect((await explain('tower/qwen3-8b')).choice?.providerId).toBe('tower');
    await gateway.call('DELETE', '/api/hidden/tower');
    await gateway.call('PUT', '/api/providers/tower/maintenance', { note: 'new fan' });
    const { error } = await explain('tower/qwen3-8b');
    expect(error).toMatchObject({ code: 'provider_disabled', message: expect.stringContaining('new fan') });
    await gateway.call('DELETE', '/api/providers/tower/maintenance');
    await gateway.call('PATCH', '/api/providers/tower', { apiKeyEnv: 'TOWER_API_KEY' });
    expect((await explain('tower/qwen3-8b')).error).toMatchObject({
      code: 'provider_offline',
      message: expect.stringContaining('TOWER_API_KEY is not set'),
    });
    await gateway.call('PATCH', '/api/providers/tower', { apiKeyEnv: null });
  });

  it('is decided by a draft in place of the policy of its name, and saves nothing', async () => {
    const weights = { quality: 0, speed: 0, readiness: 1, load: 0, affinity: 0, price: 0 };
    const before = (await gateway.get('/api/routing/policies')).body;
    const draft = { name: 'code', weights, providers: ['nas'] };
    const asked = (over: object): Promise<Reply<Explain>> =>
      gateway.call('POST', '/api/routing/explain', { body: { model: 'auto:code' }, draft, ...over });
    const { body: told } = await asked({});
    expect(told).toMatchObject({
      policy: { name: 'code', version: 2, isBuiltIn: true },
      choice: { providerId: 'nas' },
    });
    expect(told.candidates.find(({ providerId }) => providerId === 'tower')?.filter).toBe('policy_excludes');
    const added = await asked({ draft: { ...draft, name: 'mine' }, body: { model: 'auto:mine' } });
    expect(added.body.policy).toMatchObject({ name: 'mine', version: 1, isBuiltIn: false });
    // Somebody who names a model, or another policy, is not concerned.
    expect((await asked({ body: { model: 'tower/qwen3-8b' } })).body.choice?.providerId).toBe('tower');
    expect((await asked({ body: { model: 'auto' } })).body.policy?.version).toBe(1);
    expect((await asked({ draft: { ...draft, attempts: 9 } })).status).toBe(400);
    expect((await gateway.get('/api/routing/policies')).body).toEqual(before);
  });

  it('tells what a key would get', async () => {
    const created = await waitFor(
      async () => {
        const input = { name: 'Laptop', label: 'laptop', models: ['nas/*'] };
        const reply = await gateway.call<CreatedApiKey>('POST', '/api/keys', input);
        return reply.status === 201 && reply.body;
      },
      { what: 'the database to be open' },
    );
    const body = { model: 'auto:fast' };
    const keyId = created.apiKey.id;
    const reply = await gateway.call<Explain>('POST', '/api/routing/explain', { body, keyId });
    expect(reply.body.choice?.providerId).toBe('nas');
    expect(reply.body.candidates.map(({ filter }) => filter)).toContain('key_forbidden');
    expect(JSON.stringify(reply.body)).not.toContain(created.key);
    const gone = { body, keyId: keyId.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) };
    expect((await gateway.call('POST', '/api/routing/explain', gone)).status).toBe(404);
  });

  it('tells what each policy would choose, and the speeds that were measured', async () => {
    const { body } = await gateway.get('/api/routing/choices');
    const { policies, speeds } = RouteChoicesSchema.parse(body);
    expect(policies.slice(0, 4).map(({ name }) => name)).toEqual(['auto', 'code', 'fast', 'cheap']);
    expect(policies[2]).toMatchObject({ choice: { providerId: 'tower', model: 'qwen3-8b' }, why: null });
    expect(policies[2]?.choice?.score).toBeGreaterThan(0);
    expect(speeds).toEqual([{ providerId: 'tower', model: 'qwen3-8b', genTps: 200 }]);
  });

  it('knows from the bucket who has a host to itself', async () => {
    const kv = await new Kvm(world.bus.nc).open(BUCKET.hostLeases);
    const entry: LeaseEntry = {
      leaseId: 'nas.abcdefgh',
      providerId: 'nas',
      holder: 'anna',
      purpose: 'bench: speed',
      source: 'anna',
      acquiredAt: instantFromMs(Date.now()),
      expectedUntil: null,
      fencingToken: null,
      takenOverFrom: null,
      takenOverBy: null,
      endedBy: null,
    };
    await kv.put('nas', JSON.stringify(entry));
    const told = async (): Promise<string | undefined> => (await explain('nas/qwen3-8b')).error?.code;
    await waitFor(async () => (await told()) === 'host_leased', { what: 'the lease to count' });
    expect((await explain('nas/qwen3-8b')).error?.message).toContain('anna has nas for “bench: speed”');
    expect((await explain('qwen3-8b')).choice?.providerId).toBe('tower');
    await kv.delete('nas');
    await waitFor(async () => (await told()) === undefined, { what: 'the host to be free' });
  });
});

describe('what was measured of quality', () => {
  it('counts as soon as it is in the bucket; what is garbled there is left out', async () => {
    const kv = await new Kvm(world.bus.nc).open(BUCKET.scores);
    const score: Score = {
      model: '*qwen3*',
      category: 'agent-coding',
      mean: 0.9,
      low: 0.8,
      high: 0.95,
      n: 40,
      measuredAt: '2026-11-21T12:00:00Z',
      by: 'a test',
    };
    expect((await explain('auto:code')).candidates[0]?.quality).toBe('guessed');
    await kv.put('garbled', '{"model":');
    await kv.put('upside.down', JSON.stringify({ ...score, low: 0.99 }));
    await kv.put('qwen3', JSON.stringify(score));
    const told = async (): Promise<Scores> =>
      ScoresSchema.parse((await gateway.get('/api/routing/scores')).body);
    await waitFor(async () => (await told()).scores.length > 0, { what: 'the score' });
    expect(await told()).toEqual({ scores: [score] });
    const [first] = (await explain('auto:code')).candidates;
    expect([first?.quality, first?.terms?.quality]).toEqual(['measured', 0.8]);
    // It was measured in one category, and that alone.
    expect((await explain('auto')).candidates[0]?.quality).toBe('guessed');
    const { body: listed } = await gateway.get<object>('/v1/models/nas/qwen3-8b');
    expect(listed).toMatchObject({ scores: [{ category: 'agent-coding', low: 0.8, n: 40 }] });
    expect((await gateway.get<object>('/v1/models/nas/nomic-embed')).body).not.toHaveProperty('scores');
    // What was measured at a host counts there, and says where it is from.
    const here = { ...score, model: 'qwen3-8b', providerId: 'tower', low: 0.3, mean: 0.4, runId: 'run-1' };
    await kv.put('evals.tower', JSON.stringify(here));
    await waitFor(async () => (await told()).scores.length === 2, { what: 'the score of the host' });
    expect((await told()).scores.find(({ providerId }) => providerId === 'tower')).toMatchObject({
      healthy: true,
      loaded: expect.any(Boolean),
    });
    const { candidates } = await explain('auto:code');
    expect(candidates.find(({ providerId }) => providerId === 'tower')).toMatchObject({
      quality: 'measured',
      terms: { quality: 0.3 },
      measured: {
        category: 'agent-coding',
        low: 0.3,
        mean: 0.4,
        high: 0.95,
        n: 40,
        by: 'a test',
        runId: 'run-1',
      },
    });
    await kv.delete('evals.tower');
    await kv.delete('qwen3');
    await waitFor(async () => (await told()).scores.length === 0, { what: 'the score to be gone' });
    expect((await explain('auto:code')).candidates[0]?.quality).toBe('guessed');
  });
});

describe('GET /v1/models', () => {
  interface Listed {
    id: string;
    providers: string[];
    policy?: { chooses: { provider: string; model: string } | null };
  }

  it('lists policies with what they would choose, bare names, and names with their provider', async () => {
    const { body: list } = await gateway.get<{ object: string; data: Listed[] }>('/v1/models');
    expect(list.object).toBe('list');
    const ids = list.data.map(({ id }) => id);
    for (const id of ['auto', 'auto:cheap', 'qwen3-8b', 'tower/qwen3-8b', 'nas/nomic-embed'])
      expect(ids).toContain(id);
    expect(list.data[0]).toMatchObject({ id: 'auto', policy: { chooses: { model: 'qwen3-8b' } } });
  });

  it('finds one of them by its name in the path', async () => {
    const { body: one } = await gateway.get<Listed>('/v1/models/nas/qwen3-8b');
    expect(one).toMatchObject({ id: 'nas/qwen3-8b', providers: ['nas'] });
    expect((await gateway.get('/v1/models/nothing')).status).toBe(404);
  });
});

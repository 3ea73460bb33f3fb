import {
  LivenessSchema,
  ModelsSchema,
  STREAM,
  subjects,
  type FactMap,
  type Provider,
} from '@boocontrol/contracts';
import { createSimService, type ListAnswer, type SimService, type SimServiceInput } from '@boocontrol/sim';
import { waitFor } from '@boocontrol/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { providerOf, QUICK } from './testing/bench.js';
import { Stage } from './testing/stage.js';

const stage = new Stage();
const services: SimService[] = [];
let count = 0;
afterEach(async () => {
  await stage.bench.unfollow();
  await Promise.all(services.splice(0).map((service) => service.close()));
});

const MODELS = [{ id: 'deepseek-chat', context_length: 131_072 }, { id: 'deepseek-reasoner' }];
const listOf = (models: readonly unknown[]): ListAnswer => ({ kind: 'list', models });

interface Followed {
  id: string;
  service: SimService;
}
async function followed(
  list: ListAnswer,
  {
    provider = {},
    input = {},
    env = {},
    timings = {},
  }: {
    provider?: Partial<Provider>;
    input?: SimServiceInput;
    env?: Record<string, string>;
    timings?: Partial<typeof QUICK>;
  } = {},
): Promise<Followed> {
  const service = await createSimService(input);
  services.push(service);
  service.list = list;
  const id = `service-${++count}`;
  const of = providerOf({ id, url: service.url }, { kind: 'openai', ...provider });
  stage.bench.follow(of, env, { ...QUICK, ...timings });
  return { id, service };
}
const liveness = (
  id: string,
  what: string,
  holds: (fact: FactMap['liveness']) => boolean,
): Promise<FactMap['liveness']> => stage.bench.until(id, 'liveness', what, holds);
const models = (
  id: string,
  what: string,
  holds: (fact: FactMap['models']) => boolean,
): Promise<FactMap['models']> => stage.bench.until(id, 'models', what, holds);
const names = ({ models: list }: FactMap['models']): string[] => list.map(({ id }) => id);

describe('a service', () => {
  it('is connected by its list, and tells its models and nothing else', async () => {
    const { id, service } = await followed(listOf(MODELS));
    const connected = await liveness(id, 'connected', ({ state }) => state === 'connected');
    expect(LivenessSchema.parse(connected)).toMatchObject({
      reason: null,
      generation: null,
      version: null,
      monitoring: 'absent',
      list: { leftOut: 0 },
    });
    const stated = ModelsSchema.parse(await models(id, 'both', (fact) => fact.models.length === 2));
    expect(stated.models[0]).toMatchObject({ id: 'deepseek-chat', state: 'unknown', contextLength: 131_072 });
    service.list = listOf([...MODELS, { id: 'new' }]);
    await models(id, 'the new one', (fact) => names(fact).includes('new'));
    for (const kind of ['request', 'inflight', 'perf', 'model-changed', 'gap'] as const)
      expect(await stage.bench.facts(id, kind)).toEqual([]);
    expect(service.asked.every(({ path }) => path === '/v1/models')).toBe(true);
  });

  it('is stated anew only when something changed', async () => {
    const { id, service } = await followed(listOf(MODELS));
    await models(id, 'both', (fact) => fact.models.length === 2);
    const before = service.asked.length;
    await waitFor(() => service.asked.length >= before + 4, { what: 'four more questions' });
    expect(await stage.bench.facts(id, 'models')).toHaveLength(1);
  });

  it.each([
    ['without its /v1', '', {}],
    ['with its /v1', '/v1', {}],
    ['with a version of its own', '/api/paas/v4', { prefix: '/api/paas/v4' }],
  ])('may be given %s', async (_how, path, input) => {
    const service = await createSimService(input);
    services.push(service);
    service.list = listOf(MODELS);
    const id = `address-${++count}`;
    stage.bench.follow(providerOf({ id, url: `${service.url}${path}` }, { kind: 'openai' }));
    await liveness(id, 'connected', ({ state }) => state === 'connected');
  });

  it('gets its key from the environment, and whoever refuses it is told in words', async () => {
    const provider = { apiKeyEnv: 'CLOUD_API_KEY' };
    const good = await followed(listOf(MODELS), {
      provider,
      input: { apiKey: 'sesame' },
      env: { CLOUD_API_KEY: 'sesame' },
    });
    await liveness(good.id, 'connected', ({ state }) => state === 'connected');
    expect(good.service.asked[0]?.headers.authorization).toBe('Bearer sesame');

    const wrong = await followed(listOf(MODELS), {
      provider,
      input: { apiKey: 'sesame' },
      env: { CLOUD_API_KEY: 'open' },
    });
    const refused = await liveness(wrong.id, 'refused', ({ reason }) => reason?.code === 'unauthorized');
    expect(refused).toMatchObject({ state: 'reconnecting', reason: { details: { status: 401 } } });
    expect(refused.reason?.message).toMatch(/refuses the API key in CLOUD_API_KEY/);
    expect(JSON.stringify(refused)).not.toContain('open"');

    const none = await followed(listOf(MODELS), { provider });
    await liveness(none.id, 'no key', ({ reason }) => reason?.code === 'api_key_missing');
    expect(none.service.asked).toEqual([]);
  });

  it('that redirects is not followed, so that its key stays with it', async () => {
    const thief = await createSimService();
    services.push(thief);
    const headers = { location: `${thief.url}/v1/models` };
    const { id } = await followed(
      { kind: 'status', status: 307, headers },
      { provider: { apiKeyEnv: 'CLOUD_API_KEY' }, env: { CLOUD_API_KEY: 'sesame' } },
    );
    const { reason } = await liveness(id, 'redirected', ({ attempt }) => attempt > 0);
    expect(reason).toMatchObject({
      code: 'bad_answer',
      message: expect.stringMatching(/redirects elsewhere \(307\)/),
    });
    expect(thief.asked).toEqual([]);
  });

  it.each([
    ['no JSON', { kind: 'text', text: '<html>Welcome</html>' }, 'bad_answer', /not JSON/],
    ['no list', { kind: 'text', text: '{"data":{}}' }, 'bad_answer', /no list of models/],
    ['nothing readable', { kind: 'text', text: '{"data":[1,{"id":""}]}' }, 'bad_answer', /no list of models/],
    ['deep JSON', { kind: 'text', text: '['.repeat(200_000) }, 'bad_answer', /./],
    ['too much', { kind: 'text', text: `"${'x'.repeat(9 * 1024 * 1024)}"` }, 'too_large', /more than/],
    ['nothing there', { kind: 'status', status: 404 }, 'not_found', /Check the address/],
    ['an error', { kind: 'status', status: 500 }, 'http_error', /answered 500/],
    ['never', { kind: 'hang' }, 'timeout', /did not answer within/],
    ['asked too often', { kind: 'status', status: 429 }, 'rate_limited', /asked too often/],
  ] as const)('that answers with %s is not connected, and why', async (_what, list, code, words) => {
    const { id, service } = await followed(list);
    const lost = await liveness(id, 'not connected', ({ reason }) => reason?.code === code);
    expect(lost.reason?.message).toMatch(words);
    expect(lost.state).not.toBe('connected');
    service.list = listOf(MODELS);
    await liveness(id, 'back by itself', ({ state }) => state === 'connected');
  });

  it('that is lost keeps its list, and is asked ever more rarely', async () => {
    const { id, service } = await followed(listOf(MODELS));
    await models(id, 'both', (fact) => fact.models.length === 2);
    service.list = { kind: 'text', text: '{"data":' };
    await liveness(id, 'lost', ({ state, attempt }) => state === 'reconnecting' && attempt > 0);
    expect(names((await stage.bench.newest(id, 'models')) as FactMap['models'])).toHaveLength(2);
  });

  it('that asks for calm is left alone for as long, and is still there', async () => {
    const { id, service } = await followed(listOf(MODELS));
    await liveness(id, 'connected', ({ state }) => state === 'connected');
    service.list = { kind: 'status', status: 429, headers: { 'retry-after': '3600' } };
    const before = service.asked.length;
    await waitFor(() => service.asked.length > before, { what: 'the question that is refused' });
    const refused = service.asked.length;
    // Another one, followed from now on, is asked often in this time.
    const other = await followed(listOf(MODELS));
    await waitFor(() => other.service.asked.length >= 5, { what: 'five questions to another one' });
    expect(service.asked.length).toBe(refused);
    expect(await stage.bench.newest(id, 'liveness')).toMatchObject({ state: 'connected' });
  });

  it('that asks for calm at first is tried again when it said', async () => {
    const { id } = await followed({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
    const { nextAttemptAt } = await liveness(id, 'refused', ({ reason }) => reason?.code === 'rate_limited');
    expect(Date.parse(nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(500_000);
  });

  it('with 5,000 models fills neither a message nor the fleet, and says what is left out', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => ({
      id: `vendor/model-${n}`,
      description: 'd'.repeat(5_00),
      context_length: 4_096,
    }));
    const { id } = await followed(listOf(many));
    const stated = await models(id, 'the first thousand', (fact) => fact.models.length > 0);
    expect(stated.models.length).toBeLessThanOrEqual(1_000);
    expect(Buffer.byteLength(JSON.stringify(stated))).toBeLessThan(900 * 1_024);
    await liveness(
      id,
      'how many are left out',
      ({ list }) => (list?.leftOut ?? 0) + stated.models.length === 5_000,
    );
  });

  it('whose list never stays the same does not fill the log', async () => {
    let turn = 0;
    const { id, service } = await followed(listOf([{ id: 'first' }]), {
      timings: { listEveryMs: 20, listRestPerKbMs: 3_600_000 },
    });
    await models(id, 'first', (fact) => names(fact).includes('first'));
    const before = service.asked.length;
    await waitFor(
      () => {
        service.list = listOf([{ id: `turn-${turn++}` }]);
        return service.asked.length > before + 10;
      },
      { what: 'ten more lists' },
    );
    expect(await stage.bench.facts(id, 'models')).toHaveLength(1);
  });

  it('with single entries that cannot be read has the others, and they are on DEAD', async () => {
    const { id } = await followed(listOf([{ id: 'good' }, { id: 7 }, 'no object']));
    const { list } = await liveness(id, 'two left out', (fact) => fact.list?.leftOut === 2);
    expect(list).toMatchObject({ leftOut: 2 });
    expect(names(await models(id, 'the good one', (fact) => fact.models.length > 0))).toEqual(['good']);
    await waitFor(
      async () => {
        const letters = JSON.stringify(
          await stage.bench.all(STREAM.dead, subjects.dead('ingest', 'bad_row')),
        );
        return letters.includes(`${id}/v1/models`);
      },
      { what: 'the letter' },
    );
  });

  it('that is switched off is not asked', async () => {
    const { id, service } = await followed(listOf(MODELS), { provider: { enabled: false } });
    await liveness(id, 'disabled', ({ state }) => state === 'disabled');
    expect(service.asked).toEqual([]);
  });
});

describe('another BooControl', () => {
  it('is asked as by a gateway, and what it can serve now is told', async () => {
    const { id, service } = await followed(
      listOf([
        { id: 'auto', providers: ['nas'], policy: { name: 'auto', description: 'Balances' } },
        { id: 'qwen3', providers: ['nas'], loaded: true, available: true, context_length: 8_192 },
        { id: 'nas/qwen3', providers: ['nas'], loaded: true, available: true, context_length: 8_192 },
        { id: 'off', providers: ['old'], loaded: false, available: false },
      ]),
      { provider: { kind: 'boocontrol-gateway' } },
    );
    const stated = await models(id, 'its models', (fact) => fact.models.length > 0);
    expect(stated.models.map(({ id: name, state, available }) => [name, state, available])).toEqual([
      ['auto', 'stopped', undefined],
      ['qwen3', 'ready', undefined],
      ['off', 'stopped', false],
    ]);
    expect(service.asked[0]?.headers['x-boo-hops']).toBe('1');
  });
});

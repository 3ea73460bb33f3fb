import { ExplainSchema, type RouteFilter } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import type { Choice, Grant, Refusal } from '../inference/parts.js';
import { aModel, anAsk, aPolicy, aWorld, NOW_MS, type WorldGiven } from '../testing/routing-world.js';
import { decide } from './decide.js';

type AskOver = Parameters<typeof anAsk>[1];

function chosen(given: WorldGiven, model: string, over?: AskOver): Choice {
  const decision = decide(aWorld(given), anAsk(model, over), NOW_MS);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return decision.choice;
}
function refused(given: WorldGiven, model: string, over?: AskOver): Refusal {
  const decision = decide(aWorld(given), anAsk(model, over), NOW_MS);
  if (decision.ok) throw new Error(`chose ${decision.choice.targets[0]?.providerId}`);
  return decision.refusal;
}
const places = ({ targets }: Choice): string[] =>
  targets.map(({ providerId, model }) => `${providerId}/${model}`);

const LEASE = { holder: 'anna', purpose: 'bench: speed', fencingToken: '1.7' };
const ago = (ms: number): string => instantFromMs(NOW_MS - ms);
const only = (allowed: string): Grant => ({
  keyId: 'k',
  label: 'k',
  allows: (provider, model) => `${provider}/${model}` === allowed,
});

/** Each filter, on the host `sick` beside one that could be chosen. */
const FILTERS: readonly [filter: RouteFilter, given: Partial<WorldGiven>, over: AskOver, why: RegExp][] = [
  [
    'offline',
    { hosts: { sick: { models: ['m'], liveness: { state: 'down', attempt: 4 } } } },
    {},
    /sick is not connected/,
  ],
  ['offline', { hosts: { sick: { models: ['m'], liveness: null } } }, {}, /has not been reached yet/],
  [
    'offline',
    { hosts: { sick: { models: ['m'], problem: 'The environment variable X_API_KEY is not set.' } } },
    {},
    /X_API_KEY is not set/,
  ],
  [
    'unhealthy',
    { hosts: { sick: { models: ['m'] } }, open: { 'sick/m': NOW_MS + 12_000 } },
    {},
    /failed too often.*again in 12 s/,
  ],
  [
    'disabled',
    { hosts: { sick: { models: ['m'], provider: { enabled: false } } } },
    {},
    /sick is switched off/,
  ],
  [
    'maintenance',
    { hosts: { sick: { models: ['m'], provider: { maintenance: { since: ago(0), note: 'new fan' } } } } },
    {},
    /in maintenance \(new fan\)/,
  ],
  [
    'maintenance',
    {
      hosts: {
        sick: { models: ['m'], provider: { maintenance: { since: ago(9_000), note: null, until: ago(-1) } } },
      },
    },
    {},
    /in maintenance until \d{4}-\d\d-\d\dT\d\d:\d\dZ\./,
  ],
  ['leased', { hosts: { sick: { models: ['m'], lease: LEASE } } }, {}, /anna has sick for “bench: speed”/],
  [
    'load_failed',
    { hosts: { sick: { models: [aModel('m', { state: 'stopped', failedAt: ago(60_000) })] } } },
    {},
    /last load of m on sick failed 60 s ago/,
  ],
  [
    'context_too_long',
    { hosts: { sick: { models: [aModel('m', { contextLength: 2_048 })] } } },
    { requestBytes: 8_000, maxTokens: 100 },
    /about 2100 tokens, m on sick has 2048/,
  ],
  [
    'capability_missing',
    { hosts: { sick: { models: ['m-embed'] } } },
    {},
    /m-embed is not made for this \(chat\)/,
  ],
  ['key_forbidden', { hosts: { sick: { models: ['m'] } } }, { grant: only('well/w') }, /does not allow m on/],
  ['policy_excludes', { hosts: { sick: { models: ['m'] } }, hidden: ['sick'] }, {}, /sick is hidden/],
  ['policy_excludes', { hosts: { sick: { models: ['m'] } }, hidden: ['sick/m'] }, {}, /m on sick is hidden/],
];

describe('a candidate is left out', () => {
  it.each(FILTERS)('%s, and it is said why', (filter, { hosts, ...rest }, over, why) => {
    const choice = chosen({ ...rest, hosts: { ...hosts, well: { models: ['w'] } } }, 'auto', over);
    expect(places(choice)).toEqual(['well/w']);
    expect(choice.candidates.map((each) => each.filter)).toEqual([null, filter]);
    expect(choice.candidates[1]?.why).toMatch(why);
  });

  it('by a policy: its providers, its tags, its models', () => {
    const hosts = {
      a: { models: ['qwen3', 'llama'], provider: { tags: ['gpu'] } },
      b: { models: ['qwen3'], provider: { tags: ['cpu'] } },
    };
    const by = (over: Parameters<typeof aPolicy>[1]): string[] =>
      places(chosen({ hosts, policies: [aPolicy('own', over)] }, 'auto:own')).sort();
    expect(by({})).toEqual(['a/llama', 'a/qwen3', 'b/qwen3']);
    expect(by({ providers: ['b'] })).toEqual(['b/qwen3']);
    expect(by({ tags: ['gpu', 'other'] })).toEqual(['a/llama', 'a/qwen3']);
    expect(by({ models: ['qwen*'] })).toEqual(['a/qwen3', 'b/qwen3']);
  });
});

describe('how long a request is', () => {
  const hosts = { a: { models: [aModel('m', { contextLength: 2_000 })] } };
  it('is told by the model’s own bytes a token, where these were measured', () => {
    const over = { requestBytes: 9_000 };
    expect(refused({ hosts }, 'auto', over).code).toBe('context_too_long');
    expect(places(chosen({ hosts, bytesPerToken: { m: 5 } }, 'auto', over))).toEqual(['a/m']);
    const refusal = refused({ hosts, bytesPerToken: { m: 2 } }, 'auto', { requestBytes: 4_200 });
    expect(refusal.candidates[0]?.why).toMatch(/about 2100 tokens/);
  });
});

describe('what a host takes at once', () => {
  const slots = (...models: (ReturnType<typeof aModel> | string)[]): number | undefined =>
    chosen({ hosts: { a: { models } } }, 'auto').targets[0]?.slots;
  it('is what its loaded models take together, and 4 where none tells', () => {
    expect(slots('m')).toBe(4);
    expect(slots(aModel('m', { slots: 2 }))).toBe(2);
    expect(slots(aModel('m', { slots: 2 }), aModel('n', { slots: 1 }), 'o')).toBe(7);
    expect(slots(aModel('m', { slots: 2 }), aModel('n', { slots: 9, state: 'stopped' }))).toBe(2);
    expect(slots(aModel('m', { slots: 2, state: 'stopped' }))).toBe(4);
  });
});

describe('a candidate stays', () => {
  it('whose host ingest is only just connecting to', () => {
    const hosts = { a: { models: ['m'], liveness: { state: 'connecting' as const, attempt: 0 } } };
    expect(places(chosen({ hosts }, 'auto'))).toEqual(['a/m']);
  });
  it('for whoever holds the lease', () => {
    const hosts = { a: { models: ['m'], lease: LEASE } };
    expect(places(chosen({ hosts }, 'auto', { leaseToken: '1.7' }))).toEqual(['a/m']);
    expect(refused({ hosts }, 'a/m', { leaseToken: '1.6' }).code).toBe('host_leased');
  });
  it('when its load failed long ago, or it is ready again', () => {
    const failed = { state: 'stopped', failedAt: ago(600_000) } as const;
    expect(places(chosen({ hosts: { a: { models: [aModel('m', failed)] } } }, 'auto'))).toEqual(['a/m']);
  });
  it('when pictures make the body large', () => {
    const hosts = { a: { models: [aModel('vl', { contextLength: 2_048, capabilities: ['vision'] })] } };
    const over = { requestBytes: 4_000_000, needs: new Set(['chat', 'vision'] as const) };
    expect(places(chosen({ hosts }, 'auto', over))).toEqual(['a/vl']);
  });
  it('behind all that are known to be able to', () => {
    const slow = aModel('tooled', { state: 'stopped', capabilities: ['tools'] });
    const hosts = { a: { models: [aModel('fast-70b'), slow] } };
    const over = { needs: new Set(['chat', 'tools'] as const) };
    expect(places(chosen({ hosts }, 'auto', over))).toEqual(['a/tooled', 'a/fast-70b']);
  });
});

describe('a model on a provider', () => {
  const hosts = {
    tower: { models: ['m', 'org/big'] },
    nas: { models: ['m', aModel('other', { aliases: ['alias'] })] },
    off: { models: ['m'], provider: { enabled: false } },
    down: { models: ['m'], liveness: { state: 'down' as const } },
    busy: { models: ['m'], provider: { maintenance: { since: ago(0), note: null } } },
    soon: {
      models: ['soon'],
      provider: { maintenance: { since: ago(0), note: null, until: ago(-30_000) } },
    },
    back: { models: ['back'], provider: { maintenance: { since: ago(9_000), note: null, until: ago(0) } } },
    cloud: { provider: { kind: 'openai' as const }, liveness: null },
  };
  it('is asked there and nowhere else, without a score', () => {
    const choice = chosen({ hosts }, 'tower/org/big');
    expect(places(choice)).toEqual(['tower/org/big']);
    expect(choice).toMatchObject({ policy: null, attempts: 3, firstByteMs: 600_000 });
    expect(choice.candidates).toEqual([
      { providerId: 'tower', model: 'org/big', filter: null, why: null, score: null, terms: null },
    ]);
    expect(places(chosen({ hosts }, 'nas/alias'))).toEqual(['nas/other']);
  });
  it.each([
    ['tower/nothing', 'model_not_found', 404],
    ['off/m', 'provider_disabled', 409],
    ['down/m', 'provider_offline', 503],
    ['down/unknown', 'provider_offline', 503],
    ['busy/m', 'provider_disabled', 409],
    ['nowhere/m', 'model_not_found', 404],
    ['auto:nothing', 'model_not_found', 404],
    ['nothing', 'model_not_found', 404],
  ])('%s is refused: %s', (name, code, status) =>
    expect(refused({ hosts }, name)).toMatchObject({ code, status }),
  );
  it('is asked there again when the maintenance is over, and the refusal says when that is', () => {
    expect(places(chosen({ hosts }, 'back/back'))).toEqual(['back/back']);
    expect(refused({ hosts }, 'soon/soon')).toMatchObject({ code: 'provider_disabled', retryAfterS: 30 });
  });
  it('behind another BooControl is asked for there, its policies too, unless it says that it cannot', () => {
    const behind = {
      site: {
        models: ['far', aModel('off', { state: 'stopped', available: false }), 'auto:code'],
        provider: { kind: 'boocontrol-gateway' as const },
      },
    };
    const policies = [aPolicy('auto')];
    expect(places(chosen({ hosts: behind }, 'site/auto:code'))).toEqual(['site/auto:code']);
    expect(places(chosen({ hosts: behind }, 'site/nas/far'))).toEqual(['site/nas/far']);
    expect(places(chosen({ hosts: behind, policies }, 'auto'))).toEqual(['site/far']);
    expect(refused({ hosts: behind }, 'off')).toMatchObject({
      code: 'provider_offline',
      message: 'site says that it cannot serve off now.',
      retryAfterS: 10,
    });
  });
  it('of a service is asked for without being listed', () => {
    expect(chosen({ hosts }, 'cloud/deepseek-chat').targets).toMatchObject([
      { kind: 'openai', model: 'deepseek-chat', slots: 64, isLoaded: true },
    ]);
    expect(refused({ hosts }, 'cloud/deepseek-chat', { grant: only('a/b') }).code).toBe('key_forbidden');
    const open = { 'cloud/deepseek-chat': NOW_MS + 3_000 };
    expect(refused({ hosts, open }, 'cloud/deepseek-chat')).toMatchObject({
      code: 'provider_unhealthy',
      retryAfterS: 3,
    });
  });
  it('may be tried although it is too long, or its load failed: the host itself says so', () => {
    const failing = aModel('m', { contextLength: 100, state: 'stopped', failedAt: ago(1_000) });
    const given = { hosts: { a: { models: [failing] } } };
    expect(places(chosen(given, 'a/m', { requestBytes: 9_000 }))).toEqual(['a/m']);
    expect(places(chosen(given, 'm', { requestBytes: 9_000 }))).toEqual(['a/m']);
    expect(refused(given, 'auto', { requestBytes: 9_000 })).toMatchObject({
      code: 'context_too_long',
      status: 400,
    });
  });
});

describe('a bare model', () => {
  it('goes where it is loaded, then where least is under way', () => {
    const cold = aModel('m', { state: 'stopped' });
    const hosts = {
      cold: { models: [cold] },
      busy: { models: ['m'], inFlight: 4 },
      idle: { models: ['m'], inFlight: 1 },
      other: { models: ['n', aModel('alias-of', { aliases: ['m'] })], inFlight: 2 },
    };
    expect(places(chosen({ hosts }, 'm'))).toEqual(['idle/m', 'other/alias-of', 'busy/m', 'cold/m']);
  });
  it('is told when all that have it are out, and what would change that', () => {
    const down = { models: ['m'], liveness: { state: 'down' as const } };
    const leased = { models: ['m'], lease: LEASE };
    expect(refused({ hosts: { a: down, b: down } }, 'm')).toMatchObject({
      code: 'provider_offline',
      retryAfterS: 10,
      message: expect.stringContaining('2 × offline'),
    });
    expect(refused({ hosts: { a: down, b: leased } }, 'm')).toMatchObject({
      code: 'no_candidate',
      status: 503,
      retryAfterS: 10,
      message: expect.stringContaining('1 × offline, 1 × leased'),
    });
  });
});

describe('a policy', () => {
  it('says when a second host is asked, but not for whoever holds a lease or names a model', () => {
    const hosts = { a: { models: ['m'] } };
    const policies = [aPolicy('own', { hedgeAfterMs: 400 }), aPolicy('never')];
    const hedgeOf = (model: string, over?: AskOver): number | null =>
      chosen({ hosts, policies }, model, over).hedgeAfterMs;
    expect(hedgeOf('auto:own')).toBe(400);
    expect(hedgeOf('auto:own', { leaseToken: '1.7' })).toBeNull();
    expect([hedgeOf('auto:never'), hedgeOf('a/m'), hedgeOf('m')]).toEqual([null, null, null]);
  });
  it('says how long all of it may take, and need not', () => {
    const hosts = { a: { models: ['m'] } };
    const budgetOf = (budgetS: number | null): number | null =>
      chosen({ hosts, policies: [aPolicy('own', { budgetS })] }, 'auto:own').budgetMs;
    expect([budgetOf(20), budgetOf(null), chosen({ hosts }, 'a/m').budgetMs]).toEqual([20_000, null, null]);
  });
  it('that nobody can serve is refused with every candidate and its reason', () => {
    const { candidates, policy } = refused({ hosts: { a: { models: ['m', 'n'], lease: LEASE } } }, 'auto');
    expect(candidates.map(({ filter }) => filter)).toEqual(['leased', 'leased']);
    expect(policy?.name).toBe('auto');
    expect(refused({ hosts: {} }, 'auto')).toMatchObject({ code: 'no_candidate', retryAfterS: null });
    expect(refused({ hosts: { a: { models: ['m'] } }, hidden: ['a'] }, 'auto').code).toBe('no_candidate');
  });
  it('stays with the host of a session until that is full', () => {
    const last = { s: { providerId: 'b', model: 'm' } };
    const at = (inFlight: number): string | undefined =>
      places(
        chosen({ hosts: { a: { models: ['m'] }, b: { models: ['m'], inFlight } }, last }, 'auto', {
          session: 's',
        }),
      )[0];
    expect([at(0), at(2), at(4)]).toEqual(['b/m', 'b/m', 'a/m']);
  });
  it('prefers what is measured to be faster, and what was not measured to be slow', () => {
    const hosts = { a: { models: ['m'] }, b: { models: ['m'] }, c: { models: ['m'] } };
    const figures = { 'a/m': { genTps: 3 }, 'b/m': { genTps: 90 } };
    const choice = chosen({ hosts, figures }, 'auto');
    expect(places(choice)).toEqual(['b/m', 'c/m', 'a/m']);
  });
  it('leaves out what costs more than it takes, and services of which nobody knows what they cost', () => {
    const models = [{ match: 'deepseek-*', input: 0.3, output: 1.1 }];
    const cloud = { kind: 'openai' as const, prices: { currency: 'USD' as const, models } };
    const hosts = {
      own: { models: ['m'] },
      cloud: { models: ['deepseek-chat', 'other'], provider: cloud },
      dear: {
        models: ['m'],
        provider: { prices: { currency: 'USD' as const, default: { input: 1, output: 3 } } },
      },
    };
    const at = (maxPrice: number | null): Choice =>
      chosen({ hosts, policies: [aPolicy('own', { maxPrice })] }, 'auto:own');
    expect(places(at(null)).length).toBe(4);
    expect(places(at(3)).sort()).toEqual(['cloud/deepseek-chat', 'dear/m', 'own/m']);
    const { candidates, targets } = at(1);
    expect(targets.map(({ providerId }) => providerId)).toEqual(['own']);
    expect(candidates.slice(1).map(({ filter, why }) => [filter, why])).toEqual([
      [
        'too_expensive',
        'The price of deepseek-chat on cloud is $1.1 for a million tokens; auto:own takes at most $1.',
      ],
      [
        'too_expensive',
        'The price of other on cloud is not known for a million tokens; auto:own takes at most $1.',
      ],
      ['too_expensive', 'The price of m on dear is $3 for a million tokens; auto:own takes at most $1.'],
    ]);
    const refusal = refused(
      { hosts: { cloud: hosts.cloud }, policies: [aPolicy('own', { maxPrice: 0 })] },
      'auto:own',
    );
    expect(refusal).toMatchObject({ code: 'no_candidate', retryAfterS: null });
  });
  it('weighs prices: own hosts, another gateway, then services, the cheaper first', () => {
    const priced = (output: number): { currency: 'USD'; default: { input: number; output: number } } => ({
      currency: 'USD',
      default: { input: output / 4, output },
    });
    const openai = 'openai' as const;
    const hosts = {
      a: { models: ['m'], provider: { kind: openai } },
      b: { models: ['m'], provider: { kind: openai, prices: priced(10) } },
      c: { models: ['m'], provider: { kind: openai, prices: priced(0) } },
      d: { models: ['m'], provider: { kind: 'boocontrol-gateway' as const } },
      e: { models: ['m'] },
      f: { models: ['m'], provider: { frontier: true } },
    };
    const weights = { quality: 0, speed: 0, readiness: 0, load: 0, affinity: 0, price: 1 };
    const { candidates } = chosen({ hosts, policies: [aPolicy('own', { weights })] }, 'auto:own');
    expect(candidates.map(({ providerId }) => providerId)).toEqual(['e', 'd', 'c', 'b', 'a', 'f']);
  });
  it('counts the time to the first token as part of the speed', () => {
    const hosts = { a: { models: ['m'] }, b: { models: ['m'] } };
    const figures = { 'a/m': { genTps: 60, ttftMs: 9_000 }, 'b/m': { genTps: 50, ttftMs: 200 } };
    const choice = chosen({ hosts, figures }, 'auto');
    expect(places(choice)).toEqual(['b/m', 'a/m']);
    // 0.2 s and 200 tokens at 50 a second are 4.2 s; 5 s are 0.5.
    expect(choice.candidates[0]?.terms?.speed).toBeCloseTo(5 / (5 + 4.2), 9);
  });
  it('counts what a load takes, and what it would evict', () => {
    const cold = (id: string): ReturnType<typeof aModel> => aModel(id, { state: 'stopped' });
    const starting = aModel('m', { state: 'starting', since: ago(55_000) });
    const weights = { quality: 0, speed: 0, readiness: 1, load: 0, affinity: 0, price: 0 };
    const given = {
      hosts: {
        empty: { models: [cold('m')] },
        slow: { models: [cold('m')] },
        soon: { models: [starting] },
        used: { models: [cold('m'), 'x'], inFlight: 1 },
      },
      figures: { 'slow/m': { loadMs: 300_000 }, 'soon/m': { loadMs: 60_000 } },
      policies: [aPolicy('own', { weights, models: ['m'] })],
    };
    expect(places(chosen(given, 'auto:own'))).toEqual(['soon/m', 'empty/m', 'used/m', 'slow/m']);
  });
  it('tells at most 64 candidates, and fits what is published', () => {
    const hosts = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `h${n}`,
        { models: ['a', 'b', 'c'], ...(n > 10 ? { lease: LEASE } : {}) },
      ]),
    );
    const { candidates, targets, policy } = chosen({ hosts }, 'auto');
    expect([candidates.length, targets.length]).toEqual([64, 33]);
    expect(() => ExplainSchema.parse({ policy, candidates, choice: null, error: null })).not.toThrow();
  });
});

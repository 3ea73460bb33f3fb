import type { Provider, RoutePolicyInput, RouteTerms } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../routing/decide.js';
import { guessQuality } from '../routing/prior.js';
import {
  aModel,
  anAsk,
  aPolicy,
  aWorld,
  NOW_MS,
  type HostGiven,
  type WorldGiven,
} from '../testing/routing-world.js';
import { redecide, type Redecision } from './redecide.js';
import type { Question, Past } from './standings.js';

const HOSTS = ['a', 'b', 'c', 'd'];
const MODELS = ['qwen3-30b-a3b', 'llama-70b-q4_k_m', 'tiny-1b', 'nomic-embed', 'auto:theirs'];
const TAGS = ['gpu', 'slow'];

const share = fc.oneof(
  fc.constantFrom(0, 0.5, 1),
  fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }),
);
const weights: fc.Arbitrary<RouteTerms> = fc.record({
  quality: share,
  speed: share,
  readiness: share,
  load: share,
  affinity: share,
  price: share,
});
const some = (of: readonly string[]): fc.Arbitrary<string[]> =>
  fc.oneof(fc.constant<string[]>([]), fc.uniqueArray(fc.constantFrom(...of), { maxLength: 3 }));
const rules = fc.record({
  weights,
  category: fc.constantFrom(null, 'agent-coding'),
  providers: some(HOSTS),
  tags: some(TAGS),
  models: some(['*b*', 'qwen*', 'llama-70b-q4_k_m']),
  maxPrice: fc.constantFrom(null, 0, 2, 5),
});
const host: fc.Arbitrary<HostGiven> = fc.record({
  models: fc.uniqueArray(
    fc
      .record({
        id: fc.constantFrom(...MODELS),
        state: fc.constantFrom('ready' as const, 'stopped' as const),
        contextLength: fc.constantFrom(50, 32_768),
        capabilities: fc.constantFrom<string[]>([], ['tools']),
      })
      .map(({ id, ...over }) => aModel(id, over)),
    { selector: ({ id }) => id, maxLength: 4 },
  ),
  inFlight: fc.nat(4),
  provider: fc.record({
    kind: fc.constantFrom('llama-swap' as const, 'openai' as const, 'boocontrol-gateway' as const),
    tags: some(TAGS),
    enabled: fc.boolean(),
    prices: fc.constantFrom(undefined, { currency: 'USD' as const, default: { input: 1, output: 3 } }),
  }),
});
const fleet: fc.Arbitrary<WorldGiven> = fc.record({
  hosts: fc.dictionary(fc.constantFrom(...HOSTS), host, { minKeys: 1 }),
  quality: fc.dictionary(fc.constantFrom(...MODELS), fc.record({ low: share })),
  figures: fc.dictionary(fc.constantFrom('a/tiny-1b', 'b/qwen3-30b-a3b'), fc.record({ genTps: fc.nat(200) })),
  hidden: some(['a', 'b/tiny-1b']),
});

type Rules = Partial<RoutePolicyInput>;
interface Case {
  given: WorldGiven;
  from: Rules;
  to: Rules;
  /** What is known of the time besides the record. */
  known: { providers: boolean; scores: boolean };
}

const decided = (given: WorldGiven, by: Rules): Decision =>
  decide(
    aWorld({ ...given, policies: [aPolicy('auto', by)] }),
    anAsk('auto', { needs: new Set(['chat', 'tools']) }),
    NOW_MS,
  );

function questionOf({ given, from, to, known }: Case): Question {
  const world = aWorld(given);
  const decision = decided(given, from);
  const past: Past = {
    provider: (id): Provider | null =>
      (known.providers ? world.providers.find(({ provider }) => provider.id === id)?.provider : null) ?? null,
    quality: (model, category, id) =>
      known.scores ? (world.quality(model, category, id)?.low ?? guessQuality(model)) : null,
  };
  return {
    candidates: decision.ok ? decision.choice.candidates : decision.refusal.candidates,
    rules: aPolicy('auto', from),
    draft: aPolicy('auto', to),
    past,
  };
}

const placeOf = (of: { providerId: string; model: string } | null | undefined): string | null =>
  of == null ? null : `${of.providerId}/${of.model}`;
const firstOf = (decision: Decision): string | null =>
  placeOf(decision.ok ? decision.choice.targets[0] : null);

/** Whatever it says with certainty is what would have been. */
function expectTrue(redecision: Redecision, { given, from, to }: Case): void {
  const [was, wouldBe] = [firstOf(decided(given, from)), firstOf(decided(given, to))];
  if (redecision.is === 'same') expect(wouldBe).toBe(was);
  if (redecision.is !== 'otherwise') return;
  const { change } = redecision;
  expect(placeOf(change.was)).toBe(was);
  expect(wouldBe).not.toBe(was);
  if (change.becomes === 'other') expect(placeOf(change.wouldBe)).toBe(wouldBe);
  if (change.becomes === 'nobody') expect(wouldBe).toBeNull();
}

const cases = fc.record({
  given: fleet,
  from: rules,
  to: rules,
  known: fc.record({ providers: fc.boolean(), scores: fc.boolean() }),
});

describe('a policy held against a record', () => {
  it('never says of any draft what would not have been', () => {
    let told = 0;
    fc.assert(
      fc.property(cases, (one) => {
        const redecision = redecide(questionOf(one));
        expectTrue(redecision, one);
        if (redecision.is === 'otherwise') told++;
      }),
      { numRuns: 1_500 },
    );
    expect(told).toBeGreaterThan(50);
  });

  it('never does of records from before it was noted what a candidate is known to be able to do', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const question = questionOf(one);
        const candidates = question.candidates.map(({ isSure: _isSure, ...rest }) => rest);
        expectTrue(redecide({ ...question, candidates }), one);
      }),
      { numRuns: 800 },
    );
  });

  it('chooses the same when it is the same, whatever the fleet was and whatever is known of it', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const to = { ...one.from, description: 'other words', attempts: 1, firstByteS: 5 };
        expect(redecide(questionOf({ ...one, to }))).toEqual({ is: 'same' });
      }),
    );
  });

  it('is told of every request when only the weights differ', () => {
    fc.assert(
      fc.property(cases, weights, (one, each) => {
        expect(redecide(questionOf({ ...one, to: { ...one.from, weights: each } })).is).not.toBe('untold');
      }),
    );
  });

  it('is told of every request that leaves nothing new in, when the hosts are still what they were', () => {
    fc.assert(
      fc.property(cases, some(['a', 'b']), (one, providers) => {
        const from = { ...one.from, providers: [], tags: [], models: [], maxPrice: null };
        const to = { ...from, providers, tags: one.to.tags ?? [], maxPrice: one.to.maxPrice ?? null };
        const known = { ...one.known, providers: true };
        expect(redecide(questionOf({ ...one, from, to, known })).is).not.toBe('untold');
      }),
    );
  });
});

describe('a full record', () => {
  /** More models than a record holds, and what comes after the last one of it is not known. */
  const many = fc
    .array(fc.record({ low: share, genTps: fc.nat(200), inFlight: fc.nat(3) }), {
      minLength: 70,
      maxLength: 80,
    })
    .map((all): WorldGiven => {
      const names = all.map((_, index) => `m${index}`);
      return {
        hosts: { a: { models: names.map((id) => aModel(id, { capabilities: ['tools'] })) } },
        quality: Object.fromEntries(all.map(({ low }, index) => [`m${index}`, { low }])),
        figures: Object.fromEntries(all.map(({ genTps }, index) => [`a/m${index}`, { genTps }])),
      };
    });

  it('never says what would not have been', () => {
    let told = 0;
    fc.assert(
      fc.property(many, weights, weights, fc.boolean(), (given, from, to, isNear) => {
        const near = { ...from, quality: Math.min(1, from.quality + 0.05) };
        const one: Case = {
          given,
          from: { weights: from },
          to: { weights: isNear ? near : to },
          known: { providers: true, scores: true },
        };
        const redecision = redecide(questionOf(one));
        expectTrue(redecision, one);
        if (redecision.is !== 'untold') told++;
      }),
      { numRuns: 300 },
    );
    expect(told).toBeGreaterThan(20);
  });
});

import type { Model, RouteCandidate, RouteTerms } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aModel,
  anAsk,
  aPolicy,
  aWorld,
  NOW_MS,
  type HostGiven,
  type WorldGiven,
} from '../testing/routing-world.js';
import { decide, type Decision } from './decide.js';
import { PRIOR_MAX } from './prior.js';
import type { LastPlace } from './world.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const weights: fc.Arbitrary<RouteTerms> = fc.record({
  quality: share,
  speed: share,
  readiness: share,
  load: share,
  affinity: share,
  price: share,
});
const MODELS = ['qwen3-30b-a3b', 'llama-70b-q4_k_m', 'tiny-1b', 'nomic-embed', 'deepseek'];
const HOSTS = ['a', 'b', 'c', 'd'];
const PLACES = HOSTS.flatMap((host) => MODELS.map((model) => `${host}/${model}`));

const model: fc.Arbitrary<Model> = fc
  .record({
    id: fc.constantFrom(...MODELS),
    state: fc.constantFrom('ready', 'stopped', 'starting', 'stopping', 'unknown'),
    contextLength: fc.constantFrom(null, 50, 32_768),
    failedAt: fc.constantFrom(null, '2026-11-21T11:59:00.000000Z', '2026-11-21T09:00:00.000000Z'),
    since: fc.constantFrom(null, '2026-11-21T11:59:30.000000Z'),
  })
  .map(({ id, ...over }) => aModel(id, over as Partial<Model>));
const host: fc.Arbitrary<HostGiven> = fc.record({
  models: fc.uniqueArray(model, { selector: ({ id }) => id, maxLength: 4 }),
  inFlight: fc.nat(6),
  provider: fc.record({
    enabled: fc.boolean(),
    kind: fc.constantFrom('llama-swap', 'openai', 'boocontrol-gateway'),
    prices: fc.constantFrom(
      undefined,
      { currency: 'USD' as const, default: { input: 1, output: 3 } },
      { currency: 'USD' as const, models: [{ match: '*q*', input: 0.1, output: 0.4 }] },
    ),
  }),
  liveness: fc.constantFrom(null, {}, { state: 'down' as const }),
});
const world: fc.Arbitrary<WorldGiven> = fc.record({
  hosts: fc.dictionary(fc.constantFrom(...HOSTS), host, { minKeys: 1 }),
  policies: fc
    .tuple(weights, fc.constantFrom(null, 0, 1))
    .map(([each, maxPrice]) => [aPolicy('auto', { weights: each, maxPrice })]),
  figures: fc.dictionary(
    fc.constantFrom(...PLACES),
    fc.record({
      genTps: fc.option(fc.nat(300)),
      ttftMs: fc.option(fc.nat(60_000)),
      loadMs: fc.option(fc.nat(400_000)),
    }),
  ),
  quality: fc.dictionary(fc.constantFrom(...MODELS), fc.record({ low: share })),
  open: fc.dictionary(fc.constantFrom(...PLACES), fc.constant(NOW_MS + 1_000)),
  last: fc.constantFrom<Record<string, LastPlace>>({}, { s: { providerId: 'a', model: MODELS[0] ?? '' } }),
});
const asked = fc.constantFrom('auto', ...MODELS, ...PLACES);

const run = (given: WorldGiven, name: string): Decision =>
  decide(aWorld(given), anAsk(name, { session: 's' }), NOW_MS);
const candidates = (decision: Decision): readonly RouteCandidate[] =>
  decision.ok ? decision.choice.candidates : decision.refusal.candidates;

describe('every decision', () => {
  it('is the same for the same fleet, in whatever order its models are told', () => {
    fc.assert(
      fc.property(world, asked, (given, name) => {
        const turned = Object.fromEntries(
          Object.entries(given.hosts)
            .reverse()
            .map(([id, each]) => [id, { ...each, models: [...(each.models ?? [])].reverse() }]),
        );
        const [one, other] = [run(given, name), run({ ...given, hosts: turned }, name)];
        expect(other.ok).toBe(one.ok);
        if (one.ok && other.ok) expect(other.choice.targets).toEqual(one.choice.targets);
      }),
    );
  });

  it('gives a reason for each candidate that is left out, and a score of 0 to 1 to the others, best first', () => {
    fc.assert(
      fc.property(world, asked, (given, name) => {
        const decision = run(given, name);
        const all = decision.ok ? decision.choice.candidates : decision.refusal.candidates;
        const scored = all.filter(({ score }) => score !== null);
        for (const { filter, why, score, terms } of all) {
          if (filter !== null) {
            expect(why).toMatch(/^\S.*\.$/s);
            expect([score, terms]).toEqual([null, null]);
          }
          for (const value of [score, ...Object.values(terms ?? {})]) {
            if (value === null) continue;
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
        // All are asked for the same, and chat is something that every model of these can or cannot do.
        expect(scored.map(({ score }) => score)).toEqual(
          scored.map(({ score }) => score).sort((a, b) => (b ?? 0) - (a ?? 0)),
        );
        if (!decision.ok) {
          expect(decision.refusal.message).not.toBe('');
          return;
        }
        const { targets } = decision.choice;
        expect(targets.length).toBeGreaterThan(0);
        targets.forEach(({ providerId, model: id }, index) =>
          expect(all[index]).toMatchObject({ providerId, model: id, filter: null }),
        );
      }),
    );
  });

  it('for a model of a provider never names another provider', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...PLACES), (given, place) => {
        const named = place.slice(0, place.indexOf('/'));
        for (const { providerId } of candidates(run(given, place))) expect(providerId).toBe(named);
      }),
    );
  });
});

describe('more load', () => {
  it('never raises the rank of a host, whatever the policy weighs', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...HOSTS), fc.integer({ min: 1, max: 5 }), (given, id, more) => {
        const before = given.hosts[id];
        if (before === undefined) return;
        const busier = { ...given.hosts, [id]: { ...before, inFlight: (before.inFlight ?? 0) + more } };
        const ranks = (one: WorldGiven): Map<string, number> =>
          new Map(
            candidates(run(one, 'auto')).map((each, index) => [`${each.providerId}/${each.model}`, index]),
          );
        const scores = (one: WorldGiven): Map<string, number> => {
          const decision = run(one, 'auto');
          const all = decision.ok ? decision.choice.candidates : [];
          return new Map(all.map((each) => [`${each.providerId}/${each.model}`, each.score ?? 0]));
        };
        const [was, is, wasRank, isRank] = [
          scores(given),
          scores({ ...given, hosts: busier }),
          ranks(given),
          ranks({ ...given, hosts: busier }),
        ];
        for (const [place, score] of is) {
          if (!place.startsWith(`${id}/`)) expect(score).toBe(was.get(place));
          else expect(score).toBeLessThanOrEqual(was.get(place) ?? 0);
        }
        // Against models of other hosts: those that were before it still are.
        for (const [place, rank] of isRank)
          for (const [other, otherRank] of isRank)
            if (place.startsWith(`${id}/`) && !other.startsWith(`${id}/`))
              if ((wasRank.get(other) ?? 0) < (wasRank.get(place) ?? 0)) expect(otherRank).toBeLessThan(rank);
      }),
    );
  });
});

describe('a host that was measured to be faster', () => {
  it('is never weighed less: more tokens a second, or the first of them sooner', () => {
    const figure = fc.record({ genTps: fc.integer({ min: 1, max: 300 }), ttftMs: fc.nat(60_000) });
    fc.assert(
      fc.property(figure, fc.nat(100), fc.nat(5_000), (slower, tps, ms) => {
        const faster = { genTps: slower.genTps + tps, ttftMs: Math.max(0, slower.ttftMs - ms) };
        const decision = run(
          {
            hosts: { a: { models: ['m'] }, b: { models: ['m'] } },
            figures: { 'a/m': slower, 'b/m': faster },
          },
          'auto',
        );
        const speeds = new Map(
          candidates(decision).map((each) => [each.providerId, each.terms?.speed ?? -1]),
        );
        expect(speeds.get('b')).toBeGreaterThanOrEqual(speeds.get('a') ?? 1);
      }),
    );
  });
});

describe('a model that was never measured', () => {
  it('does not come before one that was measured to be good, all else being equal', () => {
    const name = fc.constantFrom('giant-1000b', 'x-405b-f16', 'mixtral-8x22b', 'unnamed');
    const good = fc.double({ min: PRIOR_MAX, max: 1, noNaN: true });
    const own = weights.filter(({ quality }) => quality > 0.01);
    fc.assert(
      fc.property(name, good, own, fc.nat(4), (unmeasured, low, each, inFlight) => {
        const decision = run(
          {
            hosts: { a: { models: [unmeasured, 'zz-measured'], inFlight } },
            policies: [aPolicy('auto', { weights: each })],
            quality: { 'zz-measured': { low } },
          },
          'auto',
        );
        const [first, second] = decision.ok ? decision.choice.candidates : [];
        if (first?.score !== second?.score) expect(first?.model).toBe('zz-measured');
        expect(first?.score).toBeGreaterThanOrEqual(second?.score ?? 1);
      }),
    );
  });
});

import type { Fact, HostState } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFact,
  applyToFleet,
  emptyFleet,
  emptyHost,
  mergeFleet,
  mergeHost,
  seedHost,
  sliceOf,
} from './fold.js';
import { instantFromMs } from './time.js';

const instant = fc.integer({ min: 1_760_000_000_000, max: 1_760_000_600_000 }).map(instantFromMs);
const providerId = fc.constantFrom('tower', 'nas');
const model = fc.constantFrom('qwen', 'llama', 'org/gemma');
const state = fc.constantFrom('stopped', 'starting', 'ready', 'stopping', 'absent');
const listed = fc.record({
  id: model,
  name: fc.constant(''),
  description: fc.constant(''),
  state,
  since: fc.option(instant),
  failedAt: fc.option(instant),
  unlisted: fc.boolean(),
  peerId: fc.constant(null),
  aliases: fc.constant([]),
  capabilities: fc.constant([]),
  contextLength: fc.constant(null),
  ttlS: fc.option(fc.nat(600)),
});
const base = { providerId, at: instant };
const body = fc.oneof(
  fc.record({
    kind: fc.constant('liveness'),
    body: fc.record({ ...base, state: fc.constantFrom('connected', 'down'), attempt: fc.nat(9) }),
  }),
  fc.record({
    kind: fc.constant('models'),
    body: fc.record({ ...base, models: fc.array(listed, { maxLength: 4 }) }),
  }),
  fc.record({
    kind: fc.constant('model-changed'),
    body: fc.record({
      ...base,
      model,
      from: fc.option(state),
      to: state,
      failed: fc.boolean(),
      observed: fc.constant('live'),
    }),
  }),
  fc.record({
    kind: fc.constant('inflight'),
    body: fc.record({ ...base, total: fc.nat(5), requests: fc.constant([]) }),
  }),
  fc.record({
    kind: fc.constant('perf'),
    body: fc.record({ ...base, ts: instant, gpus: fc.constant(null), sys: fc.constant(null) }),
  }),
  fc.record({ kind: fc.constant('gap'), body: fc.record({ ...base, fromTs: instant, toTs: instant }) }),
  fc.record({
    kind: fc.constant('request'),
    body: fc.record({
      ...base,
      model,
      endedAt: instant,
      durationMs: fc.nat(120_000),
      statusCode: fc.constantFrom(200, 500),
      inputTokens: fc.option(fc.nat(5000)),
      outputTokens: fc.option(fc.nat(5000)),
    }),
  }),
);
/** A log: facts with ascending sequences (with holes, as another stream subject may take numbers). */
const log = fc.array(fc.tuple(body, fc.integer({ min: 1, max: 3 })), { maxLength: 60 }).map((entries) => {
  let seq = 0;
  return entries.map(([fact, step]) => ({ ...fact, seq: (seq += step) }) as unknown as Fact);
});

const foldAll = (facts: Fact[], from = emptyFleet('e')) => facts.reduce(applyToFleet, from);

describe('the sequence law', () => {
  test('snapshot(n) then facts n+1..m is snapshot(m), with any repetition', () => {
    fc.assert(
      fc.property(log, fc.nat(60), fc.array(fc.nat(59)), (facts, n, repeats) => {
        const cut = Math.min(n, facts.length);
        let client = mergeFleet(emptyFleet('e'), foldAll(facts.slice(0, cut)));
        const rest = facts.slice(cut);
        for (const [i, fact] of rest.entries()) {
          client = applyToFleet(client, fact);
          const again = facts[Math.min(repeats[i] ?? 0, cut + i)];
          if (again) client = applyToFleet(client, again);
        }
        expect(client).toEqual(foldAll(facts));
      }),
    );
  });

  test('slices are independent: any interleaving that keeps the order within a slice gives the same host', () => {
    fc.assert(
      fc.property(log, fc.infiniteStream(fc.nat(5)), (facts, choices) => {
        const queues = new Map<string, Fact[]>();
        for (const fact of facts) {
          const key = `${fact.body.providerId} ${sliceOf(fact.kind)}`;
          queues.set(key, [...(queues.get(key) ?? []), fact]);
        }
        const waiting = [...queues.values()];
        const shuffled: Fact[] = [];
        while (waiting.length > 0) {
          const at = (choices.next().value ?? 0) % waiting.length;
          const next = waiting[at]?.shift();
          if (next) shuffled.push(next);
          else waiting.splice(at, 1);
        }
        expect(foldAll(shuffled)).toEqual(foldAll(facts));
      }),
    );
  });

  test('a newer snapshot over a client that followed only some slices brings it up to date', () => {
    const followed = fc.subarray(['liveness', 'models', 'inflight', 'perf', 'gap'] as const);
    fc.assert(
      fc.property(log, fc.nat(60), followed, (facts, n, slices) => {
        const cut = Math.min(n, facts.length);
        const partial = facts
          .slice(cut)
          .filter((fact) => (slices as readonly string[]).includes(sliceOf(fact.kind)))
          .reduce(applyToFleet, foldAll(facts.slice(0, cut)));
        expect(mergeFleet(partial, foldAll(facts))).toEqual(foldAll(facts));
      }),
    );
  });

  test('an older snapshot takes nothing back', () => {
    fc.assert(
      fc.property(log, fc.nat(60), (facts, n) => {
        const older = foldAll(facts.slice(0, Math.min(n, facts.length)));
        const newest = foldAll(facts);
        for (const id of Object.keys(older.hosts)) {
          expect(mergeHost(newest.hosts[id], older.hosts[id] as HostState)).toEqual(newest.hosts[id]);
        }
      }),
    );
  });

  test('another epoch replaces everything', () => {
    fc.assert(
      fc.property(log, log, (before, after) => {
        const snapshot = foldAll(after, emptyFleet('f'));
        expect(mergeFleet(foldAll(before), snapshot)).toEqual(snapshot);
      }),
    );
  });

  test('a fact that is not newer changes nothing, not even the reference', () => {
    fc.assert(
      fc.property(log, (facts) => {
        const fleet = foldAll(facts);
        for (const fact of facts) expect(applyToFleet(fleet, fact)).toBe(fleet);
      }),
    );
  });
});

const request = (over: object): Fact =>
  ({
    kind: 'request',
    seq: 1,
    body: {
      providerId: 'tower',
      model: 'qwen',
      endedAt: instantFromMs(1_760_000_000_000),
      durationMs: 0,
      statusCode: 200,
      outputTokens: 7,
      ...over,
    },
  }) as unknown as Fact;

describe('what the table adds after the bus was wiped', () => {
  const seed = {
    providerId: 'tower',
    models: [
      { model: 'qwen', state: 'ready' as const, ts: instantFromMs(1_760_000_000_000) },
      { model: 'gone', state: 'absent' as const, ts: instantFromMs(1_760_000_000_000) },
    ],
    lastEndByModel: { qwen: instantFromMs(1_760_000_050_000), old: instantFromMs(1_750_000_000_000) },
    recent: [request({}).body as never],
    perf: null,
    gap: null,
  };

  test('it fills empty slices and the log still wins afterwards', () => {
    const host = seedHost(emptyHost('tower'), seed);
    expect(host.models.map(({ id, state }) => [id, state])).toEqual([['qwen', 'ready']]);
    expect(host.requests.buckets).toMatchObject([{ outputTokens: 7, requests: 1 }]);
    expect(host.seqs.models).toBe(-1);
    const after = applyFact(host, {
      kind: 'models',
      seq: 0,
      body: { providerId: 'tower', at: 'x', models: [] },
    } as Fact);
    expect(after.models).toEqual([]);
  });

  test('its gap says how many rows are missing, where the service tells', () => {
    const ends = { fromTs: instantFromMs(1_760_000_000_000), toTs: instantFromMs(1_760_000_001_000) };
    const gapOf = (more: { missing?: number | null }): number | null | undefined =>
      seedHost(emptyHost('tower'), { ...seed, gap: { ...ends, reason: 'ring_overflow', ...more } }).gap
        ?.missing;
    expect([gapOf({ missing: 7 }), gapOf({ missing: null }), gapOf({})]).toEqual([7, null, null]);
  });

  test('requests already folded from the log are not counted again', () => {
    const host = seedHost(applyFact(emptyHost('tower'), request({})), seed);
    expect(host.requests.buckets).toMatchObject([{ outputTokens: 7, requests: 1 }]);
    expect(host.requests.lastEndByModel).toEqual(seed.lastEndByModel);
  });
});

test('a host that makes up model names does not grow the memory without bound', () => {
  let host = emptyHost('tower');
  for (let seq = 0; seq < 700; seq++) {
    host = applyFact(host, {
      ...request({ model: `m${seq}`, endedAt: instantFromMs(1_760_000_000_000 + seq) }),
      seq,
    } as Fact);
  }
  expect(Object.keys(host.requests.lastEndByModel)).toHaveLength(500);
  expect(host.requests.lastEndByModel['m699']).toBeDefined();
  expect(host.requests.lastEndByModel['m0']).toBeUndefined();
});

test('names that every object has are names like others', () => {
  const named = (model: string, seq: number): Fact =>
    ({ ...request({ model, endedAt: instantFromMs(1_760_000_000_000 + seq) }), seq }) as Fact;
  let host = emptyHost('tower');
  for (const [i, model] of ['constructor', '__proto__', 'constructor', '__proto__'].entries())
    host = applyFact(host, named(model, i));
  expect(Object.entries(host.requests.lastEndByModel)).toEqual([
    ['constructor', instantFromMs(1_760_000_000_002)],
    ['__proto__', instantFromMs(1_760_000_000_003)],
  ]);
  const fact = {
    kind: 'models',
    seq: 1,
    body: { providerId: 'constructor', at: 'x', models: [] },
  } as unknown as Fact;
  const fleet = applyToFleet(emptyFleet('e'), fact);
  expect(fleet.hosts['constructor']).toMatchObject({ providerId: 'constructor', seqs: { models: 1 } });
  expect(mergeFleet(emptyFleet('e'), fleet).hosts['constructor']).toBe(fleet.hosts['constructor']);
});

import { actionRefusals, type Liveness, type Model } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked, inflight, model, world } from '../testing/worlds.js';
import { askedOf } from './asked.js';
import { decide, HEAD_WAIT_MS, isQuestion, objectionTo, type World } from './decide.js';

const now = instantFromMs(Date.UTC(2026, 10, 21, 12));
const turn = { headSince: now, now };
const codeOf = (world: World, over = {}): string | null => objectionTo(asked(over), world)?.code ?? null;

test('what is wanted, from the request', () => {
  const request = { kind: 'unload', providerId: 'tower', model: 'm' } as const;
  expect(askedOf(request, { confirm: true })).toEqual({
    providerId: 'tower',
    kind: 'unload',
    model: 'm',
    profile: null,
    inflightId: null,
    confirmed: true,
    fencingToken: null,
  });
});

test('a host that is not there, not on, in maintenance, not connected or no llama-swap', () => {
  expect(codeOf(world({ provider: null }))).toBe('unknown_provider');
  expect(codeOf(world({ provider: { kind: 'openai' } }))).toBe('not_offered');
  expect(codeOf(world({ provider: { enabled: false } }))).toBe('host_disabled');
  const maintenance = { since: now, note: 'new fans' };
  const objection = objectionTo(asked(), world({ provider: { maintenance } }));
  expect(objection).toMatchObject({
    code: 'in_maintenance',
    message: 'tower is in maintenance (new fans). End the maintenance on its page and ask again.',
  });
  const states: Liveness['state'][] = ['connecting', 'reconnecting', 'down', 'disabled'];
  for (const state of states) expect(codeOf(world({ liveness: { state } }))).toBe('host_offline');
  expect(codeOf({ ...world(), host: null })).toBe('host_offline');
  const reason = { code: 'refused', message: 'Nothing answers.' };
  expect(objectionTo(asked(), world({ liveness: { state: 'down', reason } }))?.message).toBe(
    'tower is not connected. Nothing answers. Ask again when it is back.',
  );
  expect(codeOf(world())).toBe(null);
});

test('what the host cannot do', () => {
  expect(codeOf(world(), { model: 'nobody' })).toBe('unknown_model');
  expect(codeOf(world(), { model: 'other name' })).toBe(null);
  expect(codeOf(world({ models: [model({ id: 'm', peerId: 'mac' })] }))).toBe('not_offered');
  for (const generation of ['A', 'B', 'C'] as const) {
    const there = world({ liveness: { generation } });
    expect(codeOf(there, { kind: 'profile', model: null })).toBe(generation === 'C' ? null : 'not_offered');
    const cancel = { kind: 'cancel', model: null, inflightId: '7' };
    expect(
      codeOf({ ...there, host: there.host && { ...there.host, inflight: inflight(['7']) } }, cancel),
    ).toBe(generation === 'A' ? 'not_offered' : null);
  }
  const cancel = { kind: 'cancel', model: null, inflightId: '8' };
  expect(codeOf(world({ inflight: inflight(['7']) }), cancel)).toBe('unknown_request');
  expect(codeOf(world({ inflight: { ...inflight(['7']), total: 300 } }), cancel)).toBe(null);
});

test('a lease of somebody else is a question, any other token is refused, the own one is fine', () => {
  const lease = {
    fencingToken: '5.7',
    objection: { code: 'bench_in_progress' as const, message: 'A benchmark has it.' },
  };
  expect(codeOf(world({ lease }))).toBe('bench_in_progress');
  expect(codeOf(world({ lease }), { confirmed: true })).toBe(null);
  expect(codeOf(world({ lease }), { fencingToken: '5.7' })).toBe(null);
  for (const fencingToken of ['5.6', '4.9', '5.8'])
    expect(codeOf(world({ lease }), { fencingToken, confirmed: true })).toBe('stale_lease');
});

test('a protected model is not stopped without being asked for twice; a load may be', () => {
  const there = world({ provider: { protectedModels: ['m'] }, models: [model({ id: 'm', state: 'ready' })] });
  expect(codeOf(there, { kind: 'unload' })).toBe('model_protected');
  expect(codeOf(there, { kind: 'unload-all', model: null })).toBe('model_protected');
  expect(codeOf(there, { kind: 'unload', confirmed: true })).toBe(null);
  expect(codeOf(there, { kind: 'warm' })).toBe(null);
  const stopped = world({ provider: { protectedModels: ['m'] } });
  expect(codeOf(stopped, { kind: 'unload' })).toBe(null);
});

test('what is so already is skipped, and what waited too long for its turn', () => {
  const ready = world({ models: [model({ id: 'm', state: 'ready' })] });
  const stopped = world();
  const reasonOf = (there: World, over = {}, at = turn): string | null => {
    const decision = decide(asked(over), there, at);
    return decision.do === 'run' ? null : decision.reason.code;
  };
  expect(reasonOf(ready)).toBe('already_ready');
  expect(reasonOf(stopped)).toBe(null);
  expect(reasonOf(stopped, { kind: 'unload' })).toBe('already_stopped');
  expect(reasonOf(ready, { kind: 'unload' })).toBe(null);
  expect(reasonOf(stopped, { kind: 'unload-all', model: null })).toBe('already_stopped');
  expect(reasonOf(ready, { kind: 'unload-all', model: null })).toBe(null);
  const at = (ms: number) => ({ headSince: now, now: instantFromMs(Date.parse(now) + ms) });
  expect(reasonOf(stopped, {}, at(HEAD_WAIT_MS))).toBe(null);
  expect(reasonOf(stopped, {}, at(HEAD_WAIT_MS + 1))).toBe('waited_too_long');
});

const states: Model['state'][] = [
  'stopped',
  'starting',
  'ready',
  'stopping',
  'shutdown',
  'unknown',
  'absent',
];
const worlds = fc
  .record({
    isKnown: fc.boolean(),
    enabled: fc.boolean(),
    isInMaintenance: fc.boolean(),
    live: fc.constantFrom<Liveness['state']>('connected', 'connected', 'down', 'reconnecting'),
    generation: fc.constantFrom('A' as const, 'B' as const, 'C' as const, null),
    state: fc.constantFrom(...states),
    isProtected: fc.boolean(),
    isLeased: fc.boolean(),
  })
  .map((one) =>
    world({
      provider: one.isKnown
        ? {
            enabled: one.enabled,
            ...(one.isInMaintenance ? { maintenance: { since: now, note: null } } : {}),
            ...(one.isProtected ? { protectedModels: ['m'] } : {}),
          }
        : null,
      liveness: { state: one.live, generation: one.generation },
      models: [model({ id: 'm', state: one.state })],
      lease: one.isLeased
        ? { fencingToken: '5.5', objection: { code: 'host_leased', message: 'Somebody has it.' } }
        : null,
    }),
  );
const wishes = fc
  .record({
    kind: fc.constantFrom('warm' as const, 'unload' as const, 'unload-all' as const, 'profile' as const),
    confirmed: fc.boolean(),
    fencingToken: fc.constantFrom(null, '5.4', '5.5', '5.6'),
  })
  .map((one) => asked({ ...one, model: one.kind === 'warm' || one.kind === 'unload' ? 'm' : null }));

test('whatever the world: nothing runs that speaks for itself against it, and every reason is a sentence', () => {
  fc.assert(
    fc.property(worlds, wishes, fc.nat(120_000), (there, wish, waitedMs) => {
      const at = { headSince: now, now: instantFromMs(Date.parse(now) + waitedMs) };
      const objection = objectionTo(wish, there);
      const decision = decide(wish, there, at);
      if (objection !== null) {
        expect(Object.keys(actionRefusals.errors)).toContain(objection.code);
        expect(decision).toEqual({ do: 'skip', reason: objection });
      }
      if (decision.do === 'skip') expect(decision.reason.message).toMatch(/^[A-Za-z].*\.$/);
      if (decision.do === 'skip' || there.provider === null) return;
      expect(there.provider.enabled && there.provider.maintenance === undefined).toBe(true);
      expect(there.host?.liveness?.state).toBe('connected');
      expect(waitedMs).toBeLessThanOrEqual(HEAD_WAIT_MS);
      if (there.lease !== null) expect(wish.confirmed || wish.fencingToken !== null).toBe(true);
      if (there.lease !== null) expect([null, there.lease.fencingToken]).toContain(wish.fencingToken);
    }),
  );
});

test('to confirm helps exactly where it was asked for', () => {
  fc.assert(
    fc.property(worlds, wishes, (there, wish) => {
      const plain = objectionTo({ ...wish, confirmed: false }, there);
      const confirmed = objectionTo({ ...wish, confirmed: true }, there);
      expect(confirmed).toEqual(plain !== null && isQuestion(plain) ? null : plain);
    }),
  );
});

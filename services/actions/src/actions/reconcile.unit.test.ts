import type { Model } from '@boocontrol/contracts';
import { HostError } from '@boocontrol/llama-swap';
import { elapsedMs } from '@boocontrol/platform';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inflight, model } from '../testing/worlds.js';
import { noteOf } from './hold.js';
import { doubtful, endingOfError, endingOfRefusal } from './outcome.js';
import { judge, type Sight } from './reconcile.js';

const startedAt = '2026-11-21T12:00:00.000000Z';
const later = '2026-11-21T12:00:09.000000Z';
const action = (kind: 'warm' | 'unload' | 'unload-all' | 'profile' | 'cancel') => ({
  kind,
  model: kind === 'warm' || kind === 'unload' ? 'm' : null,
  profile: kind === 'profile' ? 'night' : null,
  inflightId: kind === 'cancel' ? '7' : null,
  startedAt,
});
const doubt = 'Its answer was lost.';
const running = (states: Record<string, string>, models: Model[] = []): Sight => ({
  of: 'models',
  running: Object.entries(states).map(([name, state]) => ({ model: name, state })),
  models,
});
const outcome = (kind: Parameters<typeof action>[0], sight: Sight): string => {
  const judgement = judge(action(kind), sight, doubt);
  return judgement.do === 'end' ? judgement.ending.state : `wait, else ${judgement.otherwise.state}`;
};

test('a load: there, on its way, or not', () => {
  expect(outcome('warm', running({ m: 'ready' }))).toBe('succeeded');
  expect(outcome('warm', running({ m: 'starting' }))).toBe('wait, else outcome_unknown');
  expect(outcome('warm', running({ other: 'stopping' }))).toBe('wait, else outcome_unknown');
  expect(outcome('warm', running({ other: 'ready' }))).toBe('failed');
  const failed = judge(action('warm'), running({}, [model({ id: 'm', failedAt: later })]), doubt);
  expect(failed).toMatchObject({
    ending: { reason: { message: `${doubt} m could not be loaded; the log of its host tells why.` } },
  });
  expect(outcome('warm', running({ x: 'ready' }, [model({ id: 'x', aliases: ['m'] })]))).toBe('succeeded');
});

test('an unload: gone, going, still there, or there again', () => {
  expect(outcome('unload', running({ other: 'ready' }))).toBe('succeeded');
  expect(outcome('unload', running({ m: 'stopping' }))).toBe('wait, else outcome_unknown');
  const loaded = (since: string | null): Model[] => [model({ id: 'm', state: 'ready', since })];
  expect(outcome('unload', running({ m: 'ready' }, loaded(null)))).toBe('failed');
  expect(outcome('unload', running({ m: 'ready' }, loaded(later)))).toBe('outcome_unknown');
  expect(outcome('unload-all', running({}))).toBe('succeeded');
  expect(outcome('unload-all', running({ m: 'ready', x: 'stopping' }))).toBe('wait, else outcome_unknown');
  expect(outcome('unload-all', running({ m: 'ready' }))).toBe('failed');
});

test('a profile, a cancel, and a host that cannot be looked at', () => {
  expect(outcome('profile', { of: 'profile', active: 'night' })).toBe('succeeded');
  expect(outcome('profile', { of: 'profile', active: null })).toBe('failed');
  expect(outcome('cancel', { of: 'requests', inflight: inflight([]) })).toBe('succeeded');
  expect(outcome('cancel', { of: 'requests', inflight: inflight(['7']) })).toBe('wait, else failed');
  expect(outcome('cancel', { of: 'requests', inflight: null })).toBe('wait, else outcome_unknown');
  const blind = { of: 'nothing', why: 'Nothing answers.', isFinal: false } as const;
  expect(outcome('warm', blind)).toBe('wait, else outcome_unknown');
  expect(outcome('warm', { ...blind, isFinal: true })).toBe('outcome_unknown');
});

test('every judgement says in sentences why', () => {
  const sights = fc.oneof(
    fc
      .dictionary(
        fc.constantFrom('m', 'x'),
        fc.constantFrom('ready', 'starting', 'stopping', 'shutdown', 'odd'),
      )
      .map((states) =>
        running(states, [model({ id: 'm', since: later, state: 'ready' }), model({ id: 'x' })]),
      ),
    fc.constantFrom<Sight>(
      { of: 'profile', active: 'x' },
      { of: 'requests', inflight: inflight(['7']) },
      { of: 'nothing', why: 'It is away.', isFinal: true },
    ),
  );
  const kinds = fc.constantFrom('warm', 'unload', 'unload-all', 'profile', 'cancel');
  fc.assert(
    fc.property(kinds, sights, (kind, sight) => {
      const judgement = judge(action(kind as 'warm'), sight, doubt);
      const ending = judgement.do === 'end' ? judgement.ending : judgement.otherwise;
      expect(ending.reason?.message).toMatch(/^Its answer was lost\. .+\.$/);
      if (judgement.do === 'wait') expect(ending.state).not.toBe('succeeded');
    }),
  );
});

test('refusals and errors of the host', () => {
  const of = { model: 'm', profile: 'night' };
  const ending = endingOfRefusal(of, 'tower', {
    ok: false,
    reason: 'failed_to_start',
    detail: 'exit status 1.',
  });
  expect(ending?.reason?.message).toBe('tower could not load m. It says: exit status 1. Its log tells more.');
  for (const reason of [
    'unknown_model',
    'unknown_profile',
    'unknown_request',
    'not_offered',
    'unloaded',
  ] as const)
    expect(endingOfRefusal(of, 'tower', { ok: false, reason, detail: '' })).toMatchObject({
      state: 'failed',
    });
  for (const reason of ['busy', 'not_ready', 'model_not_answering'] as const)
    expect(endingOfRefusal(of, 'tower', { ok: false, reason, detail: '' })).toBe(null);
  expect(endingOfError(new HostError('unauthorized', 'x', 401))).toMatchObject({ state: 'failed' });
  expect(endingOfError(new HostError('refused', 'Nothing answers (ECONNREFUSED).'))).toMatchObject({
    state: 'failed',
  });
  expect(endingOfError(new HostError('refused', 'Nothing answers (EHOSTUNREACH).'))).toBe(null);
  expect(endingOfError(new HostError('reset', 'broke off'))).toBe(null);
  const lost = doubtful(
    { kind: 'no_answer', error: new HostError('reset', 'It is tried again.') },
    action('warm'),
  );
  expect(lost).toBe('The host was asked to load m, and its answer was lost.');
});

test('notes are short plain text', () => {
  expect(noteOf(' \u001b[32mload\ting\u0000 \r')).toBe('[32mload ing');
  expect(noteOf('\r\n')).toBe(null);
  const character = fc.constantFrom('\0', '\u001b', '\u0085', '\ud83e', '\udd99', '🦙', ' ', 'a');
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 600 }), (line) => {
      const note = noteOf(line);
      expect(note?.length ?? 0).toBeLessThanOrEqual(256);
      expect(note ?? '').not.toMatch(/[\p{Cc}\p{Surrogate}]/u);
    }),
  );
});

test('a stall shows on whichever clock went on', () => {
  const then = { wallMs: 1_000, monotonicMs: 10 };
  expect(elapsedMs(then, { wallMs: 7_000, monotonicMs: 20 })).toBe(6_000);
  expect(elapsedMs(then, { wallMs: 500, monotonicMs: 6_010 })).toBe(6_000);
});

import type { ActionRequest, Problem } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { action, lease } from '../../testing/actions';
import { controlLine } from './control-line';
import { effectWords, holderOf, insistWords, leaseWords, protectedVictims, untilWords } from './refusal';
import { actionWords, endingWords, progressWords, ranMs } from './words';

/** Local noon, so that the clock says the same in every zone. */
const NOW = new Date(2026, 10, 21, 12).getTime();
const at = (ms: number): string => instantFromMs(NOW + ms);
const MINUTE = 60_000;

describe('what an action is, in words', () => {
  it.each<[Partial<ActionRequest> & Pick<ActionRequest, 'kind'>, string, string]>([
    [{ kind: 'warm', model: 'org/m' }, 'Load org/m', 'Loading org/m'],
    [{ kind: 'unload', model: 'm' }, 'Unload m', 'Unloading m'],
    [{ kind: 'unload-all' }, 'Unload all models', 'Unloading all models'],
    [{ kind: 'profile', profile: 'coding' }, 'Switch to profile coding', 'Switching to profile coding'],
    [{ kind: 'profile', profile: null }, 'Switch the profile off', 'Switching the profile off'],
    [{ kind: 'cancel' }, 'Cancel the request', 'Cancelling a request'],
  ])('%o', (subject, verb, doing) => expect(actionWords(subject)).toMatchObject({ verb, doing }));
});

describe('what became of an action', () => {
  const ran = { startedAt: at(0), endedAt: at(41_200), model: 'm' };
  const reason = { code: 'x', message: 'The host said no.' };
  it.each([
    [{ ...ran, state: 'succeeded' }, 'm is loaded on Tower, after 41.2 s.', false],
    [{ ...ran, endedAt: at(300), state: 'succeeded' }, 'm is loaded on Tower.', false],
    [{ ...ran, state: 'failed', reason }, 'm was not loaded on Tower. The host said no.', true],
    [
      { model: 'm', endedAt: at(0), state: 'skipped', reason },
      'm was not loaded on Tower: it was skipped. The host said no.',
      true,
    ],
    [{ model: 'm', endedAt: at(0), state: 'cancelled' }, '“Load m” on Tower was taken back.', false],
    [{ ...ran, state: 'outcome_unknown' }, '“Load m” on Tower: what became of it is not known.', true],
    [
      { kind: 'cancel', model: null, endedAt: at(0), state: 'succeeded' },
      'The request was cancelled on Tower.',
      false,
    ],
  ] as const)('%o', (more, text, failed) =>
    expect(endingWords(action(more), 'Tower')).toEqual({ text, failed }),
  );
  it('ran from its start to its end, if it did', () => {
    expect(ranMs(ran)).toBe(41_200);
    expect(ranMs({ startedAt: null, endedAt: at(5) })).toBeNull();
    expect(ranMs({ startedAt: at(9), endedAt: at(5) })).toBe(0);
  });
  it('and how far it is, where that is told', () => {
    const progress = { at: at(0), modelState: 'starting', note: 'loading tensors' } as const;
    expect(progressWords(action({ progress }))).toBe('starting: loading tensors');
    expect(progressWords(action({ progress: { ...progress, note: null } }))).toBe('starting');
    const waiting = { at: at(0), modelState: 'stopped', note: null } as const;
    expect(progressWords(action({ kind: 'warm', progress: waiting }))).toBe('waits for its host');
    expect(progressWords(action({ kind: 'unload', progress: waiting }))).toBe('stopped');
    expect(progressWords(action())).toBe('');
  });
});

describe('a lease in words', () => {
  it.each([
    [{}, 'since 12:00 · no end given'],
    [{ expectedUntil: at(20 * MINUTE) }, 'since 12:00 · expected until 12:20'],
    [{ expectedUntil: at(MINUTE) }, 'since 12:00 · expected until 12:01, overdue'],
    [{ foreignRequests: 1 }, 'since 12:00 · no end given · 1 request of others meanwhile'],
    [{ foreignRequests: 1200 }, 'since 12:00 · no end given · 1,200 requests of others meanwhile'],
  ])('%o', (more, words) =>
    expect(leaseWords(lease({ since: at(0), ...more }), NOW + 5 * MINUTE)).toBe(words),
  );
  it('that is over today is told with its day tomorrow', () =>
    expect(untilWords(at(0), NOW + 24 * 60 * MINUTE)).toBe('until 21 Nov 12:00, overdue'));
});

describe('a refusal', () => {
  const problem = (code: string, details?: unknown): Problem => ({ code, message: 'No.', details });
  it('says who has the host, as far as it is told', () => {
    const until = at(0);
    expect(holderOf(problem('bench_in_progress', { holder: 'bench', purpose: 'speed', until }))).toEqual({
      holder: 'bench',
      purpose: 'speed',
      until,
    });
    expect(holderOf(problem('host_leased', { holder: 'anna', until: null }))).toEqual({
      holder: 'anna',
      purpose: null,
      until: null,
    });
    expect(holderOf(problem('host_leased'))).toBeNull();
    expect(holderOf(problem('model_protected', { holder: 'anna' }))).toBeNull();
  });
  it('is told once, not in the sentence of the dry run as well', () => {
    const refusal = problem('host_leased');
    expect(effectWords({ refusal, sentence: 'Stops m. No.' })).toBe('Stops m.');
    expect(effectWords({ refusal, sentence: 'No.' })).toBe('');
    expect(effectWords({ refusal: null, sentence: 'Stops m. No.' })).toBe('Stops m. No.');
  });
  it('says which protected models would be stopped, too', () => {
    const models = (['ready', 'stopped', 'ready'] as const).map((state, i) => ({ id: `m${i}`, state }));
    const victims = (request: ActionRequest) =>
      protectedVictims(request, { protectedModels: ['m0', 'm1'] }, models);
    const providerId = 'tower';
    expect(victims({ kind: 'unload-all', providerId })).toEqual(['m0']);
    expect(victims({ kind: 'unload', providerId, model: 'm0' })).toEqual(['m0']);
    expect(victims({ kind: 'unload', providerId, model: 'm2' })).toEqual([]);
    expect(victims({ kind: 'warm', providerId, model: 'm0' })).toEqual([]);
    expect(protectedVictims({ kind: 'unload-all', providerId }, {}, models)).toEqual([]);
  });
  it('has a way out, with the verb', () => {
    expect(insistWords(problem('host_leased'), 'Unload m')).toBe('Take over and unload m');
    expect(insistWords(problem('model_protected'), 'Unload m')).toBe('Unload m anyway');
  });
});

describe('one line of what is done with a host', () => {
  const maintenance = { since: at(0), note: 'new fan' };
  const running = action({ state: 'started', model: 'm' });
  const waiting = action({ id: 'b' });
  it('is none when there is nothing', () => expect(controlLine({}, undefined, [])).toBeNull());
  it.each([
    [{ maintenance }, undefined, [], 'down', 'In maintenance: new fan'],
    [{ maintenance: { ...maintenance, note: null } }, undefined, [], 'down', 'In maintenance'],
    [{}, undefined, [running, waiting], 'busy', 'Loading m · 1 action waiting'],
    [{}, undefined, [waiting, waiting], 'neutral', '2 actions waiting'],
    [{}, lease(), [running], 'busy', 'Loading m · held by bench on tower-2'],
    [{}, lease(), [], 'own', 'held by bench on tower-2'],
  ] as const)('%#', (provider, held, open, tone, text) =>
    expect(controlLine(provider, held, open)).toEqual({ tone, text }),
  );
});

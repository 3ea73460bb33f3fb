import type { ModelLoads } from '@boocontrol/contracts';
import { expect, test } from 'vitest';
import { asked, inflight, model, world } from '../testing/worlds.js';
import type { World } from './decide.js';
import { durationText, listText } from './preview-text.js';
import { previewOf } from './preview.js';

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 10, 20) + seconds * 1_000).toISOString().replace('Z', '000Z');
/** Loads that took so many seconds, each with what was ready before and what of that went. */
const history = (
  loads: [seconds: number | null, readyBefore: string[], stopped: string[]][],
): ModelLoads => ({
  loads: loads.map(([seconds, readyBefore, stopped]) => ({
    startedAt: at(0),
    readyAt: seconds === null ? null : at(seconds),
    readyBefore,
    stopped,
  })),
});
const NONE = history([]);
const qwen = model({ id: 'qwen3-30b' });
const gpt = model({ id: 'gpt-oss-20b', state: 'ready' });
const small = model({ id: 'small', state: 'ready' });
const warm = asked({ model: 'qwen3-30b' });
const say = (there: World, past: ModelLoads | null, over = {}, ahead = 0): string =>
  previewOf({ ...warm, ...over }, there, ahead, past).sentence;

test('how long a load takes, what goes for it and who suffers, in one sentence', () => {
  const past = history([
    [38, ['gpt-oss-20b'], ['gpt-oss-20b']],
    [42, ['gpt-oss-20b'], ['gpt-oss-20b']],
    [42, ['gpt-oss-20b'], ['gpt-oss-20b']],
    [60, ['gpt-oss-20b'], ['gpt-oss-20b']],
    [90, ['gpt-oss-20b'], []],
  ]);
  const there = world({ models: [qwen, gpt], inflight: inflight(['1', '2'], 'gpt-oss-20b') });
  const preview = previewOf(warm, there, 0, past);
  expect(preview).toEqual({
    refusal: null,
    ahead: 0,
    evicts: [{ model: 'gpt-oss-20b', certainty: 'likely', seen: { times: 4, of: 5 } }],
    load: { medianS: 42, minS: 38, maxS: 90, samples: 5 },
    inflight: [{ model: 'gpt-oss-20b', requests: 2 }],
    sentence:
      'Loads qwen3-30b: 42 s as a rule (38 to 90 s, 5 loads seen). gpt-oss-20b will probably be unloaded (4 of 5 times); 2 requests to it are under way and would wait or be cut off.',
  });
});

test('loads that all took as long have no range, and one load is no statistic', () => {
  const steady = history([
    [13.01, [], []],
    [12.98, [], []],
  ]);
  expect(say(world({ models: [qwen] }), steady)).toBe('Loads qwen3-30b: 13 s as a rule (2 loads seen).');
  const once = history([[13, ['gpt-oss-20b'], ['gpt-oss-20b']]]);
  expect(say(world({ models: [qwen, gpt] }), once)).toContain(
    'gpt-oss-20b will probably be unloaded (as the one time before).',
  );
});

test('a question to the server of a model is nobody’s request', () => {
  const under = inflight(['1', '2'], 'gpt-oss-20b');
  const [props, chat] = under.requests;
  if (props !== undefined) Object.assign(props, { method: 'GET', reqPath: '/props' });
  const there = world({ models: [qwen, gpt], inflight: under });
  expect(chat?.method).toBe('POST');
  expect(previewOf(warm, there, 0, NONE).inflight).toEqual([{ model: 'gpt-oss-20b', requests: 1 }]);
});

test('what is not known is said', () => {
  const there = world({ models: [qwen, gpt, small] });
  expect(say(there, NONE)).toBe(
    'Loads qwen3-30b; how long that takes was not seen yet. gpt-oss-20b and small may be unloaded: no load beside them was seen yet.',
  );
  expect(say(world({ models: [qwen] }), null)).toBe(
    'Loads qwen3-30b. How earlier loads went could not be asked, because the history does not answer.',
  );
  expect(say(world({ models: [qwen] }), history([[7.25, [], []]]))).toBe(
    'Loads qwen3-30b: 7.3 s the one time that it was seen.',
  );
  const unnamed = world({ models: [qwen, gpt], inflight: { ...inflight([]), total: 1 } });
  expect(say(unnamed, NONE)).toContain('1 request is under way, the host does not tell to which models.');
});

test('a model that always stayed is not named, one that went now and then comes last', () => {
  const past = history([
    [10, ['gpt-oss-20b', 'small'], ['gpt-oss-20b']],
    [null, ['gpt-oss-20b', 'small'], ['gpt-oss-20b']],
    [20, ['gpt-oss-20b'], []],
  ]);
  const { evicts, load } = previewOf(warm, world({ models: [qwen, small, gpt] }), 0, past);
  expect(evicts).toEqual([{ model: 'gpt-oss-20b', certainty: 'likely', seen: { times: 2, of: 3 } }]);
  expect(load).toEqual({ medianS: 15, minS: 10, maxS: 20, samples: 2 });
});

test('the other kinds', () => {
  const there = world({ models: [qwen, gpt, small], inflight: inflight(['1'], 'small') });
  expect(say(there, NONE, { kind: 'unload', model: 'small' })).toBe(
    'Stops small. 1 request to it is under way and would be cut off.',
  );
  expect(say(there, NONE, { kind: 'unload-all', model: null }, 2)).toBe(
    'Stops gpt-oss-20b and small. 1 request to small is under way and would be cut off. 2 actions of this host come first.',
  );
  expect(say(there, NONE, { kind: 'profile', model: null, profile: 'night' })).toBe(
    'Makes night the active profile; what is loaded stays loaded.',
  );
  expect(say(there, NONE, { kind: 'cancel', model: null, inflightId: '1' })).toBe(
    'Cancels a request to small.',
  );
});

test('what would be refused, what is a question, and what is so already', () => {
  const offline = previewOf(warm, world({ models: [qwen, gpt], liveness: { state: 'down' } }), 0, NONE);
  expect(offline).toMatchObject({ refusal: { code: 'host_offline' }, evicts: [], load: null, inflight: [] });
  expect(offline.sentence).toBe(offline.refusal?.message);
  const guarded = world({ models: [qwen, gpt], provider: { protectedModels: ['gpt-oss-20b'] } });
  const question = previewOf({ ...warm, kind: 'unload', model: 'gpt-oss-20b' }, guarded, 0, NONE);
  expect(question).toMatchObject({
    refusal: { code: 'model_protected', requiresConfirmation: true },
    evicts: [{ model: 'gpt-oss-20b', certainty: 'sure' }],
    sentence:
      'Stops gpt-oss-20b. gpt-oss-20b is protected on tower and would be stopped. Confirm if that is meant.',
  });
  expect(say(guarded, NONE)).toContain('gpt-oss-20b is protected.');
  expect(say(guarded, NONE, { model: 'gpt-oss-20b' })).toBe(
    'gpt-oss-20b is loaded already. Nothing would be done.',
  );
});

test('words', () => {
  expect(['a', 'b', 'c'].map((_, index, all) => listText(all.slice(0, index + 1)))).toEqual([
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect([0.04, 0.4, 9.94, 9.96, 119, 120, 200].map(durationText)).toEqual([
    '0 s',
    '0.4 s',
    '9.9 s',
    '10 s',
    '119 s',
    '2 min',
    '3 min 20 s',
  ]);
});

import type { RouteCandidate, RouteFact } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { attemptWords, choiceWords, chosenOf, deciderWords } from './dispatch-words';

const terms = { quality: 0.5, speed: 0.5, readiness: 1, load: 1, affinity: 0, price: 1 };
const candidate = (providerId: string, over: Partial<RouteCandidate> = {}): RouteCandidate => ({
  providerId,
  model: 'qwen3-8b',
  filter: null,
  why: null,
  score: 0.6,
  terms,
  ...over,
});
const attempt = (providerId: string): RouteFact['attempts'][number] => ({
  providerId,
  model: 'qwen3-8b',
  startedAt: '2026-11-21T12:00:00.000000Z',
  outcome: 'answered',
  status: 200,
  firstByteMs: 1,
  durationMs: 2,
  bytes: 3,
  message: null,
});
const fact = (
  over: Partial<Pick<RouteFact, 'policy' | 'candidates' | 'attempts' | 'error'>>,
): Pick<RouteFact, 'policy' | 'candidates' | 'attempts' | 'error'> => ({
  policy: { name: 'code', version: 2 },
  candidates: [],
  attempts: [],
  error: null,
  ...over,
});

describe('why a host was asked', () => {
  const attempts = [attempt('tower')];

  it('counts who else could have taken it', () => {
    const candidates = [candidate('tower'), candidate('nas', { score: 0.4 })];
    expect(choiceWords(fact({ candidates, attempts }))).toBe(
      'It had a higher score than one other that could have taken it.',
    );
    expect(choiceWords(fact({ candidates: [...candidates, candidate('attic')], attempts }))).toContain(
      '2 others',
    );
  });

  it('says when nobody else could, and when nothing was scored', () => {
    const nas = candidate('nas', {
      filter: 'offline',
      why: 'nas is not connected.',
      score: null,
      terms: null,
    });
    expect(choiceWords(fact({ candidates: [candidate('tower'), nas], attempts }))).toBe(
      'Nobody else could have taken it.',
    );
    const unscored = [candidate('tower', { score: null, terms: null }), candidate('nas', { score: null })];
    expect(choiceWords(fact({ policy: null, candidates: unscored, attempts }))).toContain('least busy');
  });

  it('says what was put aside for a client that named the model, and why nobody was asked', () => {
    const tower = candidate('tower', { filter: 'load_failed', why: 'Its last load failed.' });
    expect(choiceWords(fact({ policy: null, candidates: [tower], attempts }))).toBe(
      'Its last load failed. The client named it, so it was asked all the same.',
    );
    const error = { code: 'no_candidate', message: 'Nobody can take it.' };
    expect(choiceWords(fact({ error }))).toBe('Nobody can take it.');
    expect(chosenOf(fact({}))).toBeUndefined();
  });

  it('is about the one that was asked first, also when it ended last', () => {
    const [tower, nas] = [attempt('tower'), { ...attempt('nas'), startedAt: '2026-11-21T12:00:00.400000Z' }];
    const candidates = [candidate('tower'), candidate('nas')];
    expect(chosenOf(fact({ candidates, attempts: [nas, tower] }))?.providerId).toBe('tower');
  });

  it('names the policy with its version', () => {
    expect(deciderWords(fact({}))).toBe('code, version 2');
    expect(deciderWords(fact({ policy: null }))).toContain('the client named');
  });
});

it('an attempt says the status where it says more', () => {
  expect(attemptWords({ outcome: 'status', status: 503 })).toEqual({ tone: 'error', text: 'answered 503' });
  expect(attemptWords({ outcome: 'answered', status: 404 }).tone).toBe('error');
  expect(attemptWords({ outcome: 'answered', status: 200 }).text).toBe('answered');
  expect(attemptWords({ outcome: 'refused', status: null }).text).toBe('no connection');
});

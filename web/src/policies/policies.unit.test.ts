import { ExplainRequestSchema, RoutePolicyInputSchema } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { policy } from '../../testing/policies';
import { policyChanges } from './changes';
import { ableOf, contributions, explainBody, FIRST_PROBE, leftOutOf } from './explain';
import {
  askedName,
  EMPTY_POLICY,
  formOfPolicy,
  inputOf,
  policyProblems,
  sentPolicyProblems,
  toPolicyInput,
} from './policy-form';

const night = policy('night', 'Big models', { quality: 1 }, { models: ['*70b*', '*120b*'], maxPrice: 2 });

describe('a policy in the editor', () => {
  it('is the same again when nothing was changed', () => {
    expect(toPolicyInput(formOfPolicy('night', inputOf(night)))).toEqual(inputOf(night));
    expect(RoutePolicyInputSchema.parse(toPolicyInput(EMPTY_POLICY)).maxPrice).toBeNull();
  });

  it('is complained of in words beside the field', () => {
    const form = { ...EMPTY_POLICY, category: 'Agent Coding', firstByteS: 'soon', maxPrice: '-1' };
    const checked = RoutePolicyInputSchema.safeParse(toPolicyInput(form));
    expect(policyProblems(checked.error?.issues ?? []).fields).toEqual({
      category: 'Use up to 40 of a-z, 0-9 and hyphen.',
      firstByteS: 'Enter a number of seconds.',
      maxPrice: 'At least 0.',
    });
    expect(sentPolicyProblems({ code: 'exists', message: 'There is one.' }).fields).toEqual({
      name: 'There is one.',
    });
  });

  it('is asked for by its name', () => {
    expect([askedName('auto'), askedName('night')]).toEqual(['auto', 'auto:night']);
  });
});

describe('what differs between two versions', () => {
  const from = inputOf(night);
  it.each([
    [{}, []],
    [{ models: [] }, ['models *70b*, *120b* → all']],
    [{ weights: { ...from.weights, quality: 0.25 } }, ['quality 1 → 0.25']],
    [{ maxPrice: null, attempts: 1 }, ['attempts 3 → 1', 'price at most $2 → any']],
    [{ budgetS: 30 }, ['seconds to the content any → 30']],
    [{ hedgeAfterMs: 400 }, ['ms to a second host never → 400']],
  ])('%j: %j', (more, words) => expect(policyChanges(from, { ...from, ...more })).toEqual(words));
});

describe('a request to try a policy with', () => {
  const draft = { name: 'night', ...inputOf(night) };
  it('is one that the gateway takes', () => {
    const probe = { ...FIRST_PROBE, tools: true, pictures: true, maxTokens: '200', session: ' chat-17 ' };
    const body = explainBody(probe, 'auto:night', draft);
    const asked = ExplainRequestSchema.parse(body);
    expect(asked).toMatchObject({
      body: { model: 'auto:night', max_tokens: 200 },
      session: 'chat-17',
      draft,
    });
    expect(JSON.stringify(body)).toContain('image_url');
  });
  it('says nothing of what was not said, and asks for another name where one is typed', () => {
    expect(
      explainBody({ ...FIRST_PROBE, asked: 'tower/qwen3', maxTokens: 'x' }, 'auto:night', draft),
    ).toEqual({
      body: { model: 'tower/qwen3', messages: [{ role: 'user', content: 'Hello' }] },
      draft,
    });
  });
});

it('what the parts of a score add makes up the score', () => {
  const terms = { quality: 0.5, speed: 1, readiness: 0, load: 0.5, affinity: 0, price: 1 };
  const weights = { quality: 1, speed: 1, readiness: 1, load: 0, affinity: 0, price: 1 };
  const parts = contributions(terms, weights);
  expect(parts).toEqual({ quality: 0.125, speed: 0.25, readiness: 0, load: 0, affinity: 0, price: 0.25 });
  const none = { quality: 0, speed: 0, readiness: 0, load: 0, affinity: 0, price: 0 };
  expect(contributions(terms, none)).toEqual(none);
});

it('candidates and those left out are told apart', () => {
  const candidate = { providerId: 'tower', model: 'm', why: null, score: null, terms: null };
  const all = [
    { ...candidate, filter: null },
    { ...candidate, filter: 'offline' as const },
  ];
  expect([ableOf(all).length, leftOutOf(all).length]).toEqual([1, 1]);
});

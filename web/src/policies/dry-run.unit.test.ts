import type { DryRun, DryRunChange } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { sumWords, whyWords } from './dry-run';

const told = (more: Partial<DryRun>): DryRun => ({
  from: '2026-11-20T12:00:00.000000Z',
  to: '2026-11-21T12:00:00.000000Z',
  requests: 220,
  isCut: false,
  same: 198,
  otherwise: 14,
  untold: 8,
  gaps: [],
  changes: [],
  ...more,
});

describe('the sum in a sentence', () => {
  it.each([
    [{}, 'It would have chosen otherwise in 14 of 220 requests, and the same in 198.'],
    [{ same: 220, otherwise: 0, untold: 0 }, 'It would have chosen the same for all 220 requests.'],
    [
      { requests: 1, same: 1, otherwise: 0, untold: 0 },
      'It would have chosen the same for the only request.',
    ],
    [
      { same: 212, otherwise: 0, untold: 8 },
      'It would have chosen otherwise in none of 220 requests, as far as can be told, and the same in 212.',
    ],
    [{ requests: 8, same: 0, otherwise: 0, untold: 8 }, 'Of none of 8 requests can it be told.'],
    [{ requests: 14, same: 0, untold: 0 }, 'It would have chosen otherwise in 14 of 14 requests.'],
  ])('%j: %s', (more, words) => expect(sumWords(told(more))).toBe(words));
});

describe('why it would have chosen otherwise', () => {
  const terms = { quality: 0.4, speed: 0.5, readiness: 1, load: 0.5, affinity: 1, price: 1 };
  const weights = { quality: 1, speed: 1, readiness: 0, load: 0, affinity: 1, price: 1 };
  const was = { providerId: 'nas', model: 'm', terms, scoreThen: 0.7, score: 0.6, leftOutBy: null };
  const wouldBe = {
    ...{ providerId: 'tower', model: 'm', scoreThen: 0.6, score: 0.7 },
    terms: { ...terms, quality: 0.9, speed: 0.9, affinity: 0.6 },
  };
  const change: DryRunChange = {
    id: '00000000-0000-4000-9000-000000000001',
    at: '2026-11-21T12:00:00.000000Z',
    endpoint: '/chat/completions',
    source: 'opencode',
    version: 1,
    was,
    wouldBe,
    becomes: 'other',
  };
  it.each<[Partial<DryRunChange>, string]>([
    [{}, 'More for quality (+0.13) and speed (+0.10), less for affinity (−0.10).'],
    [{ was: { ...was, score: null } }, 'It comes out better by the other category of quality.'],
    [{ was: { ...was, leftOutBy: 'policy_excludes' } }, 'The policy leaves m on nas out.'],
    [{ was: { ...was, leftOutBy: 'too_expensive' } }, 'It costs too much on nas.'],
    [
      { was: { ...was, leftOutBy: 'policy_excludes' }, wouldBe: null, becomes: 'nobody' },
      'The policy leaves m on nas out. Nobody else could have taken it.',
    ],
    [
      { was: { ...was, leftOutBy: 'policy_excludes' }, wouldBe: null, becomes: 'not_told' },
      'The policy leaves m on nas out. Whom it would have taken cannot be told.',
    ],
    [{ wouldBe: null, becomes: 'not_told' }, 'Another one comes out better; which of them cannot be told.'],
  ])('%#: %s', (more, words) => expect(whyWords({ ...change, ...more }, weights)).toBe(words));
});

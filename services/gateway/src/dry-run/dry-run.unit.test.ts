import { DRY_RUN_CHANGES, DRY_RUN_REQUESTS, DryRunSchema, type RouteCandidate } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { idOf } from '../testing/actions.js';
import { aPolicy } from '../testing/routing-world.js';
import { scoreOf } from '../routing/score.js';
import { dryRun } from './dry-run.js';
import type { Decided } from './dry-run.repository.js';
import { redecide } from './redecide.js';
import type { Past } from './standings.js';

const rules = aPolicy('code');
const draft = aPolicy('code', { weights: { ...rules.weights, quality: 0 } });
const PAST: Past = { provider: () => null, quality: () => null };

function scored(providerId: string, quality: number, load: number, isSure?: boolean): RouteCandidate {
  const terms = { quality, speed: 0.5, readiness: 1, load, affinity: 0, price: 1 };
  return {
    providerId,
    model: 'm',
    filter: null,
    why: null,
    score: scoreOf(terms, rules.weights),
    terms,
    ...(isSure === undefined ? {} : { isSure }),
  };
}
const excluded = (providerId: string): RouteCandidate => ({
  ...scored(providerId, 0, 0),
  filter: 'policy_excludes',
  why: 'auto:code leaves m out.',
  score: null,
  terms: null,
});
const better = [scored('nas', 0.9, 0.5, true), scored('tower', 0.4, 0.6, true)];
const decided = (n: number, candidates: RouteCandidate[] = better, version = 1): Decided => ({
  id: idOf(n),
  at: '2026-11-21T12:00:00.000000Z',
  endpoint: '/chat/completions',
  source: 'opencode',
  version,
  candidates,
});

async function* pagesOf(all: readonly Decided[], size: number, read: { pages: number } = { pages: 0 }) {
  for (let at = 0; at < all.length; at += size) {
    read.pages++;
    yield await Promise.resolve(all.slice(at, at + size));
  }
}
const options = { draft, rules: new Map([[1, rules]]), pastOf: () => PAST, isAbandoned: () => false };

describe('a draft held against records', () => {
  it('counts what it would choose otherwise, and tells was and would be by their terms', async () => {
    const told = await dryRun(pagesOf([decided(1), decided(2, [scored('nas', 0.9, 0.6, true)])], 1), options);
    expect(told).toMatchObject({ requests: 2, same: 1, otherwise: 1, untold: 0, gaps: [], isCut: false });
    const [change] = told?.changes ?? [];
    expect(change).toMatchObject({
      id: idOf(1),
      becomes: 'other',
      was: { providerId: 'nas', leftOutBy: null, terms: better[0]?.terms },
      wouldBe: { providerId: 'tower', score: scoreOf(better[1]!.terms!, draft.weights) },
    });
    const range = { from: '2026-11-20T12:00:00.000000Z', to: '2026-11-21T12:00:00.000000Z' };
    expect(DryRunSchema.parse({ ...range, ...told })).toEqual({ ...range, ...told });
  });

  it('counts apart what cannot be told, by what is missing', async () => {
    const old = better.map(({ isSure: _isSure, ...rest }) => rest);
    const wider = { ...options, draft: aPolicy('code', { providers: ['nas', 'shed'] }) };
    const narrow = new Map([[1, aPolicy('code', { providers: ['nas'] })]]);
    const told = await dryRun(
      pagesOf(
        [
          decided(1, [scored('nas', 0.5, 0.5, true), excluded('shed'), excluded('shed')]),
          decided(2, better, 7),
          decided(3, [scored('nas', 0.5, 0.5, true), excluded('shed')]),
        ],
        2,
      ),
      { ...wider, rules: narrow },
    );
    expect(told).toMatchObject({ requests: 3, same: 0, otherwise: 0, untold: 3 });
    expect(told?.gaps).toEqual([
      { because: 'left_out', requests: 2 },
      { because: 'rules', requests: 1 },
    ]);
    expect(await dryRun(pagesOf([decided(1, old)], 1), options)).toMatchObject({
      untold: 1,
      gaps: [{ because: 'ability', requests: 1 }],
    });
  });

  it('looks at so many and tells of so many at most, and says that there were more', async () => {
    const all = Array.from({ length: DRY_RUN_REQUESTS + 1 }, (_, n) => decided(n));
    const told = await dryRun(pagesOf(all, 100), options);
    expect(told).toMatchObject({ requests: DRY_RUN_REQUESTS, otherwise: DRY_RUN_REQUESTS, isCut: true });
    expect(told?.changes).toHaveLength(DRY_RUN_CHANGES);
    expect(await dryRun(pagesOf(all.slice(1), 100), options)).toMatchObject({ isCut: false });
  });

  it('reads no further when nobody waits any more', async () => {
    const read = { pages: 0 };
    const all = Array.from({ length: 50 }, (_, n) => decided(n));
    const isAbandoned = (): boolean => read.pages > 2;
    expect(await dryRun(pagesOf(all, 5, read), { ...options, isAbandoned })).toBeNull();
    expect(read.pages).toBe(3);
  });
});

describe('one record', () => {
  const ask = (candidates: RouteCandidate[], to = draft, from = rules): object =>
    redecide({ candidates, rules: from, draft: to, past: PAST });

  it('tells that the chosen one is left out by the draft even where it does not tell who would be chosen', () => {
    const from = aPolicy('code', { providers: ['nas'] });
    const to = aPolicy('code', { providers: ['shed'] });
    expect(ask([scored('nas', 0.5, 0.5, true), excluded('shed')], to, from)).toMatchObject({
      is: 'otherwise',
      change: { becomes: 'not_told', wouldBe: null, was: { leftOutBy: 'policy_excludes', score: null } },
    });
    expect(ask([scored('nas', 0.5, 0.5, true)], to, from)).toMatchObject({ change: { becomes: 'nobody' } });
  });

  it('tells nothing of scores that are made otherwise than today', () => {
    expect(ask([{ ...better[0]!, score: 0.1 }, better[1]!])).toEqual({ is: 'untold', because: 'rules' });
  });

  it('tells of a better one that is not known to be able that it stays behind', () => {
    const unsure = scored('attic', 0.1, 1, false);
    expect(ask([scored('nas', 0.9, 0.5, true), unsure])).toEqual({ is: 'same' });
    // Of an old record the order tells it: what is better comes after what is worse.
    const old = [scored('nas', 0.1, 0.2), scored('attic', 0.9, 0.9)];
    expect(ask(old)).toEqual({ is: 'same' });
  });

  it('of a request that was refused tells that it still would be, or that it cannot be told', () => {
    const offline = { ...excluded('shed'), filter: 'offline' as const };
    expect(ask([offline])).toEqual({ is: 'same' });
    const from = aPolicy('code', { tags: ['gpu'] });
    expect(ask([offline, excluded('nas')], draft, from)).toEqual({ is: 'untold', because: 'left_out' });
  });

  it('counts another category only where what was known of it then is known', () => {
    const to = aPolicy('code', { category: 'agent-coding' });
    expect(ask(better, to)).toEqual({ is: 'untold', because: 'quality' });
    const known: Past = { ...PAST, quality: (_model, _category, id) => (id === 'tower' ? 1 : 0) };
    expect(redecide({ candidates: better, rules, draft: to, past: known })).toMatchObject({
      is: 'otherwise',
      change: { wouldBe: { providerId: 'tower' } },
    });
  });
});

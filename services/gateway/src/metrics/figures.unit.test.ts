import { body } from '../testing/facts.js';
import { refusedFact, routeFact } from '../testing/routes.js';
import { expect, it } from 'vitest';
import { Loads } from './loads.js';
import { figuresOfDispatch, figuresOfRow } from './request-figures.js';
import { LabelValues, SeriesBound } from './series.js';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { ModelChanged } from '@boocontrol/contracts';

it('figures of a request through /v1 are those of the host that answered', () => {
  const fact = routeFact(1);
  const [answered] = fact.attempts;
  expect(figuresOfDispatch(fact)).toMatchObject({
    providerId: 'tower',
    model: 'org/model',
    policy: 'code',
    consumer: 'opencode',
    outcome: 'succeeded',
    ttft: 0.2301,
    queued: 0,
    fallbacks: [],
  });
  expect(figuresOfDispatch(fact).tpot).toBeCloseTo((4.1053 - 0.2301) / 19, 9);
  if (answered === undefined) throw new Error('no attempt');
  const left = { ...answered, providerId: 'shed', outcome: 'abandoned' as const };
  const hedged = figuresOfDispatch(routeFact(2, { attempts: [answered, left] }));
  expect([hedged.providerId, hedged.fallbacks]).toEqual(['tower', ['abandoned']]);
  const over = figuresOfDispatch(routeFact(3, { attempts: [{ ...left, outcome: 'status' }, answered] }));
  expect([over.providerId, over.fallbacks]).toEqual(['tower', ['status']]);
});

it('of one that nobody was asked for there is no host and no time', () => {
  expect(figuresOfDispatch(refusedFact(1))).toMatchObject({
    providerId: null,
    queued: null,
    ttft: null,
    tpot: null,
  });
});

it('times of a first token are of streams alone', () => {
  expect(figuresOfDispatch(routeFact(1, { isStream: false }))).toMatchObject({ ttft: null, tpot: null });
});

it('a host’s own row comes out by its status; one that was cut says 200 and no tokens', () => {
  const row = body('request', 'tower', 1);
  const outcome = (over: Partial<typeof row>): string => figuresOfRow({ ...row, ...over }).outcome;
  expect(figuresOfRow(row)).toMatchObject({
    providerId: 'tower',
    policy: undefined,
    ttft: null,
    queued: null,
  });
  expect([200, 499, 0, 429].map((statusCode) => outcome({ statusCode, outputTokens: 5 }))).toEqual([
    'succeeded',
    'client_left',
    'failed',
    'failed',
  ]);
  const cut = { statusCode: 200, inputTokens: 0, outputTokens: 0, respContentType: 'text/event-stream' };
  expect(outcome({ ...cut, reqPath: '/v1/chat/completions' })).toBe('incomplete');
  expect(outcome({ ...cut, reqPath: '/v1/embeddings' })).toBe('succeeded');
});

it('a load is timed when its start and its end were seen as they happened, and counted once', () => {
  const loads = new Loads();
  const change = (atMs: number, over: Partial<ModelChanged>): ReturnType<Loads['apply']> =>
    loads.apply({
      ...body('model-changed', 'tower', 0, atMs),
      model: 'm',
      at: instantFromMs(atMs),
      observed: 'live',
      failed: false,
      ...over,
    });
  expect(change(1_000, { from: 'stopped', to: 'starting' })).toBeNull();
  expect(change(3_500, { from: 'starting', to: 'ready' })).toMatchObject({ isReady: true, seconds: 2.5 });
  expect(change(3_500, { from: 'starting', to: 'ready' })).toBeNull();
  expect(change(4_000, { from: 'ready', to: 'starting' })).toBeNull();
  expect(change(5_000, { from: 'starting', to: 'stopped', failed: true })).toMatchObject({
    isReady: false,
    seconds: null,
  });
  expect(change(6_000, { from: 'stopped', to: 'ready', observed: 'after_gap' })).toMatchObject({
    isReady: true,
    seconds: null,
  });
  expect(change(7_000, { model: 'other', from: null, to: 'ready' })).toBeNull();
});

it('values and series beyond their bound are told together', () => {
  const values = new LabelValues(2);
  expect(['a', 'b', 'c', 'a', 'none'].map((value) => values.of(value))).toEqual([
    'a',
    'b',
    'other',
    'a',
    'none',
  ]);
  const bound = new SeriesBound<{ host: string; outcome: string }>('test', 2, { host: 'other' });
  const hosts = ['a', 'b', 'c', 'a'].map((host) => bound.of({ host, outcome: 'failed' }).host);
  expect(hosts).toEqual(['a', 'b', 'other', 'a']);
});

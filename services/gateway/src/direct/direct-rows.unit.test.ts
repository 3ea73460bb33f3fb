import type { Request, RouteAttempt } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { beforeEach, expect, it } from 'vitest';
import { body } from '../testing/facts.js';
import { idOf } from '../testing/actions.js';
import { routeFact } from '../testing/routes.js';
import { DirectRows } from './direct-rows.js';

const NOW_MS = Date.parse('2026-11-22T09:00:00Z');
const GRACE_MS = 10_000;
let rows: DirectRows;
let entryId: number;
beforeEach(() => {
  rows = new DirectRows();
  entryId = 0;
});

const [attempt0] = routeFact(0).attempts as [RouteAttempt];
const attempt = (over: Partial<RouteAttempt> = {}, endMs = NOW_MS): RouteAttempt => ({
  ...attempt0,
  startedAt: instantFromMs(endMs - 1_000),
  durationMs: 1_000,
  ...over,
});
const row = (over: Partial<Request> = {}, endMs = NOW_MS): Request => ({
  ...body('request', 'tower', entryId++, endMs),
  model: 'org/model',
  source: 'unattributed',
  statusCode: 200,
  endedAt: instantFromMs(endMs),
  ...over,
});
const routed = (n: number, ...attempts: RouteAttempt[]): void =>
  rows.noteRouted({ id: idOf(n), source: 'opencode', endpoint: '/chat/completions', attempts });
const later = (ms = GRACE_MS, underWay: string[] = []): number =>
  rows.take(NOW_MS + ms, (id) => underWay.includes(id)).length;

it('a row whose headers name no request of ours is direct: at once when they name none, else after a while', () => {
  rows.noteRow(row({ dispatchId: null }), NOW_MS);
  rows.noteRow(row({ dispatchId: idOf(9) }), NOW_MS);
  expect([later(0), later(GRACE_MS - 1), later(), later()]).toEqual([1, 0, 1, 0]);
});

it('one that names a request of ours is not, whichever comes first, and also while that is under way', () => {
  rows.noteRow(row({ dispatchId: idOf(1) }), NOW_MS);
  expect(later(60_000, [idOf(1)])).toBe(0);
  routed(1, attempt());
  rows.noteRow(row({ dispatchId: idOf(1) }), NOW_MS);
  expect(later(60_000)).toBe(0);
});

it('without headers each attempt explains one row, the closest in time of its host and model', () => {
  routed(1, attempt());
  for (const apartMs of [0, 4_000]) rows.noteRow(row({}, NOW_MS + apartMs), NOW_MS);
  rows.noteRow(row({ model: 'org/other' }), NOW_MS);
  rows.noteRow(row({ providerId: 'shed' }), NOW_MS);
  rows.noteRow(row({ source: 'arena' }), NOW_MS);
  expect(later()).toBe(4);
});

it('an attempt that failed explains no answer, and one that was answered no failure', () => {
  routed(1, attempt({ outcome: 'status', status: 500 }), attempt({ outcome: 'reset', status: null }));
  rows.noteRow(row({ outputTokens: 5 }), NOW_MS);
  routed(2, attempt());
  rows.noteRow(row({ reqPath: '/v1/embeddings' }), NOW_MS);
  rows.noteRow(row({ outputTokens: 5 }), NOW_MS);
  rows.noteRow(row({ statusCode: 500 }), NOW_MS);
  rows.noteRow(row({ statusCode: 499 }), NOW_MS);
  expect(later()).toBe(2);
});

it('every attempt of a request that failed over explains one, but those that found no connection', () => {
  routed(1, attempt({ outcome: 'status', status: 503 }));
  routed(1, attempt({ outcome: 'status', status: 503 }), attempt({ providerId: 'shed', outcome: 'refused' }));
  routed(
    1,
    attempt({ outcome: 'status', status: 503 }),
    attempt({ providerId: 'shed', outcome: 'refused' }),
    attempt(),
  );
  for (const statusCode of [503, 503, 200]) rows.noteRow(row({ statusCode }), NOW_MS);
  rows.noteRow(row({ providerId: 'shed' }), NOW_MS);
  expect(later()).toBe(2);
});

it('what a service is asked explains no row of a host', () => {
  routed(1, attempt({ providerKind: 'openai' }));
  rows.noteRow(row(), NOW_MS);
  expect(later()).toBe(1);
});

it('a row that comes again counts once, and old attempts are forgotten', () => {
  const twice = row({ dispatchId: null });
  rows.noteRow(twice, NOW_MS);
  rows.noteRow(twice, NOW_MS);
  expect(later(0)).toBe(1);
  routed(1, attempt());
  expect(later(16 * 60_000)).toBe(0);
  rows.noteRow(row(), NOW_MS);
  expect(later()).toBe(1);
});

it('keeps a bounded number of everything', () => {
  for (let n = 0; n < 12_000; n++) {
    routed(n, attempt());
    rows.noteRow(row({ dispatchId: idOf(99_999) }), NOW_MS);
  }
  expect(later()).toBe(10_000);
});

import type { InflightRequest } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { expect, it } from 'vitest';
import { InflightSources } from './inflight-sources.js';

const NOW_MS = Date.UTC(2026, 10, 20, 16, 0, 0);
const entry = (
  id: string,
  source: string,
  startedMs: number,
  more: Partial<InflightRequest> = {},
): InflightRequest => ({
  id,
  startedAt: instantFromMs(startedMs),
  model: 'm',
  reqPath: '/v1/chat/completions',
  method: 'POST',
  source,
  remoteIp: null,
  respBytes: null,
  ...more,
});
const row = (
  endMs: number,
  durationMs: number,
  more: object = {},
): Parameters<InflightSources['take']>[0] => ({
  entryId: 1,
  model: 'm',
  reqPath: '/v1/chat/completions',
  ts: instantFromMs(endMs),
  durationMs,
  ...more,
});
function noted(...requests: InflightRequest[]): InflightSources {
  const sources = new InflightSources();
  sources.note({ total: requests.length, requests }, NOW_MS);
  return sources;
}

it('gives a row the source of the request that began when it did, and to no second row', () => {
  const sources = noted(entry('1', 'arena', NOW_MS), entry('2', 'boochat', NOW_MS + 700));
  expect(sources.take(row(NOW_MS + 5_702, 5_000), NOW_MS + 5_702)).toBe('boochat');
  expect(sources.take(row(NOW_MS + 5_001, 5_000), NOW_MS + 5_703)).toBe('arena');
  expect(sources.take(row(NOW_MS + 5_001, 5_000), NOW_MS + 5_703)).toBeNull();
});

it('matches rows whose time is cut to whole seconds, and metered /upstream paths', () => {
  expect(noted(entry('1', 'arena', NOW_MS + 900)).take(row(NOW_MS + 3_000, 2_900), NOW_MS + 3_800)).toBe(
    'arena',
  );
  expect(
    noted(entry('1', 'arena', NOW_MS)).take(
      row(NOW_MS + 100, 100, { reqPath: '/upstream/m/v1/chat/completions' }),
      NOW_MS + 100,
    ),
  ).toBe('arena');
});

it('tells those that began in one second apart by how long they took, whichever row comes first', () => {
  const sources = noted(entry('1', 'arena', NOW_MS + 10), entry('2', 'boochat', NOW_MS + 30));
  sources.note({ total: 1, requests: [entry('1', 'arena', NOW_MS + 10)] }, NOW_MS + 450);
  sources.note({ total: 0, requests: [] }, NOW_MS + 900);
  expect(sources.take(row(NOW_MS, 880), NOW_MS + 910)).toBe('arena');
  expect(sources.take(row(NOW_MS, 430), NOW_MS + 910)).toBe('boochat');
});

it('tells those that began together apart by when the host says that they ended', () => {
  const both = [entry('1', 'arena', NOW_MS + 10), entry('2', 'boochat', NOW_MS + 11)];
  const sources = noted(...both);
  sources.announce(7, NOW_MS + 498);
  sources.note({ total: 1, requests: both.slice(0, 1) }, NOW_MS + 500);
  sources.announce(8, NOW_MS + 530);
  sources.note({ total: 0, requests: [] }, NOW_MS + 531);
  expect(sources.take(row(NOW_MS, 510, { entryId: 8 }), NOW_MS + 540)).toBe('arena');
  expect(sources.take(row(NOW_MS, 505, { entryId: 7 }), NOW_MS + 540)).toBe('boochat');
});

it('tells those that also ended together apart by the order of the host’s events', () => {
  const both = [entry('1', 'arena', NOW_MS), entry('2', 'boochat', NOW_MS)];
  const sources = noted(...both);
  sources.announce(7, NOW_MS + 500);
  sources.note({ total: 1, requests: both.slice(0, 1) }, NOW_MS + 500);
  sources.announce(8, NOW_MS + 500);
  sources.note({ total: 0, requests: [] }, NOW_MS + 500);
  expect(sources.take(row(NOW_MS, 500, { entryId: 8 }), NOW_MS + 510)).toBe('arena');
  expect(sources.take(row(NOW_MS, 500, { entryId: 7 }), NOW_MS + 510)).toBe('boochat');
});

it('is early as long as nothing has ended since the row was announced', () => {
  const sources = noted(entry('1', 'arena', NOW_MS), entry('2', 'boochat', NOW_MS));
  const ended = row(NOW_MS, 500, { entryId: 7 });
  expect(sources.isEarly(ended, NOW_MS + 500)).toBe(false);
  sources.announce(7, NOW_MS + 500);
  expect(sources.isEarly(ended, NOW_MS + 500)).toBe(true);
  expect(sources.isEarly({ ...ended, model: 'n' }, NOW_MS + 500)).toBe(false);
  sources.note({ total: 1, requests: [entry('1', 'arena', NOW_MS)] }, NOW_MS + 501);
  expect(sources.isEarly(ended, NOW_MS + 502)).toBe(false);
  expect(sources.take(ended, NOW_MS + 502)).toBe('boochat');
});

it('takes one that is still listed for one that has just ended', () => {
  const sources = noted(entry('1', 'arena', NOW_MS + 10));
  sources.note(
    { total: 2, requests: [entry('1', 'arena', NOW_MS + 10), entry('2', 'boochat', NOW_MS + 400)] },
    NOW_MS + 400,
  );
  expect(sources.take(row(NOW_MS, 500), NOW_MS + 900)).toBe('boochat');
});

it.each([
  ['another model', { model: 'n' }],
  ['another path', { reqPath: '/v1/embeddings' }],
  ['another time', { ts: instantFromMs(NOW_MS + 60_000) }],
])('has nothing for %s', (_name, more) => {
  expect(noted(entry('1', 'arena', NOW_MS)).take(row(NOW_MS + 100, 100, more), NOW_MS + 100)).toBeNull();
});

it('keeps ended requests for a while, and forgets them then', () => {
  const sources = noted(entry('1', 'arena', NOW_MS), entry('2', 'arena', NOW_MS + 10));
  sources.note({ total: 0, requests: [] }, NOW_MS + 1_000);
  expect(sources.take(row(NOW_MS + 1_000, 1_000), NOW_MS + 1_000)).toBe('arena');
  sources.note({ total: 0, requests: [] }, NOW_MS + 200_000);
  expect(sources.take(row(NOW_MS + 1_000, 1_000), NOW_MS + 1_000)).toBeNull();
});

it('does not take what has no source or no beginning', () => {
  const sources = noted(entry('1', 'unattributed', NOW_MS), entry('2', 'arena', NOW_MS, { startedAt: null }));
  expect(sources.take(row(NOW_MS, 0), NOW_MS)).toBeNull();
});

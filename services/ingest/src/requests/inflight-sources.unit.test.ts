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
  expect(sources.take(row(NOW_MS + 5_702, 5_000))).toBe('boochat');
  expect(sources.take(row(NOW_MS + 5_001, 5_000))).toBe('arena');
  expect(sources.take(row(NOW_MS + 5_001, 5_000))).toBeNull();
});

it('matches rows whose time is cut to whole seconds, and metered /upstream paths', () => {
  expect(noted(entry('1', 'arena', NOW_MS + 900)).take(row(NOW_MS + 3_000, 2_900))).toBe('arena');
  expect(
    noted(entry('1', 'arena', NOW_MS)).take(
      row(NOW_MS + 100, 100, { reqPath: '/upstream/m/v1/chat/completions' }),
    ),
  ).toBe('arena');
});

it.each([
  ['another model', { model: 'n' }],
  ['another path', { reqPath: '/v1/embeddings' }],
  ['another time', { ts: instantFromMs(NOW_MS + 60_000) }],
])('has nothing for %s', (_name, more) => {
  expect(noted(entry('1', 'arena', NOW_MS)).take(row(NOW_MS + 100, 100, more))).toBeNull();
});

it('keeps ended requests for a while, and forgets them then', () => {
  const sources = noted(entry('1', 'arena', NOW_MS), entry('2', 'arena', NOW_MS + 10));
  sources.note({ total: 0, requests: [] }, NOW_MS + 1_000);
  expect(sources.take(row(NOW_MS + 1_000, 1_000))).toBe('arena');
  sources.note({ total: 0, requests: [] }, NOW_MS + 200_000);
  expect(sources.take(row(NOW_MS + 1_000, 1_000))).toBeNull();
});

it('does not take what has no source or no beginning', () => {
  const sources = noted(entry('1', 'unattributed', NOW_MS), entry('2', 'arena', NOW_MS, { startedAt: null }));
  expect(sources.take(row(NOW_MS, 0))).toBeNull();
});

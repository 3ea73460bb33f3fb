import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { liveness, provider } from '../../testing/hosts';
import { isStale, livenessView } from './liveness';
import { overview } from './overview';

const NOW = Date.UTC(2026, 10, 20, 12);
const host = provider('tower', 'Tower', { tags: ['5090'] });

describe('liveness in words', () => {
  it.each([
    [{ state: 'connected', since: instantFromMs(NOW - 7_200_000) }, 'ready', 'connected for 2 h'],
    [{ state: 'connected', since: instantFromMs(NOW + 5000) }, 'ready', 'connected for 0 s'],
    [
      { state: 'reconnecting', attempt: 2, nextAttemptAt: instantFromMs(NOW + 7400) },
      'busy',
      'reconnecting, try 3 in 8 s',
    ],
    [
      { state: 'reconnecting', attempt: 2, nextAttemptAt: instantFromMs(NOW - 5) },
      'busy',
      'reconnecting, try 3 now',
    ],
    [{ state: 'down', lastSeenAt: instantFromMs(NOW - 260_000) }, 'error', 'down, last seen 4 min ago'],
    [{ state: 'down', lastSeenAt: null }, 'error', 'down, never seen'],
    [{ state: 'connecting' }, 'busy', 'connecting'],
  ] as const)('%o', (more, tone, text) => {
    expect(livenessView(host, liveness('tower', NOW, more), NOW)).toMatchObject({ tone, text });
  });
  it('says that nothing is known yet, that it is disabled', () => {
    expect(livenessView(host, null, NOW).text).toBe('waiting for the first contact');
    expect(livenessView({ ...host, enabled: false }, liveness('tower', NOW), NOW).word).toBe('disabled');
  });
  it('knows whose readings are old', () => {
    expect(isStale(liveness('tower', NOW, { state: 'down' }))).toBe(true);
    expect(isStale(liveness('tower', NOW))).toBe(false);
  });
});

describe('the whole fleet', () => {
  const down = provider('down', 'Down');
  const off = provider('off', 'Off', { enabled: false });
  const hosts = {
    tower: {
      ...emptyHost('tower'),
      liveness: liveness('tower', NOW),
      inflight: { providerId: 'tower', at: instantFromMs(NOW), total: 2, requests: [] },
    },
    down: {
      ...emptyHost('down'),
      liveness: liveness('down', NOW, { state: 'down' }),
      inflight: { providerId: 'down', at: instantFromMs(NOW), total: 9, requests: [] },
    },
  };
  it('counts only hosts that are followed, and requests only of those that are up', () => {
    expect(overview([host, down, off], hosts, null, NOW)).toEqual({
      followed: 2,
      up: 1,
      hidden: 0,
      inflight: 2,
      outputTps: 0,
    });
  });
  it('counts hidden hosts apart, and their requests as before', () => {
    const hiding = (providerId: string) => ({
      favorites: [],
      hidden: [{ providerId, model: null, hiddenAt: instantFromMs(NOW) }],
    });
    const count = (id: string) => overview([host, down, off], hosts, hiding(id), NOW);
    expect(count('down')).toMatchObject({ followed: 1, up: 1, hidden: 1, inflight: 2 });
    expect(count('tower')).toMatchObject({ followed: 1, up: 0, hidden: 1, inflight: 2 });
    expect(count('off')).toMatchObject({ followed: 2, hidden: 0 });
  });
  it('counts nothing of a host that is no longer in the registry', () => {
    const bucket = { start: NOW / 1000 - 15, outputTokens: 600, inputTokens: 0, requests: 1, errors: 0 };
    const gone = { ...hosts.tower, requests: { ...hosts.tower.requests, buckets: [bucket] } };
    expect(overview([host], { tower: gone }, null, NOW).outputTps).toBeGreaterThan(0);
    expect(overview([down], { tower: gone, down: hosts.down }, null, NOW)).toEqual({
      followed: 1,
      up: 0,
      hidden: 0,
      inflight: 0,
      outputTps: 0,
    });
  });
});

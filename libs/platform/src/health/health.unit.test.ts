import { HealthReportSchema } from '@boocontrol/contracts';
import { describe, expect, it, vi } from 'vitest';
import { HealthRegistry } from './health.js';

const identity = {
  service: 'ingest',
  instance: 'a',
  version: '0.1.0',
  startedAt: '2026-11-20T16:00:00.000Z',
};

function ready(): HealthRegistry {
  const registry = new HealthRegistry(identity);
  registry.setReady(true);
  return registry;
}

describe('HealthRegistry', () => {
  it('is degraded until ready, then ok', async () => {
    const registry = new HealthRegistry(identity);
    expect((await registry.report()).status).toBe('degraded');
    registry.setReady(true);
    expect(HealthReportSchema.parse(await registry.report())).toEqual({
      ...identity,
      status: 'ok',
      checks: {},
    });
  });

  it('is degraded with one check down, and says why', async () => {
    const registry = ready();
    registry.register('a', () => ({ status: 'up' }));
    registry.register('b', () => Promise.reject(new Error('no connection')));
    expect(await registry.report()).toMatchObject({
      status: 'degraded',
      checks: { a: { status: 'up' }, b: { status: 'down', detail: 'no connection' } },
    });
  });

  it('keeps `since` until the status changes', async () => {
    vi.useFakeTimers({ now: 1_000, toFake: ['Date'] });
    try {
      const registry = ready();
      let status: 'up' | 'down' = 'up';
      registry.register('db', () => ({ status }));
      const since = async (): Promise<string | undefined> => (await registry.report()).checks['db']?.since;
      expect(await since()).toBe(new Date(1_000).toISOString());
      vi.setSystemTime(2_000);
      expect(await since()).toBe(new Date(1_000).toISOString());
      status = 'down';
      expect(await since()).toBe(new Date(2_000).toISOString());
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts a check that hangs as down', async () => {
    vi.useFakeTimers();
    try {
      const registry = ready();
      registry.register('stuck', () => new Promise(() => undefined));
      const report = registry.report();
      await vi.advanceTimersByTimeAsync(2_000);
      expect((await report).checks['stuck']).toMatchObject({
        status: 'down',
        detail: 'did not answer in 2 s',
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

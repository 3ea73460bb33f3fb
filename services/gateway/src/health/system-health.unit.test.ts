import type { HealthReport } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { systemHealth } from './system-health.js';

const AT = '2026-11-20T16:00:00.000Z';
const fine = { bus: null, database: null, web: null };
function report(service: string, checks: HealthReport['checks'] = {}): HealthReport {
  const status = Object.values(checks).some((check) => check.status === 'down') ? 'degraded' : 'ok';
  return { service, status, instance: 'i1', version: '1', startedAt: AT, checks };
}
const all = ['ingest', 'fleet-state', 'actions', 'bench', 'evals', 'gateway'].map((service) =>
  report(service),
);

describe('the health of the system', () => {
  it('is ok when every part is', () => {
    const health = systemHealth(fine, all, AT);
    expect(health.status).toBe('ok');
    expect(health.parts.map(({ name }) => name)).toEqual([
      'bus',
      'database',
      'ingest',
      'fleet-state',
      'actions',
      'bench',
      'evals',
      'gateway',
      'web',
    ]);
    expect(health.parts.every(({ why }) => why === null)).toBe(true);
  });

  it('names a service that does not answer', () => {
    const { status, parts } = systemHealth(fine, all.slice(1), AT);
    expect(status).toBe('degraded');
    expect(parts.find(({ name }) => name === 'ingest')).toMatchObject({
      status: 'down',
      why: expect.stringContaining('no ingest process'),
    });
  });

  it('says that nobody could be asked while the bus is down', () => {
    const { parts } = systemHealth({ ...fine, bus: 'gone' }, [report('gateway')], AT);
    expect(parts.find(({ name }) => name === 'bus')).toMatchObject({ status: 'down', why: 'gone' });
    expect(parts.find(({ name }) => name === 'ingest')?.why).toContain('bus is down');
  });

  it('tells why a service is degraded, and counts every process', () => {
    const bad = report('ingest', { tower: { status: 'down', detail: 'refused', since: AT } });
    const { parts } = systemHealth(fine, [...all, bad], AT);
    expect(parts.find(({ name }) => name === 'ingest')).toMatchObject({
      status: 'degraded',
      why: 'tower: refused',
    });
    expect(parts.find(({ name }) => name === 'ingest')?.reports).toHaveLength(2);
  });
});

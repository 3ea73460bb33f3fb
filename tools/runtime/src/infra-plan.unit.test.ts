import { describe, expect, it } from 'vitest';
import { RuntimeError } from './errors.js';
import { planInfra } from './infra-plan.js';

const NATS_URL = 'nats://user:secret@bus:4222';
const DATABASE_URL = 'postgres://user:secret@db:5432/boo';

describe('planInfra', () => {
  it.each([
    [
      'both URLs win over everything',
      { NATS_URL, DATABASE_URL, BOOCONTROL_RUNTIME: 'docker' },
      true,
      undefined,
    ],
    ['one URL leaves the other part embedded', { NATS_URL }, true, 'embedded'],
    [
      'one URL leaves the other part to docker',
      { DATABASE_URL, BOOCONTROL_RUNTIME: 'docker' },
      true,
      'docker',
    ],
    ['docker when asked', { BOOCONTROL_RUNTIME: 'docker' }, true, 'docker'],
    ['embedded by default', {}, true, 'embedded'],
    [
      'empty variables count as left out',
      { NATS_URL: '', DATABASE_URL: ' ', BOOCONTROL_RUNTIME: '' },
      true,
      'embedded',
    ],
    [
      'embedded when asked, even where it looks hopeless',
      { BOOCONTROL_RUNTIME: 'embedded' },
      false,
      'embedded',
    ],
  ])('%s', (_name, env, canEmbed, start) => {
    const plan = planInfra({ env, canEmbed });
    expect(plan.start).toBe(start);
    expect(plan.natsUrl).toBe('NATS_URL' in env && env.NATS_URL !== '' ? NATS_URL : undefined);
    expect(plan.databaseUrl).toBe(
      'DATABASE_URL' in env && env.DATABASE_URL !== ' ' ? DATABASE_URL : undefined,
    );
  });

  it('takes a list of NATS servers', () => {
    const list = 'nats://a:4222,nats://b:4222';
    expect(planInfra({ env: { NATS_URL: list, DATABASE_URL }, canEmbed: false }).natsUrl).toBe(list);
  });

  it('names every way out when nothing is possible', () => {
    const error = failure({});
    expect(error.code).toBe('no_runtime');
    for (const way of ['NATS_URL', 'DATABASE_URL', 'BOOCONTROL_RUNTIME=docker', 'apt-get']) {
      expect(error.describe()).toContain(way);
    }
  });

  it.each([
    [{ BOOCONTROL_RUNTIME: 'podman' }],
    [{ DATABASE_URL: 'mysql://user:secret@db/boo' }],
    [{ NATS_URL: 'user:secret@bus' }],
  ])('refuses %o without repeating a password', (env) => {
    const error = failure(env);
    expect(error.code).toBe('bad_setting');
    expect(error.describe()).toContain(Object.keys(env)[0]);
    expect(error.describe()).not.toContain('secret');
  });
});

function failure(env: Record<string, string>): RuntimeError {
  try {
    planInfra({ env, canEmbed: false });
  } catch (error) {
    if (error instanceof RuntimeError) return error;
  }
  throw new Error('planInfra did not refuse');
}

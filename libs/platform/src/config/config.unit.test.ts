import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databaseConfig, ConfigError, loadConfig } from './config.js';

const good = {
  NATS_URL: 'nats://user:hunter2@127.0.0.1:4222',
  DATABASE_URL: 'postgres://boo:hunter2@127.0.0.1:5432/boo',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(databaseConfig, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('applies defaults and converts', () => {
    const config = loadConfig(databaseConfig, {
      ...good,
      PORT: '9510',
      BOOCONTROL_EXIT_WITH_PARENT: '1',
      LOG_LEVEL: '',
    });
    expect(config).toMatchObject({
      PORT: 9510,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      BOOCONTROL_EXIT_WITH_PARENT: true,
    });
    expect(config.SERVICE_INSTANCE).toMatch(/^[0-9a-f]{8}$/);
  });

  it('gives each process another instance name', () => {
    expect(loadConfig(databaseConfig, good).SERVICE_INSTANCE).not.toBe(
      loadConfig(databaseConfig, good).SERVICE_INSTANCE,
    );
  });

  it('names every bad variable with an example', () => {
    expect(problemsOf({ NATS_URL: 'http://x', PORT: '70000' })).toEqual([
      expect.stringMatching(/^NATS_URL: must be a URL with nats: or tls:, for example NATS_URL=nats:/),
      expect.stringMatching(/^PORT: .*65535, for example PORT=9510$/),
      expect.stringMatching(/^DATABASE_URL: is missing, for example DATABASE_URL=postgres:/),
    ]);
  });

  it('never shows a value', () => {
    const env = { NATS_URL: 'http://u:hunter2@x', DATABASE_URL: 'mysql://u:hunter2@x', LOG_LEVEL: 'hunter2' };
    expect(problemsOf(env)).toHaveLength(3);
    expect(problemsOf(env).join()).not.toContain('hunter2');
  });

  it('checks every server of a list', () => {
    expect(problemsOf({ ...good, NATS_URL: 'nats://a:4222,nats://b:4222' })).toEqual([]);
    expect(problemsOf({ ...good, NATS_URL: 'nats://a:4222,b' })).toHaveLength(1);
  });

  it('takes a service’s own variables', () => {
    const config = loadConfig(
      databaseConfig.extend({ CAPTURE_BUDGET_MB: z.coerce.number().default(50) }),
      good,
    );
    expect(config.CAPTURE_BUDGET_MB).toBe(50);
  });
});

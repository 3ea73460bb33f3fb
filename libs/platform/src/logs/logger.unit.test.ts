import { describe, expect, it } from 'vitest';
import { createLogger, type Log } from './logger.js';
import { NestLogger } from './nest-logger.js';

function collect(): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLogger('ingest', {
    level: 'debug',
    instance: 'a',
    destination: { write: (line: string) => void written.push(line) },
  });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('createLogger', () => {
  it('writes a JSON line that names service and instance', () => {
    const { log, lines } = collect();
    log.info({ hosts: 3 }, 'up');
    expect(lines()).toEqual([
      { level: 'info', time: expect.any(String), service: 'ingest', instance: 'a', hosts: 3, msg: 'up' },
    ]);
  });

  it('hides secrets at any usual depth', () => {
    const { log, lines } = collect();
    const secrets = {
      authorization: 'hunter2',
      apiKey: 'hunter2',
      password: 'hunter2',
      token: 'hunter2',
      'x-api-key': 'hunter2',
    };
    log.info({ ...secrets, a: secrets, b: { headers: secrets }, c: { d: { e: secrets } } }, 'request');
    expect(lines()).toHaveLength(1);
    expect(JSON.stringify(lines())).not.toContain('hunter2');
    expect(lines()[0]).toMatchObject({ a: { token: '***' } });
  });
});

describe('NestLogger', () => {
  it('carries context, stack and level over', () => {
    const { log, lines } = collect();
    const nest = new NestLogger(log);
    nest.warn('odd', 'Router');
    nest.error('broken', 'Error: broken\n at x', 'Rpc');
    nest.error({ err: new Error('odd'), subject: 's' }, 'Rpc');
    expect(lines()).toMatchObject([
      { level: 'warn', msg: 'odd', context: 'Router' },
      { level: 'error', msg: 'broken', context: 'Rpc', stack: 'Error: broken\n at x' },
      { level: 'error', context: 'Rpc', subject: 's', err: { message: 'odd' } },
    ]);
  });
});

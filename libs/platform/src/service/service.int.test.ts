import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HealthReportSchema, subjects } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectBus } from '../bus/connect.js';
import { createLogger } from '../logs/logger.js';

const SERVICE = `
import { baseConfig, bootstrap, BUS, HealthRegistry, loadConfig, LOG } from '@boocontrol/platform';
const config = loadConfig(baseConfig);
const mode = process.env.MODE;
class Part {
  constructor(nc, log, health) {
    this.log = log;
    health.register('part', () => mode === 'degraded' ? { status: 'down', detail: 'no disk' } : { status: 'up' });
    if (mode === 'broken') throw new Error('this module cannot start');
    if (mode === 'rejects') setTimeout(() => void Promise.reject(new Error('nobody caught me')), 200);
  }
  beforeApplicationShutdown() {
    this.log.info('hook ran');
    if (mode === 'stuck') return new Promise(() => undefined);
    if (mode === 'fails') throw new Error('this hook is broken');
  }
}
class Root {}
const inject = [BUS, LOG, HealthRegistry];
const providers = [{ provide: Part, inject, useFactory: (...parts) => new Part(...parts) }];
await bootstrap({ name: 'sample', config, module: { module: Root, providers } });
`;

interface Sample {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
  ready: () => Promise<string>;
}

let nats: TestNats;
let nc: NatsConnection;
const children: ChildProcess[] = [];

beforeAll(async () => {
  nats = await testNats();
  nc = await connectBus({ url: nats.url, name: 'test', log: createLogger('test', { level: 'silent' }) });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await nc?.close();
  await nats?.stop();
});

function start(env: Record<string, string> = {}): Sample {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SERVICE], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env['PATH'], NATS_URL: nats.url, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const ready = (): Promise<string> =>
    waitFor(() => /"url":"([^"]+)".*is up/.exec(text)?.[1], {
      what: `the service to start, it said: ${text}`,
    });
  return { child, output: () => text, exited, ready };
}

describe('a running service', () => {
  it('answers /health, /metrics and the bus with the same report', async () => {
    const { ready } = start({ SERVICE_INSTANCE: 'one' });
    const url = await ready();
    const response = await fetch(`${url}/health`);
    const report = HealthReportSchema.parse(await response.json());
    expect(response.status).toBe(200);
    expect(report).toMatchObject({
      status: 'ok',
      service: 'sample',
      instance: 'one',
      checks: { bus: { status: 'up' }, part: { status: 'up' } },
    });
    expect((await nc.request(subjects.health)).json()).toEqual(report);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_cpu_seconds_total');
  });

  it('is degraded and still ready while a part is down', async () => {
    const { ready } = start({ MODE: 'degraded' });
    const response = await fetch(`${await ready()}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'degraded',
      checks: { part: { detail: 'no disk' } },
    });
  });

  it('says that it lost the bus, and finds it again', async () => {
    const { ready } = start();
    const url = await ready();
    const bus = async (): Promise<string | undefined> =>
      HealthReportSchema.parse(await (await fetch(`${url}/health`)).json()).checks['bus']?.status;
    await nats.kill9();
    await waitFor(async () => (await bus()) === 'down', { what: 'the bus check to be down' });
    await nats.restart();
    await waitFor(async () => (await bus()) === 'up', { what: 'the bus check to be up' });
  });
});

describe('the end of a service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s drains and exits with 0', async (signal) => {
    const { child, ready, exited, output } = start();
    await ready();
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(output()).toMatch(/hook ran[\s\S]*stopped/);
  });

  it('is orderly although a hook fails, and says so', async () => {
    const { child, ready, exited, output } = start({ MODE: 'fails' });
    await ready();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    // Errors come through a pipe of their own.
    expect(output()).toContain('this hook is broken');
    expect(output()).toMatch(/hook ran[\s\S]*stopped/);
  });

  it('comes also while the bus is away', async () => {
    const { child, ready, exited } = start();
    await ready();
    await nats.kill9();
    child.kill('SIGTERM');
    try {
      expect(await exited).toBe(0);
    } finally {
      await nats.restart();
    }
  });

  it('comes at once with a second signal', async () => {
    const { child, ready, exited, output } = start({ MODE: 'stuck' });
    await ready();
    child.kill('SIGTERM');
    await waitFor(() => output().includes('hook ran'), { what: 'the hook that hangs' });
    child.kill('SIGTERM');
    expect(await exited).toBe(1);
  });

  it('is cut short when it takes longer than it may', async () => {
    const { child, ready, exited, output } = start({ MODE: 'stuck', SHUTDOWN_MS: '300' });
    await ready();
    child.kill('SIGTERM');
    expect(await exited).toBe(1);
    expect(output()).toContain('hook ran');
    expect(output()).toContain('not down after 300 ms');
  });

  it('follows the parent’s when asked to, and only then', async () => {
    const alone = start();
    const bound = start({ BOOCONTROL_EXIT_WITH_PARENT: '1' });
    await Promise.all([alone.ready(), bound.ready()]);
    alone.child.stdin?.end();
    bound.child.stdin?.end();
    expect(await bound.exited).toBe(0);
    expect(bound.output()).toContain('hook ran');
    expect(alone.child.exitCode).toBe(null);
  });

  it('stays orderly when the parent dies with all its pipes', async () => {
    const { child, ready, exited } = start({ BOOCONTROL_EXIT_WITH_PARENT: '1' });
    await ready();
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.stdin?.destroy();
    expect(await exited).toBe(0);
  });

  it('is an exit code of 1 and a reason when a promise is left rejected', async () => {
    const { exited, output } = start({ MODE: 'rejects' });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/"level":"fatal".*nobody caught me/);
  });

  it('is an exit code of 1 and a reason when it cannot start', async () => {
    const broken = start({ MODE: 'broken' });
    expect(await broken.exited).toBe(1);
    expect(broken.output()).toMatch(/"level":"fatal".*this module cannot start/);
    const wrong = new URL(nats.url);
    wrong.password = 'hunter2';
    const refused = start({ NATS_URL: wrong.href });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(/"level":"fatal".*Authorization/i);
    expect(refused.output()).not.toContain('hunter2');
  });
});

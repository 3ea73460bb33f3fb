import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimePaths } from './ensure.js';
import { startNats } from './nats.js';
import { startPostgres } from './postgres.js';
import { commandLine, identify } from './proc.js';
import { BUILT_ENTRY, checkoutRuntime, until, withFolder } from './testing/folders.js';

let paths: RuntimePaths;

beforeAll(async () => {
  paths = await checkoutRuntime();
}, 300_000);

interface Parent {
  pid: number;
  nats: number;
  postgres: number;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** A process of its own that starts both servers and then waits for ever. */
async function startParent(dir: string): Promise<Parent> {
  const script = `
    const { startNats, startPostgres } = await import(${JSON.stringify(BUILT_ENTRY)});
    const paths = ${JSON.stringify(paths)};
    const nats = await startNats({ paths, dir: ${JSON.stringify(join(dir, 'nats'))}, port: 0 });
    const postgres = await startPostgres({ paths, dir: ${JSON.stringify(join(dir, 'postgres'))}, port: 0 });
    console.log(JSON.stringify({ nats: nats.pid, postgres: postgres.pid }));
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', () => reject(new Error('the parent ended early')));
  });
  const pids = JSON.parse(line) as { nats: number; postgres: number };
  return {
    pid: child.pid ?? 0,
    ...pids,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** The watchdogs of these servers. */
function watchdogsOf(pids: readonly number[]): number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return all.filter((pid) => {
    const line = commandLine(pid);
    return (
      line.includes('boocontrol-watchdog') && pids.some((server) => line.includes(`watchdog ${server} `))
    );
  });
}

describe('servers whose parent dies', { timeout: 240_000 }, () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'end with it on %s, gracefully, and so do the watchdogs',
    (signal) =>
      withFolder(async (dir) => {
        const parent = await startParent(dir);
        const watchdogs = watchdogsOf([parent.nats, parent.postgres]);
        expect(watchdogs).toHaveLength(2);
        await parent.end(signal);
        for (const pid of [parent.nats, parent.postgres, ...watchdogs]) {
          await until(`process ${pid} to end`, () => identify(pid) === undefined);
        }
        expect(readFileSync(join(dir, 'postgres/postgres.log'), 'utf8')).toContain(
          'database system is shut down',
        );
      }),
  );

  it('are stopped by the next start when the watchdogs were killed as well', () =>
    withFolder(async (dir) => {
      const parent = await startParent(dir);
      for (const pid of watchdogsOf([parent.nats, parent.postgres])) process.kill(pid, 'SIGKILL');
      await parent.end('SIGKILL');
      expect(identify(parent.nats)).toBeDefined();
      expect(identify(parent.postgres)).toBeDefined();

      const nats = await startNats({ paths, dir: join(dir, 'nats'), port: 0 });
      try {
        expect(identify(parent.nats)).toBeUndefined();
        const postgres = await startPostgres({ paths, dir: join(dir, 'postgres'), port: 0 });
        expect(identify(parent.postgres)).toBeUndefined();
        await postgres.stop();
      } finally {
        await nats.stop();
      }
    }));
});

import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RuntimePaths } from './ensure.js';
import { RuntimeError } from './errors.js';
import { exec } from './exec.js';
import { natsAnswers } from './nats-handshake.js';
import { startNats } from './nats.js';
import { freePort, isPortFree } from './ports.js';
import { startPostgres } from './postgres.js';
import { commandLine, identify } from './proc.js';
import { checkoutRuntime, until, withFolder } from './testing/folders.js';

let paths: RuntimePaths;
const asRoot = process.getuid?.() === 0;

beforeAll(async () => {
  paths = await checkoutRuntime();
}, 300_000);

async function query(url: string, sql: string): Promise<string> {
  const result = await exec(join(paths.postgresBin, 'psql'), [url, '-XAtqc', sql]);
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout.trim();
}

async function code(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof RuntimeError) return error.code;
  throw error;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

/** The user a process runs as. */
async function ownerOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

describe('startNats', () => {
  it('serves JetStream on loopback to its own user only, and keeps the password out of sight', () =>
    withFolder(async (dir) => {
      const nats = await startNats({ paths, dir, port: 0 });
      try {
        const { user, password, port } = nats;
        expect(await natsAnswers('127.0.0.1', port, { user, password })).toBe(true);
        expect(await natsAnswers('127.0.0.1', port, { user, password: 'wrong' })).toBe(false);
        expect(nats.url).toBe(`nats://${user}:${password}@127.0.0.1:${port}`);
        expect(commandLine(nats.pid)).not.toContain(password);
        expect((await stat(join(dir, 'nats.conf'))).mode & 0o777).toBe(0o600);
        expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
        expect((await listeners(nats.pid)).filter((address) => !address.startsWith('127.0.0.1:'))).toEqual(
          [],
        );
        if (asRoot) expect(await ownerOf(nats.pid)).not.toBe(0);
      } finally {
        await nats.stop();
      }
      expect(identify(nats.pid)).toBeUndefined();
      expect(await isPortFree(nats.port)).toBe(true);
    }));

  it('takes another port when its own is in use, and keeps port and password over kill -9 and restart', () =>
    withFolder(async (dir) => {
      const taken = await freePort();
      const squatter = await occupy(taken);
      const nats = await startNats({ paths, dir, port: taken });
      try {
        expect(nats.port).not.toBe(taken);
        const before = { pid: nats.pid, port: nats.port };
        await nats.kill9();
        expect(identify(before.pid)).toBeUndefined();
        await nats.restart();
        expect(nats.port).toBe(before.port);
        expect(nats.pid).not.toBe(before.pid);
        expect(await natsAnswers('127.0.0.1', nats.port, nats)).toBe(true);
      } finally {
        await nats.stop();
        squatter.close();
      }
    }));

  it('refuses a folder that is served already, and says who serves it', () =>
    withFolder(async (dir) => {
      const nats = await startNats({ paths, dir, port: 0 });
      try {
        expect(await code(startNats({ paths, dir, port: 0 }))).toBe('already_running');
        expect(await natsAnswers('127.0.0.1', nats.port, nats)).toBe(true);
      } finally {
        await nats.stop();
      }
    }));

  it('tells an unexpected end from one that was asked for', () =>
    withFolder(async (dir) => {
      const nats = await startNats({ paths, dir, port: 0 });
      let ends = 0;
      nats.onUnexpectedEnd(() => (ends += 1));
      try {
        await nats.kill9();
        await nats.restart();
        expect(ends).toBe(0);
        process.kill(nats.pid, 'SIGKILL');
        await until('the end to be noticed', () => ends === 1);
      } finally {
        await nats.stop();
      }
      expect(ends).toBe(1);
    }));
});

describe('startPostgres', { timeout: 240_000 }, () => {
  it('makes a database with TimescaleDB, whose rows outlive kill -9 and restart', () =>
    withFolder(async (dir) => {
      const postgres = await startPostgres({ paths, dir, port: 0 });
      try {
        expect(
          await query(postgres.url, "SELECT extname FROM pg_extension WHERE extname = 'timescaledb'"),
        ).toBe('timescaledb');
        await query(
          postgres.url,
          'CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)',
        );
        const { port } = postgres;
        await postgres.kill9();
        await postgres.restart();
        expect(postgres.port).toBe(port);
        expect(await query(postgres.url, 'SELECT count(*), sum(n) FROM kept')).toBe('1000|500500');
        expect(commandLine(postgres.pid)).not.toContain(new URL(postgres.url).password);
        expect(
          (await listeners(postgres.pid)).filter((address) => !address.startsWith('127.0.0.1:')),
        ).toEqual([]);
        if (asRoot) expect(await ownerOf(postgres.pid)).not.toBe(0);
      } finally {
        await postgres.stop();
      }
      const again = await startPostgres({ paths, dir, port: 0 });
      try {
        expect(await query(again.url, 'SELECT count(*) FROM kept')).toBe('1000');
      } finally {
        await again.stop();
      }
    }));

  it('wants the password', () =>
    withFolder(async (dir) => {
      const postgres = await startPostgres({ paths, dir, port: 0 });
      try {
        const wrong = new URL(postgres.url);
        wrong.password = 'wrong';
        await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
      } finally {
        await postgres.stop();
      }
    }));

  it('starts although postmaster.pid names a live process that is something else', () =>
    withFolder(async (dir) => {
      const first = await startPostgres({ paths, dir, port: 0 });
      await first.kill9();
      const pidFile = join(dir, 'pgdata/postmaster.pid');
      const stale = await readFile(pidFile, 'utf8');
      // The number has gone to another process of the same user, as after a reboot. One of our own children serves.
      const other = await startNats({ paths, dir: join(dir, 'nats'), port: 0 });
      try {
        await writeFile(pidFile, stale.replace(/^\d+/, String(other.pid)));
        const second = await startPostgres({ paths, dir, port: 0 });
        expect(await query(second.url, 'SELECT 1')).toBe('1');
        await second.stop();
      } finally {
        await other.stop();
      }
    }));

  it('refuses data of another major version, leaves them alone and says what to do', () =>
    withFolder(async (dir) => {
      const data = join(dir, 'pgdata');
      await mkdir(data);
      await writeFile(join(data, 'PG_VERSION'), '16\n');
      const error: unknown = await startPostgres({ paths, dir, port: 0 }).catch((reason: unknown) => reason);
      if (!(error instanceof RuntimeError)) throw new Error('expected a RuntimeError');
      expect(error.code).toBe('data_version');
      expect(error.describe()).toContain(`mv ${data}`);
      expect(await readFile(join(data, 'PG_VERSION'), 'utf8')).toBe('16\n');
    }));

  it('says where the log is when the server does not start', () =>
    withFolder(async (dir) => {
      const settings = ['shared_buffers=nonsense'];
      const error: unknown = await startPostgres({ paths, dir, port: 0, settings }).catch(
        (reason: unknown) => reason,
      );
      if (!(error instanceof RuntimeError)) throw new Error('expected a RuntimeError');
      expect(error.code).toBe('start_failed');
      expect(error.message).toContain('shared_buffers');
      expect(error.hint).toContain('postgres.log');
    }));

  it('leaves nothing half made when the data folder cannot be made', () =>
    withFolder(async (dir) => {
      // initdb works, and the server that would make the database does not.
      const bin = join(dir, 'bin');
      await mkdir(bin);
      await symlink(join(paths.postgresBin, 'initdb'), join(bin, 'initdb'));
      const broken = { ...paths, postgresBin: bin };
      await expect(startPostgres({ paths: broken, dir, port: 0 })).rejects.toThrow(RuntimeError);
      expect((await readdir(dir)).filter((name) => name.startsWith('pgdata'))).toEqual([]);
      const postgres = await startPostgres({ paths, dir, port: 0 });
      await postgres.stop();
    }));
});

/** The addresses that a process listens on over TCP, of both versions of IP. */
async function listeners(pid: number): Promise<string[]> {
  const sockets = await exec('ls', ['-l', `/proc/${pid}/fd`]);
  const inodes = new Set([...sockets.stdout.matchAll(/socket:\[(\d+)\]/g)].map((match) => match[1]));
  const addresses: string[] = [];
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && inodes.has(inode)) addresses.push(readAddress(local));
    }
  }
  if (addresses.length === 0) throw new Error('the process listens on nothing');
  return addresses;
}

function readAddress(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const bytes = (address.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse();
  return `${bytes.length === 4 ? bytes.join('.') : address}:${Number.parseInt(port, 16)}`;
}

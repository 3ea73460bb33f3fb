import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, ListenOptions, Server } from 'node:net';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxUser } from '../bubblewrap/user.js';
import type { SandboxBackend } from '../types.js';
import { commandLines, startTicks } from '../processes.js';

/** What the canaries are to reach, as they are told in the variable TRAP. */
export interface Trap {
  /** In every name that they make. */
  token: string;
  /** A file that anybody on this machine may read. */
  secret: string;
  tcp4: number[];
  tcp6: number[];
  udp4: number;
  /** This machine's own addresses. */
  addresses: string[];
  unix: string;
  abstract: string;
  /** A process of the same user. */
  victim: number;
  supervisor: number;
  /** The first process inside is ours and has no more rights than the others: it must be out of their reach. */
  watched: boolean;
}

/** The host as the canaries find it, and how it is afterwards. */
export interface Host {
  readonly trap: Trap;
  /** What is not as it was, in words. Empty: nothing changed. */
  changes(): Promise<string[]>;
  close(): Promise<void>;
}

/** Lays out what the canaries of a backend try to reach. */
export async function prepareHost(
  backend: SandboxBackend['name'],
  rootfs: string,
  label: string,
): Promise<Host> {
  const token = `boocontrol-canary-${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'boocontrol-canaries-'));
  await chmod(folder, 0o777);
  const secret = join(folder, 'secret');
  await writeFile(secret, token, { mode: 0o666 });
  let visits = 0;
  const visited = (): void => void (visits += 1);
  const servers: Server[] = [];
  const listen = async (options: ListenOptions): Promise<number[]> => {
    const server = createServer((socket) => {
      visited();
      socket.destroy();
    });
    server.on('error', () => undefined).listen(options);
    const listening = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!listening) return [];
    servers.push(server);
    const address = server.address();
    return typeof address === 'object' && address !== null ? [(address as AddressInfo).port] : [];
  };
  const tcp4 = await listen({ host: '127.0.0.1', port: 0 });
  const tcp6 = await listen({ host: '::1', port: 0 });
  const unix = join(folder, 'socket');
  await listen({ path: unix });
  await listen({ path: `\0${token}-host` });
  const udp = createSocket('udp4').on('message', visited);
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  // Ends with us: its input closes.
  const victim = spawn('/bin/sh', ['-c', 'read line'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    ...sandboxUser(),
  });
  victim.once('error', () => undefined);
  const trap: Trap = {
    token,
    secret,
    tcp4,
    tcp6,
    udp4: udp.address().port,
    addresses: ownAddresses(),
    unix,
    abstract: `${token}-host`,
    victim: victim.pid ?? 0,
    supervisor: process.pid,
    watched: backend === 'bubblewrap',
  };
  const [before, victimTicks] = [await programs(rootfs), startTicks(trap.victim)];
  return {
    trap,
    async changes() {
      const left = commandLines().filter(({ args }) => args.some((arg) => arg.includes(`:${label}`)));
      const found = await namesWith(token, [folder, rootfs]);
      const sockets = (await readFile('/proc/net/unix', 'latin1')).split('\n');
      return [
        ...left.map(({ pid }) => `process ${pid} is left`),
        ...(startTicks(trap.victim) === victimTicks ? [] : ['a process of the host was ended']),
        ...(visits === 0 ? [] : [`${visits} connections reached the host`]),
        ...found.map((path) => `${path} was made`),
        ...((await readFile(secret, 'utf8')) === token ? [] : [`${secret} was changed`]),
        ...((await readdir(folder)).length <= 2 ? [] : [`files were left in ${folder}`]),
        ...((await programs(rootfs)) === before ? [] : ['the root file system was changed']),
        ...sockets.filter((line) => line.includes(`${token}-inside`)).map(() => 'a socket is left'),
      ];
    },
    async close() {
      victim.stdin?.destroy();
      victim.kill('SIGKILL');
      udp.close();
      for (const server of servers) server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Size and times of what every run uses. */
async function programs(rootfs: string): Promise<string> {
  const paths = [
    '',
    'etc',
    'etc/passwd',
    'usr',
    'usr/bin',
    'usr/bin/python3.13',
    'usr/lib',
    'usr/lib/python3.13',
  ];
  const found = await Promise.all(
    paths.map(async (path) => {
      const { size, mode, mtimeMs } = await stat(join(rootfs, path));
      return `${path} ${size} ${mode} ${mtimeMs}`;
    }),
  );
  return found.join('\n');
}

/** What bears the token, where a program that got out would most likely write. */
async function namesWith(token: string, more: readonly string[]): Promise<string[]> {
  const likely = [
    '/',
    '/tmp',
    '/var/tmp',
    '/dev',
    '/dev/shm',
    '/run',
    '/home',
    '/usr',
    '/usr/bin',
    '/usr/lib',
    '/etc',
  ];
  const folders = new Set([...likely, homedir(), process.cwd(), ...more]);
  const found = await Promise.all(
    [...folders].map(async (folder) => {
      const names = await readdir(folder).catch(() => [] as string[]);
      return names.filter((name) => name.includes(token)).map((name) => join(folder, name));
    }),
  );
  return found.flat();
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address),
  );
}

import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeError } from '../errors.js';
import { exec, lastLines } from '../exec.js';
import type { Architecture } from '../recipe.js';
import { unpackDebs } from '../unpack.js';

/** Nothing that a program reads while it runs. */
const DROPPED =
  'usr/share/doc usr/share/man usr/share/lintian usr/share/bug usr/share/bash-completion usr/share/zsh usr/share/gdb';

/** Empty folders that the sandbox mounts over. */
const MOUNT_POINTS = ['proc', 'dev', 'tmp', 'work'];

const FILES: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0::/:/usr/sbin/nologin\nsandbox:x:1000:1000::/work:/bin/sh\n',
  'etc/group': 'root:x:0:\nsandbox:x:1000:\n',
  'etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
  'etc/hostname': 'sandbox\n',
};

/** Lays out `into`: `rootfs`, and `bin/bwrap` beside it. Nothing in it knows where it lies. @throws {RuntimeError} */
export async function buildSandbox(debs: readonly string[], into: string, arch: Architecture): Promise<void> {
  const rootfs = join(into, 'rootfs');
  await mkdir(into, { recursive: true });
  await chmod(into, 0o755);
  await unpackDebs(debs, rootfs);
  await Promise.all(
    DROPPED.split(' ').map((path) => rm(join(rootfs, path), { recursive: true, force: true })),
  );
  for (const name of ['bin', 'lib', 'sbin', 'lib64']) await link(`usr/${name}`, join(rootfs, name));
  await link('python3.13', join(rootfs, 'usr/bin/python3'));
  for (const name of MOUNT_POINTS) await openFolder(join(rootfs, name));
  await openFolder(join(rootfs, 'etc'));
  for (const [path, text] of Object.entries(FILES)) await openFile(join(rootfs, path), text, 0o644);
  await takeOutBwrap(into, rootfs, arch);
  await compilePython(rootfs, arch);
}

/** bwrap runs outside, with the root file system's C library: the machine's own may be older than the program. */
async function takeOutBwrap(into: string, rootfs: string, arch: Architecture): Promise<void> {
  await openFolder(join(into, 'bin'));
  await rename(join(rootfs, 'usr/bin/bwrap'), join(into, 'bin/bwrap.bin'));
  const script = [
    '#!/bin/sh',
    'here=${0%/*}',
    `libraries=$here/../rootfs/${arch.libraries}`,
    `exec "$here/../rootfs/${arch.loader}" --library-path "$libraries" "$here/bwrap.bin" "$@"`,
    '',
  ].join('\n');
  await openFile(join(into, 'bin/bwrap'), script, 0o755);
}

/** The library is read-only inside: without this every start of Python would compile what it imports. */
async function compilePython(rootfs: string, arch: Architecture): Promise<void> {
  const library = join(rootfs, 'usr/lib/python3.13');
  const args = [
    ...['--library-path', join(rootfs, arch.libraries), join(rootfs, 'usr/bin/python3.13')],
    // By hash, and never checked: the same bytes on every machine, whatever the times of the files.
    ...['-m', 'compileall', '-q', '--invalidation-mode', 'unchecked-hash'],
    ...['-s', rootfs, '-p', '/', library],
  ];
  const env = { PYTHONHOME: join(rootfs, 'usr'), LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' };
  const result = await exec(join(rootfs, arch.loader), args, { env });
  if (result.code === 0) return;
  throw new RuntimeError(
    'not_executable',
    `Python of the sandbox does not run: ${lastLines(result.stderr, 3)}`,
    'Is the folder on a file system mounted with noexec? Put the project elsewhere and start again.',
  );
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

/** Whatever our umask is. */
async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

async function openFile(path: string, text: string, mode: number): Promise<void> {
  await writeFile(path, text);
  await chmod(path, mode);
}

/** Folders that a build which was killed has left. */
export async function removeStale(parent: string): Promise<void> {
  const stale = (await readdir(parent)).filter((name) => /^sandbox\.(new|old)-\d+$/.test(name));
  for (const name of stale) await rm(join(parent, name), { recursive: true, force: true });
}

import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultCacheDir, fetchDebs } from './deb-cache.js';
import { errnoOf, fromSystemError, OTHER_WAYS, RuntimeError } from './errors.js';
import { chooseHome } from './home.js';
import { withLock } from './lock.js';
import { architectureOf, POSTGRES_MAJOR, PROGRAMS, RECIPE_VERSION } from './recipe.js';
import type { Architecture } from './recipe.js';
import { checkPrograms, patchPrograms, unpackDebs } from './unpack.js';

export interface EnsureOptions {
  /** The project's `.boocontrol` folder. */
  dir: string;
  log: (line: string) => void;
}

export interface RuntimePaths {
  /** Where runtime and data live: `dir`, or as root its stand-in under /var/lib (see chooseHome). */
  home: string;
  /** The unpacked programs. */
  root: string;
  postgresBin: string;
  natsServer: string;
}

const STAMP = 'boocontrol-runtime.json';

/**
 * NATS and PostgreSQL with TimescaleDB, unpacked below `dir` and ready to run; quick when they are there already.
 * Safe to call from several processes at once; a download or unpacking that was cut is done again.
 * Throws RuntimeError: no_apt, no_network, no_keyring, corrupt_download, disk_full, permission, not_executable, unsupported_platform.
 */
export async function ensureRuntime({ dir, log }: EnsureOptions): Promise<RuntimePaths> {
  const arch = architectureOf(process.platform, process.arch);
  if (arch === undefined) {
    throw new RuntimeError(
      'unsupported_platform',
      `The embedded runtime runs on Linux on amd64 and arm64, not on ${process.platform} ${process.arch}.`,
      OTHER_WAYS,
    );
  }
  const home = chooseHome(dir, process.getuid?.() ?? -1);
  const root = join(home.dir, 'runtime');
  const paths: RuntimePaths = {
    home: home.dir,
    root,
    postgresBin: join(root, `usr/lib/postgresql/${POSTGRES_MAJOR}/bin`),
    natsServer: join(root, 'usr/sbin/nats-server'),
  };
  if (await isReady(root)) return paths;
  if (home.movedBecause !== undefined) log(`using ${home.dir}, because ${home.movedBecause}`);
  try {
    await makeOpenFolder(home.dir);
    await withLock(join(home.dir, 'runtime.lock'), 900_000, async () => {
      if (!(await isReady(root))) await build(root, arch, log);
    });
  } catch (error) {
    throw fromSystemError(error, `building the runtime in ${root}`);
  }
  return paths;
}

/** Creates a folder that the unprivileged user can search, whatever our umask is. */
export async function makeOpenFolder(dir: string): Promise<void> {
  const first = await mkdir(dir, { recursive: true });
  if (first === undefined) return;
  for (let made = dir; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

async function build(root: string, arch: Architecture, log: EnsureOptions['log']): Promise<void> {
  const startedAt = Date.now();
  await removeLeftovers(root);
  const debs = await fetchDebs({ cacheDir: defaultCacheDir(process.env), architecture: arch, log });
  log('unpacking …');
  const temporary = `${root}.new-${process.pid}`;
  try {
    await unpackDebs(debs, temporary);
    await patchPrograms(temporary, root, arch);
    await rename(temporary, root);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await checkPrograms(root);
  await writeStamp(root);
  log(`the runtime is ready (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

async function removeLeftovers(root: string): Promise<void> {
  const parent = dirname(root);
  const names = await readdir(parent);
  const stale = names.filter((name) => name === 'runtime' || name.startsWith('runtime.new-'));
  for (const name of stale) await rm(join(parent, name), { recursive: true, force: true });
}

/** The stamp is written last. It names the folder, because the loader's path is inside the programs: a copy does not run. */
interface Stamp {
  recipe: number;
  root: string;
  sizes: Record<string, number>;
}

async function writeStamp(root: string): Promise<void> {
  const stamp: Stamp = { recipe: RECIPE_VERSION, root, sizes: await programSizes(root) };
  await writeFile(join(root, `${STAMP}.tmp`), JSON.stringify(stamp, undefined, 1));
  await rename(join(root, `${STAMP}.tmp`), join(root, STAMP));
}

async function isReady(root: string): Promise<boolean> {
  try {
    const found = await readFile(join(root, STAMP), 'utf8');
    const expected: Stamp = { recipe: RECIPE_VERSION, root, sizes: await programSizes(root) };
    return found === JSON.stringify(expected, undefined, 1);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw fromSystemError(error, `looking at the runtime in ${root}`);
  }
}

async function programSizes(root: string): Promise<Record<string, number>> {
  const sizes = PROGRAMS.map(async (program) => [program, (await stat(join(root, program))).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}

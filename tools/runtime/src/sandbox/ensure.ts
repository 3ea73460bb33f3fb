import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { defaultCacheDir, fetchDebs } from '../deb-cache.js';
import { makeOpenFolder } from '../ensure.js';
import type { EnsureOptions } from '../ensure.js';
import { fromSystemError, RuntimeError } from '../errors.js';
import { chooseHome } from '../home.js';
import { withLock } from '../lock.js';
import { architectureOf } from '../recipe.js';
import type { Architecture } from '../recipe.js';
import { buildSandbox, removeStale } from './build.js';
import { idOf, notLocked, readLock } from './lock.js';
import type { LockedPackage } from './lock.js';
import { SANDBOX_RECIPE, sandboxSet } from './recipe.js';

/** `manifest.json` in the sandbox's folder, written last. */
interface SandboxManifest {
  /** Stands for the packages and the way they were put together. Equal ids: the same programs. */
  id: string;
  /** The id that the release pins. */
  pinned: string;
  /** Packages that differ from the pinned ones, because the mirror no longer had those. Empty: as released. */
  differs: string[];
  architecture: string;
  packages: LockedPackage[];
}

/** Where the sandbox of a `.boocontrol` folder is, or will be: `rootfs`, `bin/bwrap` and `manifest.json`. */
export function sandboxFolder(dir: string): string {
  return join(chooseHome(dir, process.getuid?.() ?? -1).dir, 'sandbox');
}

/**
 * The root file system in which code of models runs, with bubblewrap beside it; quick when it is there already. Resolves with
 * its folder. What stands in the way is also left in `sandbox.problem` beside it, for whoever asks there.
 * @throws {RuntimeError} as ensureRuntime
 */
export async function ensureSandbox({ dir, log }: EnsureOptions): Promise<string> {
  const folder = sandboxFolder(dir);
  try {
    const arch = architectureOf(process.platform, process.arch);
    if (arch === undefined) throw unsupported();
    const locked = readLock()[arch.debian];
    const pinned = idOf(locked, SANDBOX_RECIPE);
    if (await isReady(folder, pinned)) return folder;
    await makeOpenFolder(dirname(folder));
    await withLock(join(dirname(folder), 'sandbox.lock'), 900_000, async () => {
      if (!(await isReady(folder, pinned))) await build(folder, arch, locked, pinned, log);
    });
    await rm(`${folder}.problem`, { force: true });
    return folder;
  } catch (error) {
    const known = fromSystemError(error, `building the sandbox in ${folder}`);
    await leaveProblem(folder, known);
    throw known;
  }
}

async function build(
  folder: string,
  arch: Architecture,
  locked: readonly LockedPackage[],
  pinned: string,
  log: EnsureOptions['log'],
): Promise<void> {
  const startedAt = Date.now();
  await removeStale(dirname(folder));
  const set = sandboxSet(pinned);
  const debs = await fetchDebs({ cacheDir: defaultCacheDir(process.env), architecture: arch, set, log });
  const packages = await Promise.all(
    debs.map(async (path) => ({ file: basename(path), sha256: await hashOf(path) })),
  );
  const differs = notLocked(packages, locked);
  const fresh = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  try {
    log('making the root file system for code of models …');
    await buildSandbox(debs, fresh, arch);
    const id = idOf(packages, SANDBOX_RECIPE);
    const manifest: SandboxManifest = { id, pinned, differs, architecture: arch.debian, packages };
    await writeFile(join(fresh, 'manifest.json'), JSON.stringify(manifest, undefined, 1));
    await mkdir(folder, { recursive: true });
    await rename(folder, old);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  if (differs.length > 0)
    log(`the mirror no longer has ${differs.length} of the pinned packages; newer ones were taken`);
  log(`the sandbox is ready (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function isReady(folder: string, pinned: string): Promise<boolean> {
  try {
    const found = JSON.parse(
      await readFile(join(folder, 'manifest.json'), 'utf8'),
    ) as Partial<SandboxManifest>;
    return found.pinned === pinned;
  } catch {
    return false;
  }
}

async function leaveProblem(folder: string, problem: unknown): Promise<void> {
  const text = problem instanceof Error ? problem.message : String(problem);
  // Where even this cannot be written, the caller has the error.
  await writeFile(`${folder}.problem`, `${text}\n`).catch(() => undefined);
}

function unsupported(): RuntimeError {
  return new RuntimeError(
    'unsupported_platform',
    `The sandbox for code of models runs on Linux on amd64 and arm64, not on ${process.platform} ${process.arch}.`,
    'Everything else works without it; items with code are refused.',
  );
}

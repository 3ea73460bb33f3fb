import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultCacheDir, fetchDebs } from './deb-cache.js';
import { ensureRuntime, makeOpenFolder } from './ensure.js';
import type { EnsureOptions } from './ensure.js';
import { fromSystemError, RuntimeError } from './errors.js';
import { exec, lastLines } from './exec.js';
import { withLock } from './lock.js';
import { architectureOf, type PackageSet } from './recipe.js';
import { unpackDebs } from './unpack.js';

const PROMETHEUS: PackageSet = {
  name: 'prometheus',
  recipe: 1,
  packages: ['prometheus', 'promtool'],
  what: 'Prometheus',
};

/** Programs with the arguments that must precede their own. */
export interface Prometheus {
  prometheus: readonly string[];
  promtool: readonly string[];
}

/**
 * Debian's Prometheus, unpacked below `dir`; quick when it is there already. It runs with the C library of the embedded
 * runtime, which is of the same release. For tests: the product needs none.
 * @throws {RuntimeError} as ensureRuntime
 */
export async function ensurePrometheus({ dir, log }: EnsureOptions): Promise<Prometheus> {
  const { home, root } = await ensureRuntime({ dir, log });
  const arch = architectureOf(process.platform, process.arch);
  // Else there is no runtime, which has been said.
  if (arch === undefined) throw new RuntimeError('unsupported_platform', 'There is no Prometheus here.', '');
  const folder = join(home, 'prometheus');
  const program = (name: string): string[] => [
    join(root, arch.loader),
    ...['--library-path', join(root, arch.libraries), join(folder, 'usr/bin', name)],
  ];
  const programs = { prometheus: program('prometheus'), promtool: program('promtool') };
  try {
    await makeOpenFolder(dirname(folder));
    await withLock(`${folder}.lock`, 900_000, async () => {
      if (await isThere(folder)) return;
      const debs = await fetchDebs({
        cacheDir: defaultCacheDir(process.env),
        architecture: arch,
        set: PROMETHEUS,
        log,
      });
      const fresh = `${folder}.new`;
      await rm(fresh, { recursive: true, force: true });
      await mkdir(fresh, { recursive: true });
      await unpackDebs(debs, fresh);
      await rm(folder, { recursive: true, force: true });
      await rename(fresh, folder);
    });
  } catch (error) {
    throw fromSystemError(error, `unpacking Prometheus in ${folder}`);
  }
  const [command = '', ...args] = programs.promtool;
  const { code, stderr } = await exec(command, [...args, '--version'], { timeoutMs: 30_000 });
  if (code === 0) return programs;
  throw new RuntimeError('not_executable', `promtool does not run: ${lastLines(stderr, 3)}`, '');
}

const isThere = (folder: string): Promise<boolean> =>
  stat(join(folder, 'usr/bin/promtool')).then(
    () => true,
    () => false,
  );

import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { aptFailure } from './apt-failure.js';
import { RuntimeError } from './errors.js';
import { exec, lastLines } from './exec.js';
import { PROGRAMS } from './recipe.js';
import type { Architecture } from './recipe.js';

/** Unpacks package files into `into`, which must not exist. Throws RuntimeError. */
export async function unpackDebs(debs: readonly string[], into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const deb of debs) {
    const result = await exec('dpkg', ['-x', deb, into], { env: { ...process.env, LC_ALL: 'C' } });
    if (result.code !== 0) throw aptFailure(`unpacking ${deb}`, result);
  }
  // Readable for the unprivileged user whatever our umask is.
  await chmod(into, 0o755);
}

/**
 * Points the programs in `folder` at the loader and libraries that they will find in `finalFolder`. An RPATH, not a
 * RUNPATH: only the former is searched for the libraries of libraries. Throws RuntimeError.
 */
export async function patchPrograms(folder: string, finalFolder: string, arch: Architecture): Promise<void> {
  const patchelf = [
    ...['--library-path', join(folder, arch.libraries), join(folder, 'usr/bin/patchelf')],
    ...['--set-interpreter', join(finalFolder, arch.loader)],
    ...['--force-rpath', '--set-rpath', join(finalFolder, arch.libraries)],
  ];
  for (const program of PROGRAMS) {
    const result = await exec(join(folder, arch.loader), [...patchelf, join(folder, program)]);
    if (result.code !== 0) throw cannotRun(program, result.stderr);
  }
}

/** Starts each program once. Throws RuntimeError `not_executable` when one does not run. */
export async function checkPrograms(folder: string): Promise<void> {
  for (const program of PROGRAMS) {
    const result = await exec(join(folder, program), ['--version'], { timeoutMs: 30_000 });
    if (result.code !== 0) throw cannotRun(program, result.stderr);
  }
}

function cannotRun(program: string, said: string): RuntimeError {
  return new RuntimeError(
    'not_executable',
    `An unpacked program does not run (${program}): ${lastLines(said, 3)}`,
    'Is the folder on a file system mounted with noexec? Put the project elsewhere, or remove the runtime folder and start again.',
  );
}

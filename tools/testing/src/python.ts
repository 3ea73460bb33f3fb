import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exec, withLock } from '@boocontrol/runtime';
import { stateDir } from './project.js';

/** The official client for Python. */
export const OPENAI_FOR_PYTHON = 'openai==3.54.0';

/** What pip may take; on a machine without a network it should not be waited for. */
const INSTALL_MS = 180_000;

/**
 * A Python with one package from its registry, made once below `.boocontrol` (about 60 MB). `missing` says why there is none:
 * no python3, no venv, no registry.
 * @param requirement name and exact version, as pip has it
 */
export async function pythonWith(requirement: string): Promise<{ python: string } | { missing: string }> {
  const dir = join(stateDir(), `python-${requirement.replace(/[^A-Za-z0-9.]+/g, '-')}`);
  const python = join(dir, 'bin', 'python3');
  const parent = stateDir();
  await mkdir(parent, { recursive: true });
  return withLock(join(parent, 'python.lock'), 2 * INSTALL_MS, async () => {
    if (existsSync(python) && (await exec(python, ['--version'])).code === 0) return { python };
    await rm(dir, { recursive: true, force: true });
    const fresh = `${dir}.new`;
    await rm(fresh, { recursive: true, force: true });
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-compile',
      '--disable-pip-version-check',
      '--retries',
      '1',
      requirement,
    ];
    for (const [program, args] of [
      ['python3', ['-m', 'venv', fresh]],
      [join(fresh, 'bin', 'python3'), pip],
    ] as const) {
      const { code, missing, stderr, stdout } = await exec(program, args, { timeoutMs: INSTALL_MS });
      if (code === 0) continue;
      await rm(fresh, { recursive: true, force: true });
      if (missing) return { missing: `there is no ${program}` };
      const said = `${stdout}${stderr}`.trim().split('\n').at(-1);
      return { missing: `python3 ${args.join(' ')} says: ${said === '' ? code : said}` };
    }
    await rename(fresh, dir);
    return { python };
  });
}

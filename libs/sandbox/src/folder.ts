import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What tools/runtime made. */
export interface SandboxFolder {
  path: string;
  /** Stands for the programs in it. Equal ids: the same programs. */
  id: string;
  /** Programs that are not the ones which the release pins, because the mirror no longer had those. */
  differs: readonly string[];
}

/** Reads `manifest.json`. Resolves with why there is nothing to use, in words, where there is not. */
export async function readFolder(path: string | undefined): Promise<SandboxFolder | string> {
  if (path === undefined || path === '')
    return 'BOOCONTROL_SANDBOX is not set, so there is no root file system to run in';
  try {
    const found = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Partial<SandboxFolder>;
    if (typeof found.id === 'string') return { path, id: found.id, differs: found.differs ?? [] };
    return `${join(path, 'manifest.json')} is not a manifest of a sandbox`;
  } catch {
    const problem = await readFile(`${path}.problem`, 'utf8').catch(() => '');
    const why = problem.trim() === '' ? 'it may still be on its way' : problem.trim();
    return `its root file system is not in ${path}: ${why}`;
  }
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime, ensureSandbox } from '@boocontrol/runtime';
import type { RuntimePaths } from '@boocontrol/runtime';

/** The folder of the project's root package.json. */
export function projectRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'nx.json')) && !existsSync(join(dir, 'package-lock.json'))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error('the root of the project was not found above tools/testing');
    dir = parent;
  }
  return dir;
}

/** The project's own folder for runtime and data. */
export function stateDir(): string {
  return join(projectRoot(), '.boocontrol');
}

/** The embedded runtime of this checkout, fetched when it is not there yet. Throws RuntimeError. */
export function runtimePaths(): Promise<RuntimePaths> {
  return ensureRuntime({ dir: stateDir(), log: (line) => process.stderr.write(`[runtime] ${line}\n`) });
}

/** The sandbox of this checkout, as BOOCONTROL_SANDBOX has it; fetched when it is not there yet. Throws RuntimeError. */
export function sandboxFolder(): Promise<string> {
  return ensureSandbox({ dir: stateDir(), log: (line) => process.stderr.write(`[sandbox] ${line}\n`) });
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../ensure.js';
import type { RuntimePaths } from '../ensure.js';

/** The entry of the built package, for tests that start a parent process of their own. */
export const BUILT_ENTRY = new URL('../../dist/index.js', import.meta.url).href;

/** The runtime of this checkout. */
export function checkoutRuntime(): Promise<RuntimePaths> {
  return ensureRuntime({
    dir: fileURLToPath(new URL('../../../../.boocontrol', import.meta.url)),
    log: (line) => process.stderr.write(`${line}\n`),
  });
}

/** Runs `work` with a new folder that everyone can search, and removes it afterwards. */
export async function withFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'boocontrol-runtime-'));
  await chmod(dir, 0o755);
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Polls until `probe` is true. Throws after 20 s. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`waited 20 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

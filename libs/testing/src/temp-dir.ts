import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseHome, makeOpenFolder } from '@boocontrol/runtime';

export interface TempDir {
  path: string;
  remove(): Promise<void>;
}

/** A new empty folder that the unprivileged user of the servers can search. Call `remove` in a `finally` or `afterAll`. */
export async function tempDir(): Promise<TempDir> {
  const base = chooseHome(tmpdir(), process.getuid?.() ?? -1).dir;
  await makeOpenFolder(base);
  const path = await mkdtemp(join(base, 'boocontrol-'));
  if (process.getuid?.() === 0) await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

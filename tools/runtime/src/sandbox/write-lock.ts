import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateApt } from '../apt.js';
import { asLocked, LOCK_FILE } from './lock.js';
import type { Lock } from './lock.js';
import { SANDBOX_PACKAGES } from './recipe.js';

/** Pins what the mirror has today, for both processors. @throws {RuntimeError} as PrivateApt */
export async function writeLock(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'boocontrol-lock-'));
  try {
    const list = async (architecture: keyof Lock): Promise<Lock['amd64']> => {
      const state = join(dir, architecture);
      await mkdir(state);
      const apt = new PrivateApt(state, architecture);
      await apt.update();
      return asLocked(await apt.list(SANDBOX_PACKAGES));
    };
    const lock: Lock = { amd64: await list('amd64'), arm64: await list('arm64') };
    await writeFile(LOCK_FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseHome, identify, isAlive, makeOpenFolder } from '@boocontrol/runtime';

export interface TempDir {
  path: string;
  remove(): Promise<void>;
}

const NAME = /^boocontrol-(\d+)-(\d+)-/;
let swept: Promise<void> | undefined;

/** A new empty folder that the unprivileged user of the servers can search. Call `remove` in a `finally` or `afterAll`. */
export async function tempDir(): Promise<TempDir> {
  const base = chooseHome(tmpdir(), process.getuid?.() ?? -1).dir;
  await makeOpenFolder(base);
  await (swept ??= sweep(base));
  const path = await mkdtemp(
    join(base, `boocontrol-${process.pid}-${identify(process.pid)?.startTicks ?? 0}-`),
  );
  if (process.getuid?.() === 0) await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Removes the folders of processes that were killed before they could: their names say whose they were. */
export async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const [, pid, startTicks] = (NAME.exec(name) ?? []).map(Number);
    if (pid === undefined || startTicks === undefined || isAlive({ pid, startTicks })) continue;
    // Another user's, or one that another run removes at this moment: not ours to mind.
    await rm(join(base, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { identify, isAlive } from '@boocontrol/runtime';
import type { ProcessId } from '@boocontrol/runtime';

/** Files that the users of the shared PostgreSQL and its holder meet in; all changes happen under `lockFile`. */
export class SharedState {
  readonly lockFile: string;
  private readonly usersDir: string;
  private readonly holderFile: string;

  constructor(dir: string) {
    this.lockFile = join(dir, 'shared.lock');
    this.usersDir = join(dir, 'users');
    this.holderFile = join(dir, 'holder.json');
  }

  /** Counts a process as a user for as long as it lives. */
  async addUser({ pid, startTicks }: ProcessId): Promise<void> {
    await mkdir(this.usersDir, { recursive: true });
    await writeFile(join(this.usersDir, `${pid}-${startTicks}`), '');
  }

  /** Whether any user lives; forgets those that do not. */
  async hasUsers(): Promise<boolean> {
    const names = await readdir(this.usersDir).catch(() => [] as string[]);
    let alive = 0;
    for (const name of names) {
      const [pid = 0, startTicks = 0] = name.split('-').map(Number);
      if (isAlive({ pid, startTicks })) alive += 1;
      else await rm(join(this.usersDir, name), { force: true });
    }
    return alive > 0;
  }

  async setHolder(url: string): Promise<void> {
    const holder = identify(process.pid);
    await writeFile(`${this.holderFile}.tmp`, JSON.stringify({ holder, url }), { mode: 0o600 });
    await rename(`${this.holderFile}.tmp`, this.holderFile);
  }

  async clearHolder(): Promise<void> {
    await rm(this.holderFile, { force: true });
  }

  /** The URL of the running server; undefined when its holder is gone. */
  async runningUrl(): Promise<string | undefined> {
    try {
      const value = JSON.parse(await readFile(this.holderFile, 'utf8')) as { holder: ProcessId; url: string };
      return isAlive(value.holder) ? value.url : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The process whose end ends our use: vitest's main process, because each test file has a worker of its own. */
export function testRun(): ProcessId {
  const inWorkerProcess = process.env['VITEST'] !== undefined && isMainThread;
  const run = identify(inWorkerProcess ? process.ppid : process.pid) ?? identify(process.pid);
  if (run === undefined) throw new Error('this process cannot be found in /proc');
  return run;
}

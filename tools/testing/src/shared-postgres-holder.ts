// The process that owns the shared test PostgreSQL. Started by shared-postgres.ts; argument: the folder for it.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError, startPostgres, withLock } from '@boocontrol/runtime';
import type { PostgresServer } from '@boocontrol/runtime';
import { runtimePaths } from './project.js';
import { SharedState } from './shared-state.js';

const LOOK_EVERY_MS = 300;

/** Test databases are thrown away, so nothing of them has to survive a power cut. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

async function main(dir: string): Promise<void> {
  const paths = await runtimePaths();
  // What runs before us left behind; ours is under a new name, so nothing of theirs can get in the way.
  for (const name of await readdir(dir)) {
    if (name.startsWith('postgres-')) await rm(join(dir, name), { recursive: true, force: true });
  }
  const data = join(dir, `postgres-${process.pid}`);
  const server = await startPostgres({ paths, dir: data, port: 0, settings: SETTINGS });
  const state = new SharedState(dir);
  await state.setHolder(server.url);
  process.stdout.write(`${server.url}\n`);
  let running = true;
  const end = (): void => {
    running = false;
  };
  server.onUnexpectedEnd(end);
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  while (running) {
    await delay(LOOK_EVERY_MS);
    if (!(await state.hasUsers())) running = await stopUnlessUsed(state, server);
  }
  await state.clearHolder();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

/** Under the lock, so that no new user can find a server that is about to stop. Resolves with whether it is used after all. */
function stopUnlessUsed(state: SharedState, server: PostgresServer): Promise<boolean> {
  return withLock(state.lockFile, 120_000, async () => {
    if (await state.hasUsers()) return true;
    await state.clearHolder();
    await server.stop();
    return false;
  });
}

try {
  await main(process.argv[2] ?? '');
} catch (error) {
  process.stderr.write(error instanceof RuntimeError ? error.describe() : String(error));
  process.exitCode = 1;
}

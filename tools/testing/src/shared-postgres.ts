import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { makeOpenFolder, withLock } from '@boocontrol/runtime';
import { projectRoot, runtimePaths } from './project.js';
import { SharedState, testRun } from './shared-state.js';

/**
 * The URL of the PostgreSQL that all tests share: BOOCONTROL_TEST_DATABASE_URL, or one that the first test starts and that
 * ends soon after the last test run that uses it.
 */
export async function sharedPostgresUrl(): Promise<string> {
  const given = process.env['BOOCONTROL_TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  const { home } = await runtimePaths();
  const dir = join(home, 'test');
  await makeOpenFolder(dir);
  const state = new SharedState(dir);
  return withLock(state.lockFile, 120_000, async () => {
    await state.addUser(testRun());
    return (await state.runningUrl()) ?? (await startHolder(dir));
  });
}

/** Starts the process that owns the server; it says one line, the URL, once the server is ready. */
export function startHolder(dir: string): Promise<string> {
  const entry = join(projectRoot(), 'tools/testing/dist/shared-postgres-holder.js');
  const holder = spawn(process.execPath, [entry, dir], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    holder.stdout.setEncoding('utf8').once('data', (url: string) => {
      holder.stdout.destroy();
      holder.stderr.destroy();
      holder.unref();
      resolve(url.trim());
    });
    holder.once('error', reject);
    holder.once('close', (code) => reject(new Error(`the test PostgreSQL did not start (${code}): ${said}`)));
  });
}

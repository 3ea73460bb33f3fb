import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isAlive, makeOpenFolder } from '@boocontrol/runtime';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { SharedState } from './shared-state.js';
import { startHolder } from './shared-postgres.js';
import { tempDir } from './temp-dir.js';
import { waitFor } from './wait-for.js';

/** A process that stands for a test run. */
function startUser(): { id: { pid: number; startTicks: number }; end(): void } {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  const id = identify(child.pid ?? 0);
  if (id === undefined) throw new Error('no process');
  return { id, end: () => void child.kill('SIGKILL') };
}

async function canQuery(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query('SELECT 1 AS one')).rowCount === 1;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the shared PostgreSQL', () => {
  it('runs as long as any test run that uses it lives, then stops and removes its data', async () => {
    const dir = await tempDir();
    const [first, second] = [startUser(), startUser()];
    try {
      await makeOpenFolder(dir.path);
      const state = new SharedState(dir.path);
      await state.addUser(first.id);
      await state.addUser(second.id);
      const url = await startHolder(dir.path);
      expect(await state.runningUrl()).toBe(url);

      first.end();
      await waitFor(() => !isAlive(first.id), { what: 'the first run to end' });
      await waitFor(async () => (await readdir(join(dir.path, 'users'))).length === 1, {
        what: 'it to be forgotten',
      });
      expect(await canQuery(url)).toBe(true);

      second.end();
      await waitFor(async () => !(await canQuery(url)), { what: 'the server to stop' });
      await waitFor(async () => (await readdir(dir.path)).every((name) => !name.startsWith('postgres-')), {
        what: 'its data to be removed',
      });
      expect(await state.runningUrl()).toBeUndefined();
    } finally {
      first.end();
      second.end();
      await dir.remove();
    }
  });
});

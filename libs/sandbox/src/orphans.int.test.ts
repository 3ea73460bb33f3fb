import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { sandboxFolder, tempDir, waitFor } from '@boocontrol/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { Bubblewrap } from './bubblewrap/backend.js';
import { commandLines } from './processes.js';
import { folderWithBwrap, withoutOptions } from './testing/folder.js';

const BUILT = new URL('../dist/bubblewrap/backend.js', import.meta.url).href;
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

let real: string;
beforeAll(async () => {
  real = await sandboxFolder();
});

const backend = (folder: string): Bubblewrap =>
  new Bubblewrap({ bwrap: join(folder, 'bin/bwrap'), rootfs: join(real, 'rootfs'), arch });

const processesOf = (label: string): number =>
  commandLines().filter(({ args }) => args.some((arg) => arg.includes(`:${label}:`))).length;

/** Kills a supervisor of its own with SIGKILL while something with a daemon runs in its sandbox. */
async function killSupervisor(folder: string, label: string): Promise<void> {
  const options = JSON.stringify({ bwrap: join(folder, 'bin/bwrap'), rootfs: join(real, 'rootfs'), arch });
  const hostile = 'import os, time\\nif os.fork() == 0: os.setsid()\\ntime.sleep(600)';
  const program = `
    const { Bubblewrap } = await import(${JSON.stringify(BUILT)});
    console.log('started');
    await new Bubblewrap(${options}).run({ files: {}, command: ['python3', '-c', '${hostile}', '${label}'], label: '${label}', limits: { wallMs: 600000 } });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(createInterface(child.stdout), 'line');
  const runs = (): boolean =>
    commandLines().filter(({ args }) => args[0] === 'python3' && args.includes(label)).length === 2;
  await waitFor(runs, { what: 'the program and its daemon to run' });
  child.kill('SIGKILL');
  await exited;
}

describe('when the supervisor is killed', () => {
  it('nothing is left running', async () => {
    await killSupervisor(real, 'killed-1');
    await waitFor(() => processesOf('killed-1') === 0, { what: 'the sandbox to be gone' });
  });

  it('and something is left all the same, it is found and removed; what others run is let alone', async () => {
    const dir = await tempDir();
    try {
      // Without its tie to the supervisor.
      const folder = await folderWithBwrap(real, dir.path, withoutOptions(real, { '--die-with-parent': 0 }));
      await killSupervisor(folder, 'killed-2');
      expect(processesOf('killed-2')).toBeGreaterThan(0);
      const ours = backend(real);
      const caller = new AbortController();
      const running = ours.run({
        files: {},
        command: ['python3', '-c', 'input(); print("undisturbed")'],
        label: 'ours',
        signal: caller.signal,
        stdin: '\n',
      });
      expect(await ours.removeOrphans()).toBeGreaterThan(0);
      await waitFor(() => processesOf('killed-2') === 0, { what: 'the orphan to be gone' });
      expect(await running).toMatchObject({ outcome: 'exited', stdout: 'undisturbed\n' });
    } finally {
      await dir.remove();
    }
  });
});

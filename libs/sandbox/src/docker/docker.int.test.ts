import { sandboxFolder } from '@boocontrol/testing';
import { expect, it } from 'vitest';
import { runCanaries } from '../canaries/run.js';
import { canaryTable } from '../canaries/table.js';
import { readFolder } from '../folder.js';
import { openDocker } from './open.js';

const SUITE_MS = 300_000;

it(
  'contains the canaries where a Docker daemon answers, and says why it cannot where none does',
  { timeout: SUITE_MS },
  async () => {
    const folder = await readFolder(await sandboxFolder());
    if (typeof folder === 'string') throw new Error(folder);
    const docker = await openDocker(folder);
    if (typeof docker === 'string') {
      process.stderr.write(`SKIPPED the canaries in Docker: ${docker}\n`);
      expect(docker).toContain('no Docker daemon answers: ');
      return;
    }
    const plain = await docker.run({
      files: {
        'driver.py': 'import sys, lib.add\nprint(lib.add.add(2, int(input())))\nsys.exit(3)',
        'lib/add.py': 'def add(a, b): return a + b',
      },
      command: ['python3', 'driver.py'],
      stdin: '40\n',
      label: 'test',
    });
    expect(plain).toMatchObject({ outcome: 'exited', exitCode: 3, stdout: '42\n', stderr: '' });
    expect(canaryTable(await runCanaries(docker, `${folder.path}/rootfs`))).toContain(
      'docker: all contained',
    );
    const caller = new AbortController();
    const running = docker.run({ files: {}, command: ['sleep', '60'], label: 'test', signal: caller.signal });
    caller.abort();
    expect(await running).toMatchObject({ outcome: 'killed' });
    expect(await docker.removeOrphans()).toBe(0);
  },
);

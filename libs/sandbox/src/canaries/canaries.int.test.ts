import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxFolder, tempDir } from '@boocontrol/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSandboxes } from '../open.js';
import { folderWithBwrap, withoutOptions } from '../testing/folder.js';
import type { CanaryReport } from './run.js';
import { canaryTable } from './table.js';

let real: string;
beforeAll(async () => {
  real = await sandboxFolder();
});

const notContained = (report: CanaryReport | undefined): string[] =>
  (report?.rows ?? []).flatMap(({ name, problem }) => (problem === null ? [] : [name]));

async function reportOf(folder: string): Promise<CanaryReport | undefined> {
  let seen: CanaryReport | undefined;
  await openSandboxes({ docker: false, folder, onReport: (report) => (seen = report) });
  return seen;
}

describe('the canaries', () => {
  it('are all contained, and the host is as it was', async () => {
    const report = await reportOf(real);
    expect(report === undefined ? 'no report' : canaryTable(report)).toContain('bubblewrap: all contained');
    expect(report?.rows.length).toBeGreaterThan(15);
  });

  // As root the sandbox runs as another user; here nobody is root at all. What that user needs is copied to where it can read:
  // the clone, or Node, may lie below a home that is closed to it.
  it('are all contained when an ordinary user runs them', async () => {
    const dir = await tempDir();
    try {
      const lib = fileURLToPath(new URL('../..', import.meta.url));
      for (const name of ['dist', 'canaries', 'package.json'])
        await cp(join(lib, name), join(dir.path, name), { recursive: true });
      const program = `
        const { openSandboxes, canaryTable } = await import(${JSON.stringify(join(dir.path, 'dist/index.js'))});
        const opened = await openSandboxes({ docker: false, folder: ${JSON.stringify(real)}, onReport: (one) => console.log(canaryTable(one)) });
        console.log('uid', process.getuid(), 'usable', opened.usable.map((one) => one.name), opened.refused);`;
      const stdout = await asOrdinaryUser(dir.path, program);
      expect(stdout).toContain('bubblewrap: all contained');
      expect(stdout).toMatch(/uid [1-9]\d* usable \[ 'bubblewrap' \] \[\]/);
    } finally {
      await dir.remove();
    }
  });

  it('sing when something is missing, and the backend is refused', async () => {
    const dir = await tempDir();
    try {
      const missing = { '--unshare-net': 0, '--seccomp': 1, '--remount-ro': 1 };
      const folder = await folderWithBwrap(real, dir.path, withoutOptions(real, missing));
      let report: CanaryReport | undefined;
      const opened = await openSandboxes({ docker: false, folder, onReport: (one) => (report = one) });
      const noticed = [
        'network',
        'system calls',
        'memory in files',
        'writing outside',
        'the host afterwards',
      ];
      expect(notContained(report)).toEqual(expect.arrayContaining(noticed));
      expect(opened.usable).toEqual([]);
      expect(opened.refused[0]?.reason).toContain('hostile programs are not contained on this machine: ');
    } finally {
      await dir.remove();
    }
  });
});

async function asOrdinaryUser(dir: string, program: string): Promise<string> {
  const node = join(dir, 'node');
  await cp(process.execPath, node);
  const user = process.getuid?.() === 0 ? { uid: 61_999, gid: 61_999 } : {};
  const child = spawn(node, ['--input-type=module', '-e', program], {
    ...user,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', HOME: '/' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  await once(child, 'close');
  return stdout;
}

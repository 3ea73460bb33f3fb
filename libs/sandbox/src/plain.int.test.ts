import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sandboxFolder, tempDir } from '@boocontrol/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { openSandboxes } from './open.js';
import { commandLines } from './processes.js';
import type { SandboxBackend, SandboxJob, SandboxResult } from './types.js';

let sandbox: SandboxBackend;
const run = (job: Omit<SandboxJob, 'label' | 'files'> & Partial<SandboxJob>): Promise<SandboxResult> =>
  sandbox.run({ files: {}, label: 'test', ...job });
const python = (code: string, job: Partial<SandboxJob> = {}): Promise<SandboxResult> =>
  run({ command: ['python3', '-I', '-c', code], ...job });

beforeAll(async () => {
  const { usable, refused } = await openSandboxes({ docker: false, folder: await sandboxFolder() });
  const first = usable[0];
  if (first === undefined) throw new Error(refused.map(({ reason }) => reason).join('; '));
  sandbox = first;
});

describe('a sandbox', () => {
  it('runs a program on the files it was handed, with its input, and says what came out', async () => {
    const result = await run({
      files: {
        'driver.py': 'import sys, lib.add\nprint(lib.add.add(2, int(input())))\nsys.exit(3)',
        'lib/add.py': 'def add(a, b): return a + b',
      },
      command: ['python3', 'driver.py'],
      stdin: '40\n',
    });
    expect(result).toMatchObject({
      outcome: 'exited',
      exitCode: 3,
      signal: null,
      stdout: '42\n',
      problem: null,
    });
    expect(result.stderr).toBe('');
  });

  it('runs Node with modules of both kinds, and a shell', async () => {
    const result = await run({
      files: {
        'main.mjs':
          "import one from './one.cjs'; import { execSync } from 'node:child_process'; console.log(one, String(execSync('echo two')).trim());",
        'one.cjs': "module.exports = 'one';",
      },
      command: ['node', 'main.mjs'],
    });
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, stdout: 'one two\n' });
  });

  it('hands in the variables that were asked for, and none of ours', async () => {
    process.env['SECRET_OF_THE_TEST'] = 'x';
    try {
      const result = await python('import os; print(sorted(os.environ.items()))', { env: { ASKED: 'yes' } });
      expect(result.stdout).toContain("('ASKED', 'yes')");
      expect(result.stdout).not.toContain('SECRET_OF_THE_TEST');
    } finally {
      delete process.env['SECRET_OF_THE_TEST'];
    }
  });

  it('tells a job that cannot be run from one that failed', async () => {
    const bad = await python('', { files: { '../x': '' } });
    expect(bad).toMatchObject({ outcome: 'harness_error', exitCode: null });
    expect(bad.problem).toContain('leads out of the work folder');
    expect(await run({ command: ['no-such-program'] })).toMatchObject({ outcome: 'exited', exitCode: 127 });
  });

  it('says which signal ended a program', async () => {
    const result = await python('import os; os.kill(os.getpid(), 11)');
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 139, signal: 'SIGSEGV' });
  });

  it('ends a run that is called off, at whatever moment, and leaves nothing', async () => {
    const left = (): number[] =>
      commandLines().flatMap(({ pid, args }) =>
        args.some((one) => one.includes(':called-off:')) ? [pid] : [],
      );
    const sleeper = 'import time; time.sleep(60)';
    for (const waitMs of [0, 1, 2, 3, 4, 6, 8, 12, 20, 40]) {
      const caller = new AbortController();
      const running = python(sleeper, { signal: caller.signal, label: 'called-off' });
      await delay(waitMs);
      caller.abort();
      expect(await running).toMatchObject({ outcome: 'killed', exitCode: null });
      expect(left()).toEqual([]);
    }
    const late = AbortSignal.abort();
    expect(await python(sleeper, { signal: late })).toMatchObject({ outcome: 'killed' });
  });

  it('does not hand on what its supervisor was itself started with', async () => {
    const dir = await tempDir();
    const secret = join(dir.path, 'secret');
    await writeFile(secret, 'secret');
    const file = await open(secret);
    try {
      const built = new URL('../dist/index.js', import.meta.url).href;
      // /dev/null by its device number: what a link says of it depends on where the machine mounts /dev.
      const listing = [
        'import os',
        'for fd in map(int, os.listdir("/proc/self/fd")):',
        '  try: nothing = os.fstat(fd).st_rdev == os.makedev(1, 3)',
        '  except OSError: continue',
        '  print("nothing" if nothing else os.readlink(f"/proc/self/fd/{fd}"))',
      ].join('\n');
      const program = `
        const { openSandboxes } = await import(${JSON.stringify(built)});
        const { usable } = await openSandboxes({ docker: false, folder: ${JSON.stringify(await sandboxFolder())}, cacheDir: ${JSON.stringify(dir.path)} });
        const result = await usable[0].run({ files: {}, command: ['python3', '-c', ${JSON.stringify(listing)}], label: 'test' });
        console.log((await import('node:fs')).readFileSync(9, 'utf8'), result.stdout);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit', ...Array.from({ length: 6 }, () => 'ignore' as const), file.fd],
      });
      let said = '';
      (child.stdout as Readable).setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(child, 'close');
      expect(said).toContain('secret ');
      expect(said.split('\n')).toContain('nothing');
      expect(said).not.toContain(secret);
    } finally {
      await file.close();
      await dir.remove();
    }
  });
});

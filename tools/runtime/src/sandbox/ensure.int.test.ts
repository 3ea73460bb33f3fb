import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exec } from '../exec.js';
import { withFolder } from '../testing/folders.js';
import { withOnly } from '../testing/fake-apt.js';
import { ensureSandbox, sandboxFolder } from './ensure.js';

const quiet = (): void => undefined;

describe('ensureSandbox', { timeout: 180_000 }, () => {
  it('makes a folder that says what is in it and whose programs run, and once', () =>
    withFolder(async (dir) => {
      const folder = await ensureSandbox({ dir, log: quiet });
      expect(folder).toBe(sandboxFolder(dir));
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
        id: string;
        pinned: string;
        differs: string[];
      };
      // A mirror that has moved on since the release is no failure; it must be said.
      expect(manifest.id === manifest.pinned).toBe(manifest.differs.length === 0);
      const version = await exec(join(folder, 'bin/bwrap'), ['--version']);
      expect(version.stdout).toMatch(/^bubblewrap \d/);
      expect((await stat(join(folder, 'rootfs/etc/passwd'))).mode & 0o777).toBe(0o644);

      const before = await stat(join(folder, 'manifest.json'));
      await withOnly(dir, [], () => ensureSandbox({ dir, log: quiet }));
      expect((await stat(join(folder, 'manifest.json'))).mtimeMs).toBe(before.mtimeMs);

      // A build that was cut has no manifest: it is done again, from the packages fetched before.
      await rm(join(folder, 'manifest.json'));
      const said: string[] = [];
      await ensureSandbox({ dir, log: (line) => said.push(line) });
      expect(said.join('\n')).toContain('using the packages fetched before');
    }));

  it('leaves what stands in the way where services find it, and takes it away when it is gone', () =>
    withFolder(async (dir) => {
      const cache = process.env['BOOCONTROL_RUNTIME_CACHE'];
      process.env['BOOCONTROL_RUNTIME_CACHE'] = join(dir, 'cache');
      try {
        const failing = withOnly(dir, ['flock', 'sh', 'cat'], () => ensureSandbox({ dir, log: quiet }));
        await expect(failing).rejects.toMatchObject({ code: 'no_apt' });
      } finally {
        if (cache === undefined) delete process.env['BOOCONTROL_RUNTIME_CACHE'];
        else process.env['BOOCONTROL_RUNTIME_CACHE'] = cache;
      }
      const problem = `${sandboxFolder(dir)}.problem`;
      expect(await readFile(problem, 'utf8')).toContain('There is no Debian package tool here');
      await ensureSandbox({ dir, log: quiet });
      await expect(stat(problem)).rejects.toMatchObject({ code: 'ENOENT' });
    }));
});

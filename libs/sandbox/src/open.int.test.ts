import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sandboxFolder, tempDir } from '@boocontrol/testing';
import type { TempDir } from '@boocontrol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSandboxes } from './open.js';
import { folderWithBwrap } from './testing/folder.js';

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir();
});
afterEach(() => dir.remove());

const reason = async (folder: string | undefined): Promise<string | undefined> => {
  const { usable, refused } = await openSandboxes({ docker: false, folder });
  expect(usable).toEqual([]);
  return refused[0]?.reason;
};

describe('a machine without a sandbox', () => {
  it('says so where nothing was handed over', async () => {
    expect(await reason(undefined)).toContain('BOOCONTROL_SANDBOX is not set');
  });

  it('says why it could not be made', async () => {
    expect(await reason(join(dir.path, 'sandbox'))).toContain('it may still be on its way');
    await writeFile(join(dir.path, 'sandbox.problem'), 'No network.\n');
    expect(await reason(join(dir.path, 'sandbox'))).toContain('No network.');
  });

  it('says what forbids namespaces', async () => {
    const said = 'bwrap: Creating new namespace failed: Operation not permitted';
    const folder = await folderWithBwrap(await sandboxFolder(), dir.path, `echo '${said}' >&2; exit 1`);
    expect(await reason(folder)).toContain(`${said}. `);
  });

  it('says when the program is not there or does not run', async () => {
    const folder = await folderWithBwrap(await sandboxFolder(), dir.path, 'exit 0');
    expect(await reason(folder)).toBe('bwrap ended without a word');
    await chmod(join(folder, 'bin/bwrap'), 0o644);
    expect(await reason(folder)).toContain('bwrap does not start');
  });
});

it('runs the canaries once, and again when anything that they depend on has changed', async () => {
  const folder = await folderWithBwrap(
    await sandboxFolder(),
    dir.path,
    `exec ${join(await sandboxFolder(), 'bin/bwrap')} "$@"`,
  );
  let runs = 0;
  const open = (): ReturnType<typeof openSandboxes> =>
    openSandboxes({ docker: false, folder, cacheDir: join(dir.path, 'cache'), onReport: () => (runs += 1) });
  const first = await open();
  expect([first.usable.map(({ name }) => name), runs]).toEqual([['bubblewrap'], 1]);
  expect((await open()).usable.length).toBe(1);
  expect(runs).toBe(1);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { id: string };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, id: 'other' }));
  expect((await open()).id).toBe('other');
  expect(runs).toBe(2);
});

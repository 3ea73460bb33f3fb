import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@boocontrol/testing';

/** Copies libs and services, compiled as they are, to `dir`; packages from the registry are those of this checkout. */
export function copyWorkspace(dir: string): void {
  const root = projectRoot();
  const scope = join(dir, 'node_modules', '@boocontrol');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@boocontrol' && !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(dir, 'node_modules', name));
  for (const file of ['package.json', 'tsconfig.base.json']) cpSync(join(root, file), join(dir, file));
  for (const group of ['libs', 'services'])
    for (const name of readdirSync(join(root, group))) {
      const from = join(root, group, name);
      const to = join(dir, group, name);
      if (!existsSync(join(from, 'package.json'))) continue;
      cpSync(from, to, {
        recursive: true,
        preserveTimestamps: true,
        filter: (path) => path !== join(from, 'node_modules'),
      });
      if (existsSync(join(from, 'node_modules')))
        symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
      linkPackage(dir, `${group}/${name}`);
    }
}

/** What `npm ci` does for a folder of the workspace. */
export function linkPackage(dir: string, folder: string): void {
  const name = folder.split('/').at(-1) ?? folder;
  symlinkSync(join(dir, folder), join(dir, 'node_modules', '@boocontrol', name));
}

/** @throws {Error} with what the compiler says */
export function compile(dir: string, folders: readonly string[]): void {
  const tsc = join(projectRoot(), 'node_modules', '.bin', 'tsc');
  const { status, stdout } = spawnSync(tsc, ['-b', ...folders], { cwd: dir, encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICES, STREAMS } from '@boocontrol/contracts';
import { expect, it } from 'vitest';
import { packagesOf } from './borders/project.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const folders = packagesOf(root).map(({ folder }) => folder);

it('the map has one row for each folder, and none for a folder that does not exist', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, folder]) => folder ?? '');
  expect([...rows].sort((a, b) => a.localeCompare(b))).toEqual(
    [...folders].sort((a, b) => a.localeCompare(b)),
  );
});

it('the map names only files that exist', () => {
  const named = [...page.matchAll(/`((?:libs|services|tools|web|docs)\/[\w./-]+)`/g)].map(
    ([, path]) => path ?? '',
  );
  const links = [...page.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => `docs/${file}`);
  expect([...named, ...links].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('the map knows every service with its schema, and every stream', () => {
  for (const { name, schema } of SERVICES) {
    expect(page).toContain(`services/${name}`);
    if (schema !== null) expect(page).toContain(`Owns schema \`${schema}\``);
  }
  const picture = page.split('```')[1] ?? '';
  for (const { name } of STREAMS) expect(picture).toContain(name);
});

it('CONTRIBUTING.md names every folder', () => {
  for (const folder of folders) expect(contributing).toContain(`\`${folder}\``);
});

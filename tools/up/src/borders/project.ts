import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAMS } from '@boocontrol/contracts';
import { unusedExports } from './exports.js';
import { checkBorders, type Package, type Source, type Violation } from './check.js';
import { runsInSandbox } from './table.js';

const NOT_OURS = new Set(['node_modules', 'dist', 'out', '.next', '.reports', 'fonts']);
const SOURCE = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/;

/** Reads the packages below `root` and checks them. */
export function checkProject(root: string): Violation[] {
  const packages = packagesOf(root);
  const sources = packages.flatMap(({ folder }) => sourcesOf(root, folder));
  const words = STREAMS.flatMap(({ subjects }) => subjects.flatMap((subject) => subject.split('.')[1] ?? []));
  return [
    ...checkBorders(packages, sources, [...new Set([...words, 'rpc'])]),
    ...unusedExports(packages, sources),
  ];
}

export function packagesOf(root: string): Package[] {
  const grouped = ['libs', 'services', 'tools'].flatMap((group) =>
    existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => `${group}/${name}`) : [],
  );
  return [...grouped, 'web', 'benchmarks']
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
        name: string;
      };
      return { folder, name };
    });
}

export function sourcesOf(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): Source[] => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : sourcesOf(root, path);
    return entry.isFile() && SOURCE.test(entry.name) && !runsInSandbox(path)
      ? [{ path, text: readFileSync(join(root, path), 'utf8') }]
      : [];
  });
}

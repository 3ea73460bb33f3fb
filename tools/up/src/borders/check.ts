import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { cycles, type Edge } from './cycles.js';
import { scan } from './imports.js';
import { BEFORE_INSTALL, BORDERS, INNER_BORDERS, isTestCode, KNOWN_CYCLES, type Border } from './table.js';

/** Paths are relative to the root of the project, with forward slashes. */
export interface Source {
  path: string;
  text: string;
}
export interface Package {
  folder: string;
  name: string;
}
export interface Violation {
  path: string;
  line: number;
  message: string;
}

/** Words that follow `boo.` in a subject: those of the streams, and `rpc`. */
export type SubjectWords = readonly string[];

/** Every place where a file crosses a border of the table. Pure. */
export function checkBorders(
  packages: readonly Package[],
  sources: readonly Source[],
  subjectWords: SubjectWords,
): Violation[] {
  const violations: Violation[] = [];
  const byName = new Map(packages.map((one) => [one.name, one.folder]));
  const subject = new RegExp(`^boo\\.(${subjectWords.join('|')})(\\.|$)`);
  for (const { folder } of packages) {
    const border = BORDERS.find((row) => row.folder.test(folder));
    if (!border) {
      const message = 'no border is drawn for this folder: add it to tools/up/src/borders/table.ts';
      violations.push({ path: folder, line: 1, message });
      continue;
    }
    const edges: Edge[] = [];
    for (const { path, text } of sources) {
      if (!path.startsWith(`${folder}/`)) continue;
      const test = isTestCode(path);
      const { imports, literals } = scan(path, text);
      for (const { specifier, line } of imports) {
        const message =
          refusal(border, { path, folder, test, byName }, specifier) ??
          (test ? null : innerRefusal(path, specifier));
        if (message) violations.push({ path, line, message });
        if (!test && specifier?.startsWith('.')) edges.push(...edge(folder, path, specifier));
      }
      // The tests of the tools plant violations, and make services of their own.
      if (folder === 'libs/contracts' || (test && folder === 'tools/up')) continue;
      for (const { text: literal, line } of literals)
        if (subject.test(literal))
          violations.push({
            path,
            line,
            message: `the subject ${literal} is spelled in libs/contracts only`,
          });
    }
    for (const group of cycles(edges)) {
      const names = group.join(', ');
      const message = `folders that import each other: ${names}`;
      if (!KNOWN_CYCLES.has(`${folder}: ${names}`)) violations.push({ path: folder, line: 1, message });
    }
  }
  return violations;
}

interface Place {
  path: string;
  folder: string;
  test: boolean;
  byName: ReadonlyMap<string, string>;
}

/** Why this import is refused; null: it is not. */
function refusal(
  border: Border,
  { path, folder, test, byName }: Place,
  specifier: string | null,
): string | null {
  if (specifier === null)
    return test || folder.startsWith('tools/') ? null : 'what is imported must be written out';
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target === BEFORE_INSTALL || target === folder || target.startsWith(`${folder}/`)
      ? null
      : 'another package is reached by its name, not by a path';
  }
  if (specifier.startsWith('/') || specifier.startsWith('file:')) return 'no absolute paths';
  if (isBuiltin(specifier))
    return border.node || test ? null : `${folder} runs in the browser too: no ${specifier}`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const other = byName.get(name);
  if (other === undefined) {
    if (name.startsWith('@boocontrol/')) return `there is no package ${name}`;
    return test || !border.packages || border.packages.test(specifier)
      ? null
      : `${folder} may not import ${specifier}`;
  }
  if (specifier !== name) return `${specifier} reaches past the entry of ${name}`;
  if (other === folder || border.may.test(other) || (test && border.tests.test(other))) return null;
  return test ? `tests of ${folder} may not import ${other}` : `${folder} may not import ${other}`;
}

/** Why a folder with a border of its own may not import this; null: it may, or there is no such border. */
function innerRefusal(path: string, specifier: string | null): string | null {
  const inner = INNER_BORDERS.find(({ folder }) => path.startsWith(`${folder}/`));
  if (inner === undefined || specifier === null || isBuiltin(specifier)) return null;
  const isInside = specifier.startsWith('.')
    ? posix.join(posix.dirname(path), specifier).startsWith(`${inner.folder}/`)
    : inner.packages.test(specifier);
  return isInside ? null : `${inner.folder} may not import ${specifier}: ${inner.why}`;
}

/** From folder to folder inside src; files directly in src tie the folders together and are no part of a cycle. */
function edge(folder: string, path: string, specifier: string): Edge[] {
  const source = `${folder}/src/`;
  const target = posix.join(posix.dirname(path), specifier);
  const top = (file: string): string | null =>
    file.startsWith(source) && file.slice(source.length).includes('/')
      ? (file.slice(source.length).split('/')[0] ?? null)
      : null;
  const [from, to] = [top(path), top(target)];
  return from !== null && to !== null && from !== to ? [{ from, to }] : [];
}

import { posix } from 'node:path';
import type { EvalFiles } from '@boocontrol/contracts';
import { transform } from 'sucrase';
import { within } from '../../values/within.js';

const STRIP_MS = 5_000;
const ENDINGS: Readonly<Record<string, string>> = {
  '.ts': '.js',
  '.tsx': '.js',
  '.mts': '.mjs',
  '.cts': '.cjs',
};
/** `from './x'`, `import './x'` and `import('./x')`. */
const RELATIVE = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\2/g;

/** A file that is no TypeScript; its message says which, and what is wrong. */
export class NoTypeScript extends Error {
  override readonly name = 'NoTypeScript';
}

/** What a file is called once its types are gone. */
export function strippedPath(path: string): string {
  if (path.endsWith('.d.ts')) return path;
  const ending = posix.extname(path);
  return `${path.slice(0, path.length - ending.length)}${ENDINGS[ending] ?? ending}`;
}

/**
 * TypeScript as JavaScript that Node runs: without types, and with imports of files that name what is really there, as
 * bundlers take them: `./x`, `./x.ts` and `./x.js` all mean x.ts.
 * @throws {NoTypeScript} when a file cannot be read as TypeScript
 */
export function stripTypes(files: EvalFiles): EvalFiles {
  const paths = new Set(Object.keys(files).map(strippedPath));
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const to = strippedPath(path);
      if (to === path && !/\.[cm]?js$/.test(path)) return [path, text];
      const plain = to === path ? text : strip(path, text);
      return [
        to,
        plain.replace(RELATIVE, (_, head, quote, target) => {
          return `${head}${quote}${resolved(path, String(target), paths)}${quote}`;
        }),
      ];
    }),
  );
}

function strip(path: string, text: string): string {
  try {
    return within(STRIP_MS, () =>
      transform(text, {
        transforms: path.endsWith('.tsx') ? ['typescript', 'jsx'] : ['typescript'],
        disableESTransforms: true,
        filePath: path,
      }),
    ).code;
  } catch (error) {
    throw new NoTypeScript(`${path} is no TypeScript: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** The import as it is, when no file of the answer is meant. */
function resolved(from: string, target: string, paths: ReadonlySet<string>): string {
  const base = posix.join(posix.dirname(from), target);
  const found = [base, strippedPath(base), `${base}.js`, `${base}.mjs`, `${base}/index.js`].find((path) =>
    paths.has(path),
  );
  if (found === undefined) return target;
  const relative = posix.relative(posix.dirname(from), found);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

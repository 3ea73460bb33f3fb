import { posix } from 'node:path';
import ts from 'typescript';
import type { Package, Source, Violation } from './check.js';

/** Schemas of the contracts are there for programs outside this repository too. */
const FOR_OTHERS = /Schema$/;
/** Made for them alone. */
const LIBRARY_FOR_OTHERS = 'libs/client';

/** Names that a text takes from a package, also in a template that will be a program. */
const TAKEN = /\{([^{}]*)\}\s*(?:from|=\s*await\s+import\()\s*'(@boocontrol\/[^']+)'/g;

/**
 * What the entry of a package gives away and no other package takes. Types are left alone: they belong to the signature
 * of something that is taken.
 */
export function unusedExports(packages: readonly Package[], sources: readonly Source[]): Violation[] {
  const byPath = new Map(sources.map((source) => [source.path, source.text]));
  return packages.flatMap(({ folder, name }) => {
    const path = `${folder}/src/index.ts`;
    const text = byPath.get(path);
    if (text === undefined || folder === LIBRARY_FOR_OTHERS) return [];
    const taken = new Set(
      sources.filter((one) => !one.path.startsWith(`${folder}/`)).flatMap((one) => takenFrom(one.text, name)),
    );
    return valuesOf(path, text, byPath)
      .filter((value) => !taken.has(value) && !FOR_OTHERS.test(value))
      .map((value) => ({ path, line: 1, message: `no other package imports ${value}` }));
  });
}

function takenFrom(text: string, name: string): string[] {
  return [...text.matchAll(TAKEN)]
    .filter(([, , specifier]) => specifier === name)
    .flatMap(([, names = '']) => names.split(','))
    .map((one) => one.trim().replace(/^type\s+/, ''))
    .map((one) => /^\w*/.exec(one)?.[0] ?? '');
}

/** Names of the values that a file exports, through `export *` too. */
function valuesOf(path: string, text: string, byPath: ReadonlyMap<string, string>): string[] {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier, isTypeOnly } = statement;
      if (isTypeOnly) return [];
      if (exportClause && ts.isNamedExports(exportClause))
        return exportClause.elements.filter((one) => !one.isTypeOnly).map((one) => one.name.text);
      if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
      const target = posix.join(posix.dirname(path), moduleSpecifier.text.replace(/\.js$/, '.ts'));
      return valuesOf(target, byPath.get(target) ?? '', byPath);
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return statement.name ? [statement.name.text] : [];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  });
}

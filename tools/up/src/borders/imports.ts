import ts from 'typescript';

export interface Import {
  /** null: computed at run time, so nobody can say what it is. */
  specifier: string | null;
  line: number;
}

export interface Scan {
  imports: Import[];
  /** Every string and template literal, templates up to their first hole. */
  literals: { text: string; line: number }[];
}

const REQUIRE_LIKE = new Set(['require', 'getBuiltinModule']);

/**
 * What a file reaches for: import, export from, import type, import(), typeof import(), require, a function made by
 * createRequire, import.meta.resolve, process.getBuiltinModule.
 */
export function scan(path: string, text: string): Scan {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Scan = { imports: [], literals: [] };
  const loaders = new Set(REQUIRE_LIKE);
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const add = (node: ts.Node | undefined, at: ts.Node): void => {
    const specifier = node && ts.isStringLiteralLike(node) ? node.text : null;
    found.imports.push({ specifier, line: lineOf(at) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node);
    else if (ts.isExternalModuleReference(node)) add(node.expression, node);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, node);
    else if (ts.isVariableDeclaration(node) && makesLoader(node.initializer) && ts.isIdentifier(node.name))
      loaders.add(node.name.text);
    else if (ts.isCallExpression(node) && loads(node.expression, loaders)) add(node.arguments[0], node);
    if (ts.isStringLiteralLike(node)) found.literals.push({ text: node.text, line: lineOf(node) });
    if (ts.isTemplateExpression(node)) found.literals.push({ text: node.head.text, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function makesLoader(node: ts.Expression | undefined): boolean {
  if (!node || !ts.isCallExpression(node)) return false;
  const callee = node.expression;
  return (
    (ts.isIdentifier(callee) && callee.text === 'createRequire') ||
    (ts.isPropertyAccessExpression(callee) && callee.name.text === 'createRequire')
  );
}

function loads(callee: ts.Expression, loaders: ReadonlySet<string>): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return loaders.has(callee.text);
  if (ts.isCallExpression(callee)) return makesLoader(callee);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (callee.name.text === 'getBuiltinModule') return true;
  if (callee.name.text !== 'resolve') return false;
  return (
    ts.isMetaProperty(callee.expression) ||
    (ts.isIdentifier(callee.expression) && loaders.has(callee.expression.text))
  );
}

import { parser } from '@lezer/python';
import { LeftOut, start } from '../left-out.js';

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree['topNode'];

const MAX_CHARS = 200_000;
const MAX_BRACKETS = 200;

/** A part of a Python program. */
export interface Node {
  name: string;
  /** As it stands in the program. */
  text: string;
  /** What it is made of, comments left out. */
  children: Node[];
}

/** @throws {LeftOut} when it is no Python, or more of it than is read here */
export function parsePython(source: string): Node {
  const text = source.replaceAll(/\r\n?/g, '\n');
  if (text.length > MAX_CHARS) throw new LeftOut(`has more than ${MAX_CHARS} characters of code`);
  if (bracketsOf(text) > MAX_BRACKETS) throw new LeftOut('has code that is nested too deeply');
  return nodeOf(parser.parse(text).topNode, text);
}

/** How deep brackets are nested; those in texts count as well. */
function bracketsOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    depth = '([{'.includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function nodeOf(node: SyntaxNode, source: string): Node {
  const text = source.slice(node.from, node.to);
  if (node.type.isError) throw new LeftOut('has code that is not read as Python');
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(nodeOf(child, source));
  return { name: node.name, text, children };
}

/** Without parentheses around it. */
export function bare(node: Node): Node {
  const [, inside] = node.children;
  return node.name === 'ParenthesizedExpression' && node.children.length === 3 && inside !== undefined
    ? bare(inside)
    : node;
}

/** What stands between commas. */
export function groups(nodes: readonly Node[]): Node[][] {
  const found: Node[][] = [[]];
  for (const node of nodes)
    if (node.name === ',') found.push([]);
    else found.at(-1)?.push(node);
  return found.at(-1)?.length === 0 ? found.slice(0, -1) : found;
}

/** The only one of a group. @throws {LeftOut} when it is more, or less: `*a`, `b=1`, `x for x in y` */
export function single(group: readonly Node[]): Node {
  const [only, ...more] = group;
  if (only !== undefined && more.length === 0) return only;
  throw new LeftOut(
    `has a list that is not only of values: ${start(group.map(({ text }) => text).join(' '))}`,
  );
}

/** Its name and arguments, when it calls a plain name. */
export function callOf(node: Node): { name: string; args: Node[] } | null {
  const [callee, list] = node.children;
  if (node.name !== 'CallExpression' || callee?.name !== 'VariableName' || list?.name !== 'ArgList')
    return null;
  return { name: callee.text, args: list.children.slice(1, -1) };
}

import { LeftOut, start } from '../left-out.js';
import { stringOf } from './strings.js';
import { bare, callOf, groups, single, type Node } from './tree.js';

/** A value that is written down in Python. */
export type Literal =
  | { type: 'none' }
  | { type: 'bool'; value: boolean }
  | { type: 'int'; value: bigint }
  | { type: 'float'; value: number }
  | { type: 'text'; value: string }
  | { type: 'list' | 'tuple' | 'set'; items: Literal[] }
  | { type: 'dict'; entries: [Literal, Literal][] };

const LISTS = { ArrayExpression: 'list', TupleExpression: 'tuple', SetExpression: 'set' } as const;
const INT = /^(?:[1-9][0-9]*|0+|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/i;
const FLOAT = /^(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=e))(?:e[+-]?[0-9]+)?$/i;
const MAX_DIGITS = 4_000;

/** @throws {LeftOut} when it is no value, but something that has to be reckoned first */
export function literalOf(node: Node): Literal {
  const inner = bare(node);
  const { name, text, children } = inner;
  switch (name) {
    case 'None':
      return { type: 'none' };
    case 'Boolean':
      return { type: 'bool', value: text === 'True' };
    case 'Number':
      return numberOf(text);
    case 'UnaryExpression':
      return signedOf(inner);
    case 'String':
      return { type: 'text', value: stringOf(text) };
    case 'ContinuedString':
      return { type: 'text', value: children.map((part) => stringOf(part.text)).join('') };
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return { type: LISTS[name], items: itemsOf(children.slice(1, -1)) };
    case 'DictionaryExpression':
      return { type: 'dict', entries: entriesOf(children.slice(1, -1)) };
    case 'CallExpression':
      return madeOf(inner);
    default:
      throw noValue(inner);
  }
}

const itemsOf = (nodes: readonly Node[]): Literal[] => groups(nodes).map((group) => literalOf(single(group)));

const noValue = ({ text }: Node): LeftOut =>
  new LeftOut(`has something that is no plain value: ${start(text)}`);

function numberOf(text: string): Literal {
  const digits = text.replaceAll('_', '');
  if (digits.length > MAX_DIGITS) throw new LeftOut('has a number with thousands of digits');
  if (INT.test(digits)) return { type: 'int', value: BigInt(/^0+$/.test(digits) ? '0' : digits) };
  if (FLOAT.test(digits)) return { type: 'float', value: Number(digits) };
  throw new LeftOut(`has a number that is not read here: ${start(text)}`);
}

function signedOf(node: Node): Literal {
  const [sign, operand] = node.children;
  const value = operand === undefined ? null : literalOf(operand);
  if (sign?.text === '+' && (value?.type === 'int' || value?.type === 'float')) return value;
  if (sign?.text === '-' && value?.type === 'int') return { type: 'int', value: -value.value };
  if (sign?.text === '-' && value?.type === 'float') return { type: 'float', value: -value.value };
  throw noValue(node);
}

function entriesOf(nodes: readonly Node[]): [Literal, Literal][] {
  return groups(nodes).map(([key, colon, value, ...more]) => {
    if (key === undefined || value === undefined || colon?.name !== ':' || more.length > 0)
      throw new LeftOut(
        `has a dictionary that is not only of values: ${start(nodes.map((one) => one.text).join(' '))}`,
      );
    return [literalOf(key), literalOf(value)];
  });
}

/** `set([1, 2])`, `tuple()`, `float("inf")`: values that have no literal of their own. */
function madeOf(node: Node): Literal {
  const call = callOf(node);
  const [argument, ...more] = call === null ? [] : itemsOf(call.args);
  if (call === null || more.length > 0) throw noValue(node);
  if (call.name === 'float' && argument?.type === 'text') {
    const [, sign, isInfinite] = /^\s*([+-]?)(inf|infinity)\s*$/i.exec(argument.value) ?? [];
    if (isInfinite !== undefined) return { type: 'float', value: sign === '-' ? -Infinity : Infinity };
  }
  const type = call.name === 'frozenset' ? 'set' : call.name;
  if (type === 'set' || type === 'tuple' || type === 'list') {
    if (argument === undefined) return { type, items: [] };
    if (argument.type === 'list' || argument.type === 'tuple' || (argument.type === 'set' && type === 'set'))
      return { type, items: argument.items };
  }
  throw noValue(node);
}

import type { CodeCompare, CodeStep } from '@boocontrol/contracts';
import { LeftOut, start } from '../left-out.js';
import { argumentOf, expectedOf, membersOf } from './forms.js';
import { literalOf, type Literal } from './literals.js';
import { bare, callOf, groups, single, type Node } from './tree.js';

type CallStep = Extract<CodeStep, { do: 'call' }>;

/** Names of functions that may be called. */
export type Callable = (name: string) => string | null;
/** What one side of a comparison is: a call, perhaps put in order or made a list first. */
interface Side {
  call: CallStep;
  as: 'itself' | 'list' | 'sorted';
}

/**
 * What an assertion says, as data: a call, and what it has to return.
 * @param callable the name in the module of a function that is called, null: it is none of the module
 * @returns null: it is true whatever the code does
 * @throws {LeftOut} when it says something else
 */
export function stepOf(assertion: Node, callable: Callable): CallStep | null {
  const [, condition] = assertion.children;
  if (condition === undefined) throw notRead(assertion);
  const said = bare(condition);
  if (said.name === 'Boolean' && said.text === 'True') return null;
  return equality(said, callable) ?? nearness(said, callable) ?? truth(said, callable) ?? refuse(assertion);
}

const notRead = ({ text }: Node): LeftOut =>
  new LeftOut(`has an assertion that cannot be turned into data: ${start(text)}`);
function refuse(assertion: Node): never {
  throw notRead(assertion);
}

/** `f(x)`, `not f(x)` */
function truth(said: Node, callable: Callable): CallStep | null {
  const [not, operand] = said.children;
  if (said.name === 'UnaryExpression' && not?.text === 'not' && operand !== undefined) {
    const call = callStep(bare(operand), callable);
    return call === null ? null : { ...call, expect: false };
  }
  const call = callStep(said, callable);
  return call === null ? null : { ...call, expect: true };
}

/** `f(x) == y`, `y == f(x)`, `f(x) is None` */
function equality(said: Node, callable: Callable): CallStep | null {
  const [left, operator, right, ...more] = said.children;
  if (said.name !== 'BinaryExpression' || left === undefined || right === undefined || more.length > 0)
    return null;
  if (operator?.text === 'is') {
    const call = callStep(bare(left), callable);
    const isConstant = right.name === 'None' || right.name === 'Boolean';
    return call === null || !isConstant ? null : { ...call, expect: expectedOf(literalOf(right)) };
  }
  if (operator?.text !== '==') return null;
  const side = sideOf(bare(left), callable);
  if (side !== null) return compared(side, literalOf(right));
  const other = sideOf(bare(right), callable);
  return other === null ? null : compared(other, literalOf(left));
}

function compared({ call, as }: Side, expected: Literal): CallStep {
  if (as !== 'itself' && expected.type !== 'list' && expected.type !== 'tuple')
    throw new LeftOut(`compares a list with what is none: ${start(call.name)}`);
  if (expected.type === 'set')
    return { ...call, expect: membersOf(expected.items), compare: { as: 'unordered' } };
  const step = { ...call, expect: expectedOf(expected) };
  return as === 'sorted' ? { ...step, compare: { as: 'unordered' } } : step;
}

/** `f(x)`, `list(f(x))`, `tuple(f(x))`, `sorted(f(x))` */
function sideOf(node: Node, callable: Callable): Side | null {
  const call = callStep(node, callable);
  if (call !== null) return { call, as: 'itself' };
  const wrapped = callOf(node);
  const [only, ...more] = wrapped?.args ?? [];
  if (wrapped === null || only === undefined || more.length > 0) return null;
  const as = wrapped.name === 'sorted' ? 'sorted' : /^(?:list|tuple)$/.test(wrapped.name) ? 'list' : null;
  const inner = as === null ? null : callStep(bare(only), callable);
  return as === null || inner === null ? null : { call: inner, as };
}

/** `abs(f(x) - y) < e`, `math.isclose(f(x), y, rel_tol=e)` */
function nearness(said: Node, callable: Callable): CallStep | null {
  if (said.name === 'CallExpression') return isClose(said, callable);
  const [left, operator, right] = said.children;
  if (said.name !== 'BinaryExpression' || left === undefined || right === undefined) return null;
  if (operator?.text !== '<' && operator?.text !== '<=') return null;
  const difference = callOf(bare(left));
  const [only, ...more] = difference?.args ?? [];
  if (difference?.name !== 'abs' || only === undefined || more.length > 0) return null;
  const [a, minus, b] = bare(only).children;
  if (bare(only).name !== 'BinaryExpression' || minus?.text !== '-' || a === undefined || b === undefined)
    return null;
  return near(bare(a), bare(b), callable, () => size(right));
}

function isClose(said: Node, callable: Callable): CallStep | null {
  const [callee, list] = said.children;
  if (callee === undefined || !/^(?:math\.)?isclose$/.test(callee.text) || list === undefined) return null;
  const { positional, named } = argumentsOf(list.children.slice(1, -1));
  const [a, b, ...more] = positional;
  if (a === undefined || b === undefined || more.length > 0) return null;
  const relative = named.get('rel_tol');
  const absolute = named.get('abs_tol');
  if (named.size > Number(relative !== undefined) + Number(absolute !== undefined)) return null;
  return near(bare(a), bare(b), callable, (expected) =>
    Math.max(
      (relative === undefined ? 1e-9 : size(relative)) * Math.abs(expected),
      absolute === undefined ? 0 : size(absolute),
    ),
  );
}

/** @param tolerance largest difference from what is expected */
function near(
  a: Node,
  b: Node,
  callable: Callable,
  tolerance: (expected: number) => number,
): CallStep | null {
  const [call, other] = [callStep(a, callable), b];
  const [step, node] = call === null ? [callStep(b, callable), a] : [call, other];
  if (step === null) return null;
  const expect = size(node);
  // The comparison takes it as a part of what is expected, when that is more than 1.
  const within = tolerance(expect) / Math.max(1, Math.abs(expect));
  const compare: CodeCompare = within > 0 ? { as: 'close', within } : { as: 'exact' };
  return { ...step, expect, compare };
}

function size(node: Node): number {
  const value = literalOf(node);
  if (value.type !== 'int' && value.type !== 'float')
    throw new LeftOut(`has no number at ${start(node.text)}`);
  const number = Number(value.value);
  if (!Number.isFinite(number)) throw new LeftOut(`has a number that is too large at ${start(node.text)}`);
  return number;
}

/** A call of a function of the module with plain values. */
function callStep(node: Node, callable: Callable): CallStep | null {
  const call = callOf(node);
  const name = call === null ? null : callable(call.name);
  if (call === null || name === null) return null;
  const { positional, named } = argumentsOf(call.args);
  const kwargs = Object.fromEntries([...named].map(([key, value]) => [key, argumentOf(literalOf(value))]));
  return {
    do: 'call',
    name,
    args: positional.map((argument) => argumentOf(literalOf(argument))),
    ...(named.size > 0 ? { kwargs } : {}),
  };
}

function argumentsOf(nodes: readonly Node[]): { positional: Node[]; named: Map<string, Node> } {
  const named = new Map<string, Node>();
  const positional: Node[] = [];
  for (const group of groups(nodes)) {
    const [name, equals, value, ...more] = group;
    if (name?.name === 'VariableName' && equals?.name === 'AssignOp' && value !== undefined)
      named.set(name.text, single([value, ...more]));
    else positional.push(single(group));
  }
  return { positional, named };
}

import type { CodeStep, CodingItem } from '@boocontrol/contracts';
import { z } from 'zod';
import { LeftOut, start } from './left-out.js';
import { stepOf } from './python/assertions.js';
import { parsePython, type Node } from './python/tree.js';
import { SOLUTION, testsOf } from './tests-of.js';

const TaskSchema = z
  .object({
    task_id: z.union([z.int(), z.string().min(1)]),
    text: z.string().min(1).optional(),
    prompt: z.string().min(1).optional(),
    code: z.string().optional(),
    test_list: z.array(z.string()).min(1),
    test_setup_code: z.string().optional(),
  })
  .refine(({ text, prompt }) => text !== undefined || prompt !== undefined);
/** Functions of Python that stand around a call, and are not what is tested. */
const OF_PYTHON =
  /^(?:abs|all|any|bool|dict|float|frozenset|int|isclose|isinstance|len|list|max|min|print|range|repr|round|set|sorted|str|sum|tuple|type|zip)$/;

/**
 * A task in the style of MBPP: what a function has to do, in words, and a list of assertions. The first one of several is
 * shown with the task, since nothing else says how the function is called and what it returns.
 * @throws {LeftOut} when it is none, or has a test that is not an assertion about one call with plain values
 */
export function mbppItem(line: unknown): CodingItem {
  const parsed = TaskSchema.safeParse(line);
  if (!parsed.success)
    throw new LeftOut('is no such task: it needs task_id, text or prompt, and test_list with texts');
  const { task_id: id, text, prompt, code, test_list: assertions, test_setup_code: setup } = parsed.data;
  if (setup !== undefined && !/^\s*(?:import math\s*)?$/.test(setup))
    throw new LeftOut(`needs something to be set up first: ${start(setup)}`);
  const steps = assertions.flatMap(stepsOf);
  const [example, ...others] = assertions;
  const names = [...new Set(steps.map(({ name }) => name))];
  const task = [
    (text ?? prompt ?? '').trim(),
    `Write it in ${SOLUTION}, as ${names.map((name) => signatureOf(name, code)).join(' and ')}.`,
    ...(others.length > 0 ? [`For example:\n\n${example?.trim() ?? ''}`] : []),
  ];
  return {
    kind: 'coding',
    id: typeof id === 'number' ? `mbpp/${id}` : id,
    language: 'python',
    prompt: task.join('\n\n'),
    target: SOLUTION,
    tests: testsOf(steps),
    ...(code === undefined ? {} : { reference: { [SOLUTION]: code.replaceAll(/\r\n?/g, '\n') } }),
  };
}

function stepsOf(assertion: string): CodeStep[] {
  return parsePython(assertion).children.flatMap((statement) => {
    if (statement.name !== 'AssertStatement')
      throw new LeftOut(`has a test that is no assertion: ${start(statement.text)}`);
    return stepOf(statement, (name) => (OF_PYTHON.test(name) ? null : name)) ?? [];
  });
}

/** `f(a, b)` as the reference has it; without one its name alone. */
function signatureOf(name: string, code: string | undefined): string {
  const definition =
    code === undefined ? undefined : definitionsOf(code).find((one) => one.children[1]?.text === name);
  const parameters = definition?.children.find((child) => child.name === 'ParamList')?.text;
  return `\`${name}${start(parameters ?? '(…)', 500)}\``;
}

/** Those that can be read: a reference that is no Python is found out when it is run. */
function definitionsOf(code: string): Node[] {
  try {
    return parsePython(code).children.filter(({ name }) => name === 'FunctionDefinition');
  } catch (error) {
    if (error instanceof LeftOut) return [];
    throw error;
  }
}

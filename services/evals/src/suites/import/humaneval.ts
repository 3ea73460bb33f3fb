import type { CodeStep, CodingItem } from '@boocontrol/contracts';
import { z } from 'zod';
import { LeftOut, start } from './left-out.js';
import { stepOf } from './python/assertions.js';
import { parsePython, type Node } from './python/tree.js';
import { SOLUTION, testsOf } from './tests-of.js';

const TaskSchema = z.object({
  task_id: z.string().min(1),
  prompt: z.string().min(1),
  test: z.string().min(1),
  entry_point: z.string().min(1),
  canonical_solution: z.string().optional(),
});

/**
 * A task in the style of HumanEval: a function to be completed, and `check(candidate)` with assertions.
 * @throws {LeftOut} when it is none, or has a test that is not an assertion about one call with plain values
 */
export function humanEvalItem(line: unknown): CodingItem {
  const parsed = TaskSchema.safeParse(line);
  if (!parsed.success)
    throw new LeftOut('is no such task: it needs task_id, prompt, test and entry_point, all of them texts');
  const { task_id: id, prompt, test, entry_point: entry, canonical_solution: solution } = parsed.data;
  return {
    kind: 'coding',
    id,
    language: 'python',
    prompt: `Complete the function \`${entry}\` in ${SOLUTION}, as its documentation says.`,
    files: { [SOLUTION]: prompt },
    target: SOLUTION,
    tests: testsOf(stepsOf(test, entry)),
    ...(solution === undefined ? {} : { reference: { [SOLUTION]: `${prompt}${solution}` } }),
  };
}

function stepsOf(test: string, entry: string): CodeStep[] {
  const checks: Node[] = [];
  for (const statement of parsePython(test).children) {
    if (statement.name === 'FunctionDefinition' && statement.children[1]?.text === 'check')
      checks.push(statement);
    else if (!saysNothing(statement, entry))
      throw new LeftOut(`has something besides its check: ${start(statement.text)}`);
  }
  const [check, ...more] = checks;
  const parameter = check?.children[2]?.children[1];
  if (check === undefined || more.length > 0 || parameter?.name !== 'VariableName')
    throw new LeftOut('has no single function check(candidate)');
  const callable = (name: string): string | null =>
    name === parameter.text || name === entry ? entry : null;
  const statements = check.children.at(-1)?.children.slice(1) ?? [];
  return statements.flatMap((statement) => {
    if (statement.name === 'AssertStatement') return stepOf(statement, callable) ?? [];
    if (saysNothing(statement, entry)) return [];
    throw new LeftOut(`has a check that is no assertion: ${start(statement.text)}`);
  });
}

/** What is there beside assertions and says nothing about the function: texts, data about the task, the call of the check. */
function saysNothing({ name, text, children }: Node, entry: string): boolean {
  const [first, second] = children;
  if (name === 'PassStatement' || (name === 'ImportStatement' && text.trim() === 'import math')) return true;
  if (name === 'AssignStatement') return first?.text === 'METADATA' && second?.text === '=';
  if (name !== 'ExpressionStatement') return false;
  return first?.name === 'String' || text.trim() === `check(${entry})`;
}

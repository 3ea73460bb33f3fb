import type { CodeTest, CodingItem, EvalItem, EvalSuite, ToolItem } from '@boocontrol/contracts';
import { BadSchema, checkSchema } from '../grading/checks/json-schema.js';
import { whyUngradable } from '../grading/grade.js';

/**
 * What is wrong with a suite that its schema cannot say: whatever would make an item impossible to pass, or to grade.
 * Sentences that name the item and say what to do; empty: nothing.
 */
export function problemsOfSuite({ items }: Pick<EvalSuite, 'items'>): string[] {
  return items.flatMap((item) => problemsOfItem(item).map((problem) => `Item “${item.id}”: ${problem}`));
}

export function problemsOfItem(item: EvalItem): string[] {
  const why = whyUngradable(item);
  const rules =
    why === null ? [] : [`one of its rules cannot be used: ${why}. Mend the expression or schema.`];
  switch (item.kind) {
    case 'coding':
      return item.tests.flatMap((test) => problemsOfTest(test, item));
    case 'tools':
      return [...rules, ...problemsOfTools(item)];
    case 'text':
      return [...rules, ...(item.schema === undefined ? [] : problemsOfSchema(item.schema, '`schema`'))];
    case 'long-context':
      return rules;
  }
}

function problemsOfSchema(schema: unknown, where: string): string[] {
  try {
    checkSchema(schema);
    return [];
  } catch (error) {
    if (!(error instanceof BadSchema)) throw error;
    return [`its ${where} is no JSON Schema that can be used: ${error.message}. Mend it.`];
  }
}

function problemsOfTest(test: CodeTest, item: CodingItem): string[] {
  const problems: string[] = [];
  const path = 'run' in test ? test.run : test.module;
  const known = [item.target ?? [], Object.keys(item.files ?? {}), Object.keys(item.reference ?? {})].flat();
  if (!known.includes(path))
    problems.push(
      `its test “${test.name}” needs ${path}, which nobody writes. Name it in \`files\`, \`target\` or \`reference\`.`,
    );
  if ('run' in test) return problems;
  const kept = new Set<string>();
  for (const step of test.steps) {
    const needed = [
      ...('on' in step && step.on !== undefined ? [step.on] : []),
      ...('args' in step ? [step.args, step.kwargs].flatMap(refsOf) : []),
    ];
    for (const name of needed)
      if (!kept.has(name))
        problems.push(
          `its test “${test.name}” uses “${name}” before a step keeps a value under that name. Add \`as: ${name}\` to an earlier step.`,
        );
    if ('kwargs' in step && step.kwargs !== undefined && item.language !== 'python')
      problems.push(`its test “${test.name}” has \`kwargs\`, which only Python knows. Use \`args\`.`);
    if ('as' in step && step.as !== undefined) kept.add(step.as);
  }
  return problems;
}

/** Names of kept values that arguments refer to, at any depth. */
function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === '$ref' && typeof only[1] === 'string') return [only[1]];
  return entries.flatMap(([, inner]) => refsOf(inner));
}

function problemsOfTools({ messages, tools, replies, expect }: ToolItem): string[] {
  const problems = tools.flatMap(({ name, parameters }) =>
    problemsOfSchema(parameters, `\`parameters\` of “${name}”`),
  );
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`the function “${twice}” is offered twice. Remove one of them.`);
  const last = messages.at(-1)?.role;
  if (last !== 'user' && last !== 'tool')
    problems.push(
      'nothing is there to be answered. Let a user, or what a function returned, come last in `messages`.',
    );
  const unknown = (name: string): boolean => !names.includes(name);
  for (const name of new Set(expect.calls.map((call) => call.name).filter(unknown)))
    problems.push(`a call of “${name}” is expected, which is not offered. Add it to \`tools\`.`);
  for (const name of new Set(replies.map(({ tool }) => tool).filter(unknown)))
    problems.push(`there is a reply of “${name}”, which is not offered. Add it to \`tools\`.`);
  return problems;
}

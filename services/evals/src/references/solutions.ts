import type { EvalFiles, EvalItem, EvalMessage, EvalSuite, EvalSuiteCheck } from '@boocontrol/contracts';
import type { Transcript } from '../asking/types.js';
import { gradeFiles } from '../grading/code/coding.js';
import { grade } from '../grading/grade.js';
import type { Grade, GradingContext } from '../grading/types.js';

type Fault = EvalSuiteCheck['faults'][number];

/** An answer that an item brings along. */
interface Solution {
  item: EvalItem;
  solution: Fault['solution'];
}

/** Every answer that items bring along, in their order. Long contexts make theirs up, and are right by that. */
export function solutionsOf({ items }: Pick<EvalSuite, 'items'>): Solution[] {
  return items.flatMap((item) =>
    (['reference', 'wrong'] as const).flatMap((solution): Solution[] =>
      givenBy(item, solution) === undefined ? [] : [{ item, solution }],
    ),
  );
}

/** Code has to run for it. */
export const needsSandbox = ({ item }: Solution): boolean => item.kind === 'coding';

/**
 * Grades it as an answer of a model.
 * @returns what is wrong with it; null: a reference that passes, a wrong answer that fails
 * @throws the signal's reason when that fires
 */
export async function faultOf({ item, solution }: Solution, context: GradingContext): Promise<Fault | null> {
  const given = givenBy(item, solution);
  if (given === undefined) return null;
  const grade = await gradeOf(item, given, context);
  context.signal.throwIfAborted();
  const message = solution === 'reference' ? whyNoReference(grade) : whyNotWrong(grade);
  return message === null ? null : { item: item.id, solution, message: message.slice(0, 2_000) };
}

type Given = string | EvalFiles | EvalMessage[];

function givenBy(item: EvalItem, solution: Fault['solution']): Given | undefined {
  return item.kind === 'long-context' ? undefined : item[solution];
}

function gradeOf(item: EvalItem, given: Given, context: GradingContext): Promise<Grade> {
  if (item.kind === 'coding' && typeof given === 'object' && !Array.isArray(given))
    return gradeFiles(item, { ...item.files, ...given }, context);
  return grade(item, saying(given), context);
}

/** As if a model had said this, and nothing else had happened. */
function saying(given: Given): Transcript {
  const answer: EvalMessage[] = Array.isArray(given)
    ? given
    : [{ role: 'assistant', content: typeof given === 'string' ? given : '' }];
  return {
    ...{ prompt: [], answer, reasoning: null, finishReason: 'stop', promptTokens: null, outputTokens: null },
    ...{ refusal: null, invalid: null },
  };
}

const FAILS: ReadonlySet<string> = new Set(['failed', 'timeout', 'oom', 'refused']);

function whyNoReference({ outcome, reason }: Grade): string | null {
  if (outcome === 'passed') return null;
  const why = reason?.message ?? outcome;
  return FAILS.has(outcome)
    ? `The reference does not pass: ${why}`
    : `The reference could not be graded: ${why}`;
}

function whyNotWrong({ outcome, reason }: Grade): string | null {
  if (outcome === 'passed')
    return 'The wrong solution passes, so the rules or tests cannot tell it from a right one.';
  return FAILS.has(outcome) ? null : `The wrong solution could not be graded: ${reason?.message ?? outcome}`;
}

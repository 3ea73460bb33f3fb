import type { EvalFinding, EvalItem, Problem } from '@boocontrol/contracts';
import { readAnswer } from '../asking/coding/answer.js';
import { withoutReasoning } from '../asking/reasoning.js';
import type { Transcript } from '../asking/types.js';
import { BadCheck, checkUsable, findingOf } from './checks/checks.js';
import { gradeFiles } from './code/coding.js';
import { longContextFinding } from './long-context.js';
import { toolFindings } from './tools.js';
import { graded, type Grade, type GradingContext } from './types.js';
import { problem } from './words.js';

/** A rule reads no longer answers. */
const MAX_CHARS = 500_000;

/**
 * Grades what a model answered. Needs nothing but the item and the transcript, so it grades the same again later.
 * @throws the signal's reason when it fires
 */
export async function grade(item: EvalItem, transcript: Transcript, context: GradingContext): Promise<Grade> {
  if (transcript.invalid !== null) return graded('invalid', transcript.invalid);
  if (transcript.refusal !== null)
    return graded('refused', problem('refused', `The model or its endpoint declined: ${transcript.refusal}`));
  const last = transcript.answer.findLast(({ role }) => role === 'assistant');
  const text = withoutReasoning(last?.content ?? '');
  if (text.length > MAX_CHARS && item.kind !== 'coding')
    return graded('failed', problem('answer_too_long', `The answer has ${text.length} characters.`));
  // Of a long context the answer is short: what comes after it takes nothing away from it.
  if (transcript.finishReason === 'length' && item.kind !== 'long-context')
    return graded(
      'failed',
      problem('answer_cut', 'The answer was cut: it reached the most tokens that it may have.'),
    );
  try {
    switch (item.kind) {
      case 'coding': {
        const read = readAnswer(item, last?.content ?? '');
        return 'problem' in read
          ? graded('failed', read.problem)
          : await gradeFiles(item, read.files, context);
      }
      case 'text':
        return byFindings(
          item.checks.map((check) => findingOf(check, text)),
          text,
        );
      case 'tools':
        return byFindings(toolFindings(item.expect, withPlainText(transcript)), null);
      case 'long-context':
        return byFindings([longContextFinding(item, text)], text, transcript.finishReason === 'length');
    }
  } catch (error) {
    if (!(error instanceof BadCheck)) throw error;
    return graded(
      'harness_error',
      problem('bad_check', `A rule of the item cannot be used: ${error.message}.`),
    );
  }
}

/** Why an item cannot be graded, whatever the answer, in words; null: it can. */
export function whyUngradable(item: EvalItem): string | null {
  const checks = item.kind === 'text' ? item.checks : item.kind === 'tools' ? item.expect.answer : [];
  try {
    checks.forEach(checkUsable);
    return null;
  } catch (error) {
    if (!(error instanceof BadCheck)) throw error;
    return error.message;
  }
}

function withPlainText({ answer }: Transcript): Transcript['answer'] {
  return answer.map((message) =>
    message.role === 'assistant' ? { ...message, content: withoutReasoning(message.content) } : message,
  );
}

/** @param text null: an empty one says nothing */
function byFindings(findings: EvalFinding[], text: string | null, isCut = false): Grade {
  const bad = findings.filter(({ passed }) => !passed);
  const [first] = bad;
  if (first === undefined) return graded('passed', null, findings);
  return graded('failed', reasonOf(first, bad.length, findings.length, text, isCut), findings);
}

function reasonOf(
  first: EvalFinding,
  bad: number,
  all: number,
  text: string | null,
  isCut: boolean,
): Problem {
  if (text !== null && text.trim() === '')
    return isCut
      ? problem('answer_cut', 'The model reached the most tokens that it may have before it answered.')
      : problem('no_answer', 'The model answered nothing.');
  const many = all === 1 ? '' : `${bad} of ${all} rules do not hold. `;
  return problem(
    'wrong_answer',
    `${many}${first.name}: expected ${first.expected ?? 'it'}, got ${first.got ?? 'nothing'}`,
  );
}

import type { Problem } from '@boocontrol/contracts';

/** What a schema says by itself, in words for people; a sentence that was written for them stays. */
const WORDS: readonly [pattern: RegExp, words: (found: RegExpExecArray) => string][] = [
  [/^Too small: expected string to have >=1 /, () => 'This is needed.'],
  [/^Too big: expected string to have <=(\d+) /, ([, most]) => `Use at most ${most} characters.`],
  [/^Too big: expected array to have <=(\d+) /, ([, most]) => `Use at most ${most} of them.`],
  [/^(Invalid|Too small|Too big|Unrecognized)\b/, () => 'This is not valid.'],
  [/^[a-z]/, ({ input }) => `${input.charAt(0).toUpperCase()}${input.slice(1).replace(/\.$/, '')}.`],
];

/** A complaint about a field as a sentence. */
export function plainWords(message: string): string {
  for (const [pattern, words] of WORDS) {
    const found = pattern.exec(message);
    if (found) return words(found);
  }
  return message;
}

/** The message of a refused input lists its fields in a validator's words: those stay in the details. */
export const plainProblem = (problem: Problem): Problem =>
  problem.code === 'validation'
    ? { ...problem, message: 'BooControl could not accept this. Check what was entered, or reload the page.' }
    : problem;

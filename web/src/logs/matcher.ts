import { MOST_TEXT } from './filters';

/** Whether a text is what is looked for. @throws {BadPattern} when that takes too long */
export type Matcher = (text: string) => boolean;

/** What is typed cannot be used as a pattern; the message says why, for the end of a sentence. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
}

/** Instructions of the compiled pattern: the time that a text takes is this times its length. */
const MOST_INSTRUCTIONS = 2_000;
/** For one line. Matching is linear in its length, so only a huge pattern on a huge line takes longer. */
const MOST_LINE_MS = 250;

/** Letters in any case. */
export function textMatcher(text: string): Matcher {
  const wanted = text.toLowerCase();
  return (line) => line.toLowerCase().includes(wanted);
}

/**
 * A pattern in the syntax of RE2, letters in any case: none of them takes longer than in proportion to the text. Its
 * library comes when the first is used.
 * @throws {BadPattern} when it is none, or too large; the matcher throws one when a line takes too long
 */
export async function patternMatcher(pattern: string, now: () => number): Promise<Matcher> {
  const { RE2JS } = await import('re2js');
  if (pattern.length > MOST_TEXT) throw new BadPattern(`it is longer than ${MOST_TEXT} characters`);
  const compiled = attempt(() => {
    const made = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return { made, size: made.programSize() };
  });
  if (compiled.size > MOST_INSTRUCTIONS)
    throw new BadPattern('it repeats so much that it would take too long');
  return (text) => {
    const begunMs = now();
    const isHit = attempt(() => compiled.made.test(text));
    if (now() - begunMs > MOST_LINE_MS) throw new BadPattern('it takes too long');
    return isHit;
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new BadPattern(
      error instanceof Error
        ? error.message.replace(/^error parsing regexp: /, '').replace('`(?i)', '`')
        : String(error),
    );
  }
}

import type { EvalMessage, Problem } from '@boocontrol/contracts';
import type { Answer, AskingContext } from './types.js';

/** A prompt that the host counts so much shorter than we do was cut. */
const CUT_SHARE = 0.95;
/** What templates leave out at the edges of messages, in tokens. */
const EDGES = 8;

/**
 * Whether the host has read less than it was sent. It says how many tokens it has read; the messages alone, counted by its
 * own tokenizer, have that many at least. What a model said before is not counted: templates leave its reasoning out.
 * @returns null: it has read all, or nobody can tell
 */
export async function truncationOf(
  messages: readonly EvalMessage[],
  { promptTokens }: Pick<Answer, 'promptTokens'>,
  { countTokens }: Pick<AskingContext, 'countTokens'>,
): Promise<Problem | null> {
  if (promptTokens === null) return null;
  const text = messages
    .flatMap(({ role, content }) => (role === 'assistant' ? [] : content.trim()))
    .join('\n');
  // A token is at least about a character, so it need not be counted.
  if (promptTokens >= text.length) return null;
  const tokens = await countTokens(text);
  return tokens !== null && promptTokens < tokens * CUT_SHARE - EDGES
    ? truncated(promptTokens, tokens)
    : null;
}

function truncated(read: number, sent: number): Problem {
  return {
    code: 'prompt_truncated',
    message: `The host read ${read} tokens of ${sent} at least: it cut the prompt.`,
  };
}

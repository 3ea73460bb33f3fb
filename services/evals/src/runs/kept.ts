import type { EvalMessage } from '@boocontrol/contracts';
import type { Transcript } from '../asking/types.js';
import { keepableText, withoutMiddle } from './keepable.js';

/** Of each message of a prompt, and of all that a model said, in characters. */
const PROMPT_CHARS = 60_000;
const ANSWER_CHARS = 200_000;
const REASONING_CHARS = 100_000;

/** A transcript as it is kept: a long text of the prompt without its middle, a long answer without its end. */
export function kept(transcript: Transcript): { transcript: Transcript; isCut: boolean } {
  let left = ANSWER_CHARS;
  let isCut = false;
  const cut = (text: string, max: number): string => {
    if (text.length <= max) return text;
    isCut = true;
    return keepableText(text.slice(0, Math.max(0, max)));
  };
  const answer = transcript.answer.map((message): EvalMessage => {
    const content = cut(message.content, left);
    left -= content.length;
    return { ...message, content };
  });
  const reasoning = transcript.reasoning === null ? null : cut(transcript.reasoning, REASONING_CHARS);
  const prompt = transcript.prompt.map((message) => ({
    ...message,
    content: withoutMiddle(message.content, PROMPT_CHARS),
  }));
  return { transcript: { ...transcript, prompt, answer, reasoning }, isCut };
}

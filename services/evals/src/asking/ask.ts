import type { EvalItem, EvalMessage, EvalSuite, LongContextItem, Problem } from '@boocontrol/contracts';
import { codingPrompt } from './coding/prompt.js';
import { hiddenIn } from './long-context/needles.js';
import { longPrompt } from './long-context/prompt.js';
import { converse } from './tools.js';
import { truncationOf } from './truncation.js';
import type { Answer, AskingContext, Transcript } from './types.js';

/** Tokens of a text where the host has no tokenizer to ask: about so many characters each. */
const CHARS_PER_TOKEN = 4;

/**
 * Asks a model what an item asks.
 * @throws what `send` and `countTokens` reject with
 */
export async function ask(
  item: EvalItem,
  suite: Pick<EvalSuite, 'system' | 'sampler'>,
  context: AskingContext,
): Promise<Transcript> {
  const system = item.system ?? suite.system;
  const maxTokens = item.maxTokens ?? suite.sampler.maxTokens;
  const before: EvalMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  switch (item.kind) {
    case 'coding':
      return once([...before, { role: 'user', content: codingPrompt(item) }], { maxTokens }, context);
    case 'text': {
      const options = item.schema === undefined ? { maxTokens } : { maxTokens, schema: item.schema };
      return once([...before, { role: 'user', content: item.prompt }], options, context);
    }
    case 'tools':
      return converse(item, [...before, ...item.messages], maxTokens, context);
    case 'long-context':
      return askLong(item, before, maxTokens, context);
  }
}

async function once(
  prompt: EvalMessage[],
  options: Parameters<AskingContext['send']>[1],
  context: AskingContext,
): Promise<Transcript> {
  const { send, contextTokens } = context;
  const chars = prompt.reduce((sum, { content }) => sum + content.length, 0);
  // A token is at least about a character, so only a prompt that may be too long is counted.
  if (contextTokens !== null && chars > contextTokens) {
    const tokens = await aboutTokens(context)(prompt.map(({ content }) => content).join('\n'));
    if (tokens > contextTokens) return unasked(prompt, tooLong(tokens, 0, contextTokens));
  }
  const answer = await send(prompt, options);
  return answered(prompt, answer, await truncationOf(prompt, answer, context));
}

/** Counted, or where that is not offered guessed. */
function aboutTokens({ countTokens }: AskingContext): (text: string) => Promise<number> {
  return async (text) => (await countTokens(text)) ?? Math.ceil(text.length / CHARS_PER_TOKEN);
}

async function askLong(
  item: LongContextItem,
  before: EvalMessage[],
  maxTokens: number,
  context: AskingContext,
): Promise<Transcript> {
  const { send, contextTokens } = context;
  if (contextTokens !== null && item.tokens + maxTokens > contextTokens)
    return unasked(before, tooLong(item.tokens, maxTokens, contextTokens));
  const built = await longPrompt(item, before[0]?.content ?? '', hiddenIn(item), aboutTokens(context));
  const prompt: EvalMessage[] = [...before, { role: 'user', content: built.text }];
  if (Math.abs(built.tokens - item.tokens) > item.tokens * 0.01)
    return unasked(prompt, {
      code: 'length_not_reached',
      message: `The prompt has ${built.tokens} tokens and not ${item.tokens}: what is hidden does not fit such a length.`,
    });
  const answer = await send(prompt, { maxTokens });
  return answered(prompt, answer, await truncationOf(prompt, answer, context));
}

function tooLong(prompt: number, answer: number, context: number): Problem {
  const what = answer === 0 ? `${prompt} tokens` : `${prompt} tokens and ${answer} of its answer`;
  return {
    code: 'context_too_small',
    message: `The prompt of ${what} does not fit into the context of ${context} tokens that the model is loaded with.`,
  };
}

function unasked(prompt: EvalMessage[], invalid: Problem): Transcript {
  return {
    prompt,
    answer: [],
    reasoning: null,
    finishReason: null,
    promptTokens: null,
    outputTokens: null,
    refusal: null,
    invalid,
  };
}

function answered(prompt: EvalMessage[], answer: Answer, invalid: Problem | null): Transcript {
  const { content, reasoning, finishReason, promptTokens, outputTokens, refusal } = answer;
  return {
    prompt,
    answer: [{ role: 'assistant', content }],
    reasoning,
    finishReason,
    promptTokens,
    outputTokens,
    refusal,
    invalid,
  };
}

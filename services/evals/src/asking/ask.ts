import type { EvalItem, EvalMessage, EvalSuite, LongContextItem, Problem } from '@boocontrol/contracts';
import { codingPrompt } from './coding/prompt.js';
import { hiddenIn } from './long-context/needles.js';
import { longPrompt } from './long-context/prompt.js';
import { converse } from './tools.js';
import type { Answer, AskingContext, Transcript } from './types.js';

/** A prompt that the host counts so much shorter than we do was cut. */
const CUT_SHARE = 0.95;

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
  { send, contextTokens, countTokens }: AskingContext,
): Promise<Transcript> {
  const chars = prompt.reduce((sum, { content }) => sum + content.length, 0);
  // A token is at least about a character, so only a prompt that may be too long is counted.
  if (contextTokens !== null && chars > contextTokens) {
    const tokens = await countTokens(prompt.map(({ content }) => content).join('\n'));
    if (tokens > contextTokens) return unasked(prompt, tooLong(tokens, 0, contextTokens));
  }
  return answered(prompt, await send(prompt, options), null);
}

async function askLong(
  item: LongContextItem,
  before: EvalMessage[],
  maxTokens: number,
  { send, countTokens, contextTokens }: AskingContext,
): Promise<Transcript> {
  if (contextTokens !== null && item.tokens + maxTokens > contextTokens)
    return unasked(before, tooLong(item.tokens, maxTokens, contextTokens));
  const built = await longPrompt(item, before[0]?.content ?? '', hiddenIn(item), countTokens);
  const prompt: EvalMessage[] = [...before, { role: 'user', content: built.text }];
  if (Math.abs(built.tokens - item.tokens) > item.tokens * 0.01)
    return unasked(prompt, {
      code: 'length_not_reached',
      message: `The prompt has ${built.tokens} tokens and not ${item.tokens}: what is hidden does not fit such a length.`,
    });
  const answer = await send(prompt, { maxTokens });
  const isCut = answer.promptTokens !== null && answer.promptTokens < built.tokens * CUT_SHARE;
  return answered(
    prompt,
    answer,
    isCut
      ? {
          code: 'prompt_truncated',
          message: `The host read ${answer.promptTokens} tokens of ${built.tokens}: it cut the prompt.`,
        }
      : null,
  );
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

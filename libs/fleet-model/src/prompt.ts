import type { Request } from '@boocontrol/contracts';

type Counted = Pick<Request, 'inputTokens' | 'cacheTokens' | 'promptTps' | 'genTps' | 'reqPath'>;
export type Prompt = Required<Pick<Request, 'promptTokens' | 'promptCounts'>>;

/** Anthropic's Messages: its `input_tokens` leave out what was read from the cache. */
const MESSAGES = /\/messages$/;

/**
 * How long the whole prompt was, from what a llama-swap row tells. What its `input_tokens` count depends on the answer
 * (`buildMetrics` in llama-swap, alike in the generations A to C): with llama.cpp's `timings` it is `prompt_n`, new tokens
 * only, and both rates are told; from `usage` alone it is `prompt_tokens`, cached ones included, and the rates are not told
 * (but late builds of C tell them for vLLM as well). SQL over old rows says the same: keep them alike.
 * @param hadTimings whether the answer had `timings`, where that is known from elsewhere; null: not known
 */
export function promptOf(row: Counted, hadTimings: boolean | null = null): Prompt {
  const { inputTokens: input, cacheTokens, promptTps, genTps, reqPath } = row;
  const cached = cacheTokens ?? 0;
  if (input === null || cached === 0) return { promptTokens: input, promptCounts: 'known' };
  const whole: Prompt = { promptTokens: input, promptCounts: 'known' };
  const sum: Prompt = { promptTokens: input + cached, promptCounts: 'known' };
  if (cached > input || MESSAGES.test(reqPath)) return sum;
  if (hadTimings !== null) return hadTimings ? sum : whole;
  return promptTps === null && genTps === null ? whole : { ...sum, promptCounts: 'uncertain' };
}

/** The prompt as its fact tells it, or by the same rule where it was stated before facts told it. */
export function toldPrompt(row: Counted & Pick<Request, 'promptTokens' | 'promptCounts'>): Prompt {
  const { promptTokens, promptCounts } = row;
  return promptTokens === undefined ? promptOf(row) : { promptTokens, promptCounts: promptCounts ?? 'known' };
}

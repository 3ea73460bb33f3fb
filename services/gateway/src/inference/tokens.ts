/** What an answer tells of its tokens; null: not told. */
export interface TokenCounts {
  /** The whole prompt, cached ones included. */
  prompt: number | null;
  cached: number | null;
  output: number | null;
  /** Milliseconds that the host took for the tokens of the prompt that were not cached. */
  promptMs: number | null;
}

export function noTokens(): TokenCounts {
  return { prompt: null, cached: null, output: null, promptMs: null };
}

type Loose = Record<string, unknown>;

function objectOf(value: unknown): Loose | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null;
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

/**
 * Adds what an answer, or one event of it, tells. llama.cpp's `timings` count new and cached prompt tokens apart and win;
 * `usage` of OpenAI counts cached ones in, that of Anthropic leaves them out.
 */
export function tokensIn(answer: object, into: TokenCounts): void {
  const { timings, usage, response, message } = answer as Loose;
  const nested = objectOf(response) ?? objectOf(message);
  const told = objectOf(usage) ?? objectOf(nested?.['usage']);
  const measured = objectOf(timings);
  if (told !== null) {
    const details = objectOf(told['prompt_tokens_details']) ?? objectOf(told['input_tokens_details']);
    const cacheRead = countOf(told['cache_read_input_tokens']);
    const input = countOf(told['input_tokens']);
    const created = countOf(told['cache_creation_input_tokens']) ?? 0;
    const prompt =
      countOf(told['prompt_tokens']) ?? (input === null ? null : input + (cacheRead ?? 0) + created);
    into.prompt = prompt ?? into.prompt;
    into.cached = countOf(details?.['cached_tokens']) ?? cacheRead ?? into.cached;
    into.output = countOf(told['completion_tokens']) ?? countOf(told['output_tokens']) ?? into.output;
  }
  if (measured !== null) {
    const [fresh, cached] = [countOf(measured['prompt_n']), countOf(measured['cache_n'])];
    into.cached = cached ?? into.cached;
    if (fresh !== null) into.prompt = fresh + (cached ?? 0);
    into.output = countOf(measured['predicted_n']) ?? into.output;
    const ms = measured['prompt_ms'];
    if (typeof ms === 'number' && ms >= 0) into.promptMs = ms;
  }
}

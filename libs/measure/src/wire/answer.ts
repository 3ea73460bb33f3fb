import { z } from 'zod';
import type { Frame } from './sse.js';

const count = z.number().int().min(0);

/** llama.cpp's own account of an answer, in the last chunk. */
const TimingsSchema = z.looseObject({
  cache_n: count.optional(),
  prompt_n: count,
  prompt_per_second: z.number().nullish(),
  predicted_n: count,
  predicted_per_second: z.number().nullish(),
  draft_n: count.optional(),
  draft_n_accepted: count.optional(),
});
export type Timings = z.infer<typeof TimingsSchema>;

const UsageSchema = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count.optional(),
  prompt_tokens_details: z.looseObject({ cached_tokens: count.nullish() }).nullish(),
});
export type Usage = z.infer<typeof UsageSchema>;

const words = z.string().nullish().catch(null);
const DeltaSchema = z.looseObject({
  content: words,
  reasoning_content: words,
  // OpenRouter's and newer vLLM's name for it.
  reasoning: words,
  tool_calls: z.array(z.unknown()).nullish().catch(null),
});
const ChunkSchema = z.looseObject({
  choices: z
    .array(z.looseObject({ delta: DeltaSchema.nullish(), text: words, finish_reason: words }))
    .default([])
    .catch([]),
  usage: UsageSchema.nullish().catch(null),
  timings: TimingsSchema.nullish().catch(null),
  error: z.unknown().optional(),
  id: words,
});
type Chunk = z.infer<typeof ChunkSchema>;

/** What a stream said, and when. */
export interface Answer {
  id: string | null;
  /** Chunks that carry tokens, in order. */
  chunks: { atMs: number; reasoning: boolean }[];
  /** Whether its dialect's last event came; without it the answer is not whole, however clean the connection ended. */
  isDone: boolean;
  finishReason: string | null;
  /** What an event said that told of an error. */
  error: string | null;
  usage: Usage | null;
  timings: Timings | null;
}

/** Reads the events of `/v1/chat/completions` and `/v1/completions`. What is no JSON is an error of the stream. */
export function answerOf(frames: readonly Frame[]): Answer {
  const answer: Answer = {
    id: null,
    chunks: [],
    isDone: false,
    finishReason: null,
    error: null,
    usage: null,
    timings: null,
  };
  for (const { atMs, event, data } of frames) {
    if (data === '[DONE]') {
      answer.isDone = true;
      continue;
    }
    const json = parse(data);
    const parsed = ChunkSchema.safeParse(json);
    if (event === 'error' || !parsed.success || parsed.data.error != null) {
      answer.error ??= saidIn(json) ?? (data.slice(0, 200) || 'an event that says nothing');
      continue;
    }
    const chunk = parsed.data;
    answer.id = chunk.id ?? answer.id;
    answer.usage = chunk.usage ?? answer.usage;
    answer.timings = chunk.timings ?? answer.timings;
    answer.finishReason = chunk.choices[0]?.finish_reason ?? answer.finishReason;
    const kind = isLoading(chunk) ? null : kindOf(chunk);
    if (kind !== null) answer.chunks.push({ atMs, reasoning: kind === 'reasoning' });
  }
  return answer;
}

const WholeSchema = z.looseObject({
  id: words,
  choices: z
    .array(z.looseObject({ message: DeltaSchema.nullish(), text: words, finish_reason: words }))
    .default([])
    .catch([]),
  usage: UsageSchema.nullish().catch(null),
  timings: TimingsSchema.nullish().catch(null),
  error: z.unknown().optional(),
});

/**
 * Reads an answer that came whole, as JSON. Its tokens have no times of their own: as one chunk they came with its last
 * byte. What is no JSON is not an answer that ended.
 */
export function wholeAnswerOf(text: string, endedMs: number): Answer {
  const json = parse(text);
  const parsed = WholeSchema.safeParse(json);
  const { id, choices, usage, timings, error } = parsed.data ?? { choices: [] };
  const [choice] = choices;
  const kind = choice ? kindOf({ choices: [{ ...choice, delta: choice.message }] }) : null;
  return {
    id: id ?? null,
    chunks: kind === null ? [] : [{ atMs: endedMs, reasoning: kind === 'reasoning' }],
    isDone: parsed.success,
    finishReason: choice?.finish_reason ?? null,
    error: error == null ? null : (saidIn(json) ?? text.slice(0, 200)),
    usage: usage ?? null,
    timings: timings ?? null,
  };
}

/** null: no token in it, as in the chunk that names the role or the one that ends the answer. */
function kindOf({ choices }: Pick<Chunk, 'choices'>): 'reasoning' | 'content' | null {
  const has = (text: string | null | undefined): boolean => text != null && text !== '';
  const [choice] = choices;
  if (!choice) return null;
  const { delta, text } = choice;
  if (has(text) || has(delta?.content) || (delta?.tool_calls ?? []).length > 0) return 'content';
  return has(delta?.reasoning_content) || has(delta?.reasoning) ? 'reasoning' : null;
}

/** llama-swap's `sendLoadingState` tells of a load as reasoning, in chunks without an id: they belong to no answer. */
function isLoading(chunk: Chunk): boolean {
  return chunk.id == null && kindOf(chunk) === 'reasoning';
}

/** The words of an error in one of the usual shapes; null: none. */
export function saidIn(json: unknown): string | null {
  const said = z
    .union([
      z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
      z.object({ error: z.string() }).transform(({ error }) => error),
      z.object({ message: z.string() }).transform(({ message }) => message),
    ])
    .safeParse(json);
  return said.success ? said.data.slice(0, 500) : null;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import { parse } from './answer.js';
import type { Frame } from './sse.js';

/** A call of a function, its arguments as the model wrote them. */
export interface SaidCall {
  name: string;
  arguments: string;
}

/** The words of an answer of `/v1/chat/completions`. */
export interface Said {
  content: string;
  /** null: it did not think aloud. */
  reasoning: string | null;
  calls: SaidCall[];
  /** OpenAI's field for what a model declines; null: it does not. */
  refusal: string | null;
}

const words = z.string().nullish().catch(null);
const ChunkSchema = z.looseObject({
  id: words,
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: words,
            reasoning_content: words,
            reasoning: words,
            refusal: words,
            tool_calls: z
              .array(
                z.looseObject({
                  index: z.int().min(0).max(255).nullish(),
                  function: z.looseObject({ name: words, arguments: words }).nullish(),
                }),
              )
              .nullish()
              .catch(null),
          })
          .nullish(),
      }),
    )
    .default([])
    .catch([]),
});

/**
 * Puts the words of a stream together. What llama-swap's `sendLoadingState` says while a model loads, in chunks without an
 * id, is no answer and left out.
 */
export function saidOf(frames: readonly Frame[]): Said {
  const said: Said = { content: '', reasoning: null, calls: [], refusal: null };
  const calls = new Map<number, SaidCall>();
  for (const { event, data } of frames) {
    if (event === 'error' || data === '[DONE]') continue;
    const chunk = ChunkSchema.safeParse(parse(data)).data;
    const delta = chunk?.choices[0]?.delta;
    if (chunk === undefined || delta == null) continue;
    const thought = delta.reasoning_content ?? delta.reasoning ?? '';
    if (thought !== '' && chunk.id != null) said.reasoning = (said.reasoning ?? '') + thought;
    said.content += delta.content ?? '';
    if (delta.refusal) said.refusal = (said.refusal ?? '') + delta.refusal;
    for (const part of delta.tool_calls ?? []) {
      // Without an index each is a call of its own, whole.
      const index = part.index ?? calls.size;
      const call = calls.get(index) ?? { name: '', arguments: '' };
      call.name += part.function?.name ?? '';
      call.arguments += part.function?.arguments ?? '';
      calls.set(index, call);
    }
  }
  said.calls = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  return said;
}

import { z } from 'zod';
import type { ChatMessage } from '../skill/question.js';
import { tokenize } from './tokens.js';

const ContentSchema = z.union([
  z.string(),
  z.null(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

const CommonSchema = z.looseObject({
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  n_predict: z.int().nullish(),
  seed: z.int().nullish(),
  cache_prompt: z.boolean().nullish(),
  ignore_eos: z.boolean().nullish(),
});

const ChatSchema = CommonSchema.extend({
  messages: z.array(z.looseObject({ role: z.string(), content: ContentSchema.optional() })).min(1),
});

const CompletionSchema = CommonSchema.extend({ prompt: z.union([z.string(), z.array(z.string()).min(1)]) });

const EmbeddingSchema = z.looseObject({ input: z.union([z.string(), z.array(z.string()).min(1)]) });

/** What a completion request asks of the model, whichever endpoint it came by. */
export interface GenerationRequest {
  kind: 'chat' | 'text';
  /** Of a chat; else empty. */
  messages: readonly ChatMessage[];
  promptTokens: number[];
  stream: boolean;
  includeUsage: boolean;
  /** Undefined = until the model stops by itself. */
  maxTokens: number | undefined;
  seed: number;
  /** false: every token of the prompt is read, whatever the cache has. */
  useCache: boolean;
  /** The answer goes on to its limit. */
  ignoreEos: boolean;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string };

export function parseChat(body: unknown): Parsed<GenerationRequest> {
  const result = ChatSchema.safeParse(body);
  if (!result.success) return { ok: false, message: z.prettifyError(result.error) };
  const messages = result.data.messages.map(({ role, content }) => ({ role, content: contentText(content) }));
  const promptTokens = [
    ...messages.flatMap(({ role, content }) => [
      ...tokenize(`<|im_start|>${role}\n`),
      ...tokenize(content),
      ...tokenize('<|im_end|>\n'),
    ]),
    ...tokenize('<|im_start|>assistant\n'),
  ];
  return { ok: true, value: { kind: 'chat', messages, promptTokens, ...common(result.data) } };
}

export function parseCompletion(body: unknown): Parsed<GenerationRequest> {
  const result = CompletionSchema.safeParse(body);
  if (!result.success) return { ok: false, message: z.prettifyError(result.error) };
  const { prompt } = result.data;
  const text = typeof prompt === 'string' ? prompt : prompt.join('');
  return {
    ok: true,
    value: { kind: 'text', messages: [], promptTokens: tokenize(text), ...common(result.data) },
  };
}

export function parseEmbedding(body: unknown): Parsed<string[]> {
  const result = EmbeddingSchema.safeParse(body);
  if (!result.success) return { ok: false, message: z.prettifyError(result.error) };
  const { input } = result.data;
  return { ok: true, value: typeof input === 'string' ? [input] : input };
}

function common(data: z.infer<typeof CommonSchema>) {
  const limit = data.max_completion_tokens ?? data.max_tokens ?? data.n_predict ?? -1;
  return {
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    maxTokens: limit >= 0 ? limit : undefined,
    seed: data.seed ?? 0,
    useCache: data.cache_prompt ?? true,
    ignoreEos: data.ignore_eos ?? false,
  };
}

function contentText(content: z.infer<typeof ContentSchema> | undefined): string {
  if (content === undefined || content === null) return '';
  return typeof content === 'string'
    ? content
    : content.map((part) => part.text ?? `<${part.type}>`).join('');
}

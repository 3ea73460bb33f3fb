import type { Suite } from '@boocontrol/contracts';
import type { HostKind } from '../wire/host.js';

export interface RequestParts {
  kind: HostKind;
  model: string;
  suite: Pick<Suite, 'endpoint' | 'sampling' | 'ignoreEos' | 'stream'>;
  text: string;
  outputTokens: number;
  /** Whether the host may use what it has in its cache. */
  useCache: boolean;
}

export function pathOf({ endpoint }: Pick<Suite, 'endpoint'>): string {
  return endpoint === 'chat' ? '/v1/chat/completions' : '/v1/completions';
}

/** The body of a request; what only llama.cpp knows goes to nobody else, because some refuse what they do not know. */
export function bodyOf({ kind, model, suite, text, outputTokens, useCache }: RequestParts): string {
  return JSON.stringify({
    ...suite.sampling,
    model,
    ...(suite.endpoint === 'chat' ? { messages: [{ role: 'user', content: text }] } : { prompt: text }),
    max_tokens: outputTokens,
    stream: suite.stream,
    ...(suite.stream && { stream_options: { include_usage: true } }),
    ...(kind === 'openai' ? {} : { cache_prompt: useCache, ignore_eos: suite.ignoreEos }),
  });
}

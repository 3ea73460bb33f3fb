/** Names of figures, as they stand in results. */
export type FigureKey = keyof typeof DEFINITIONS;

export interface Definition {
  /** In a table's head. */
  label: string;
  unit: 'ms' | 'tokens/s' | 'requests/s' | 'tokens' | '%';
  /** null: neither is better. */
  better: 'higher' | 'lower' | null;
  /** In one sentence. */
  is: string;
  formula: string;
  /** Who says it: our clock, the host's own account, or both. */
  source: 'our clock' | 'host' | 'our clock and host';
  /** Of one request; of all requests of a cell together; of a run. */
  of: 'request' | 'cell' | 'run';
  /** Compared with a baseline: the least change that counts, as a part of 1. */
  minEffect?: number;
}

/** What is measured, once, for tables, documentation and interfaces. */
const DEFINITIONS = {
  ttfbMs: {
    label: 'first byte',
    unit: 'ms',
    better: 'lower',
    is: 'From the intended send to the first byte of the body of the answer.',
    formula: 'first byte of the body − intended send',
    source: 'our clock',
    of: 'request',
  },
  ttftMs: {
    label: 'TTFT',
    unit: 'ms',
    better: 'lower',
    is: 'From the intended send to the first token, be it reasoning or content. A chunk with only a role, an empty one, a comment or a loading message is none. Not measured of answers that come whole.',
    formula: 'min(ttftReasoningMs, ttftContentMs)',
    source: 'our clock',
    of: 'request',
    minEffect: 0.1,
  },
  ttftReasoningMs: {
    label: 'TTFT, reasoning',
    unit: 'ms',
    better: 'lower',
    is: 'From the intended send to the first token of reasoning.',
    formula: 'first chunk with reasoning − intended send',
    source: 'our clock',
    of: 'request',
  },
  ttftContentMs: {
    label: 'TTFT, content',
    unit: 'ms',
    better: 'lower',
    is: 'From the intended send to the first token of what the user is to read.',
    formula: 'first chunk with content − intended send',
    source: 'our clock',
    of: 'request',
  },
  gapMs: {
    label: 'gap',
    unit: 'ms',
    better: 'lower',
    is: 'Time between chunks that carry tokens. Chunks, not tokens: a chunk may hold several. Not measured of answers that come whole.',
    formula: 'chunk − chunk before it',
    source: 'our clock',
    of: 'request',
  },
  tpotMs: {
    label: 'time per token',
    unit: 'ms',
    better: 'lower',
    is: 'Mean time of a token after the first. Not measured for an answer of one chunk, or one that comes whole.',
    formula: '(last chunk with tokens − first) ÷ (output tokens − 1)',
    source: 'our clock and host',
    of: 'request',
  },
  genTps: {
    label: 'generation',
    unit: 'tokens/s',
    better: 'higher',
    is: 'Speed of generation as our clock sees it.',
    formula: '1000 ÷ tpotMs',
    source: 'our clock and host',
    of: 'request',
    minEffect: 0.1,
  },
  hostGenTps: {
    label: 'generation, host',
    unit: 'tokens/s',
    better: 'higher',
    is: 'Speed of generation as llama.cpp says it. It counts the first token too, so of a short answer it is a little higher than ours.',
    formula: 'timings.predicted_per_second',
    source: 'host',
    of: 'request',
  },
  promptTps: {
    label: 'prompt',
    unit: 'tokens/s',
    better: 'higher',
    is: 'Prompt tokens that were not in the cache, by the time to the first token: with network and queue, so lower than what the host says.',
    formula: '1000 × (promptTokens − cacheTokens) ÷ ttftMs',
    source: 'our clock and host',
    of: 'request',
  },
  hostPromptTps: {
    label: 'prompt, host',
    unit: 'tokens/s',
    better: 'higher',
    is: 'Speed of reading the prompt as llama.cpp says it.',
    formula: 'timings.prompt_per_second',
    source: 'host',
    of: 'request',
  },
  e2eMs: {
    label: 'whole answer',
    unit: 'ms',
    better: 'lower',
    is: 'From the intended send to the last token; neither [DONE] nor the end of the connection. Of an answer that comes whole, to its last byte.',
    formula: 'last chunk with tokens − intended send',
    source: 'our clock',
    of: 'request',
  },
  queueMs: {
    label: 'queue',
    unit: 'ms',
    better: 'lower',
    is: 'How long BooControl’s gateway kept the request before it went to its host; it is part of the times to tokens. Not measured where nobody tells.',
    formula: 'x-boo-queue-ms of the answer',
    source: 'host',
    of: 'request',
  },
  lagMs: {
    label: 'sent late by',
    unit: 'ms',
    better: 'lower',
    is: 'How much later than intended the request left. More than a few milliseconds: the measuring machine cannot keep up.',
    formula: 'request written to the socket − intended send',
    source: 'our clock',
    of: 'request',
  },
  promptTokens: {
    label: 'prompt tokens',
    unit: 'tokens',
    better: null,
    is: 'Length of the whole prompt by the tokenizer of the model, its template and what the cache had included.',
    formula: 'timings.prompt_n + timings.cache_n, or usage.prompt_tokens',
    source: 'host',
    of: 'request',
  },
  outputTokens: {
    label: 'output tokens',
    unit: 'tokens',
    better: null,
    is: 'Tokens of the answer, reasoning included.',
    formula: 'timings.predicted_n, or usage.completion_tokens',
    source: 'host',
    of: 'request',
  },
  cacheTokens: {
    label: 'cached tokens',
    unit: 'tokens',
    better: null,
    is: 'Prompt tokens that the host did not have to read again.',
    formula: 'timings.cache_n, or usage.prompt_tokens_details.cached_tokens',
    source: 'host',
    of: 'request',
  },
  draftAcceptedPct: {
    label: 'drafts accepted',
    unit: '%',
    better: 'higher',
    is: 'Of the tokens drafted by speculative decoding, those that were kept.',
    formula: '100 × timings.draft_n_accepted ÷ timings.draft_n',
    source: 'host',
    of: 'request',
  },
  tokensPerS: {
    label: 'all answers',
    unit: 'tokens/s',
    better: 'higher',
    is: 'Tokens of all answers together in the steady window: from when the load is full until it begins to fall.',
    formula:
      'output tokens in the window ÷ length of the window; the tokens of an answer are spread evenly over its chunks',
    source: 'our clock and host',
    of: 'cell',
  },
  requestsPerS: {
    label: 'requests',
    unit: 'requests/s',
    better: 'higher',
    is: 'Answers that ended in the steady window.',
    formula: 'answers that ended in the window ÷ length of the window',
    source: 'our clock',
    of: 'cell',
  },
  goodputPerS: {
    label: 'goodput',
    unit: 'requests/s',
    better: 'higher',
    is: 'Answers within the limits of the suite (its SLO) that ended in the steady window. Without limits it is not measured.',
    formula: 'answers in the window within every limit ÷ length of the window',
    source: 'our clock',
    of: 'cell',
  },
  loadMs: {
    label: 'load',
    unit: 'ms',
    better: 'lower',
    is: 'From the call that loads the model until it answers. Not measured for a model that was loaded already, and in none of the other figures.',
    formula: 'ready − call that loads',
    source: 'our clock',
    of: 'run',
  },
} as const satisfies Record<string, Definition>;

export const FIGURES = Object.keys(DEFINITIONS) as FigureKey[];

/** Widens the entry to what all have in common. */
export function definitionOf(key: FigureKey): Definition {
  return DEFINITIONS[key];
}

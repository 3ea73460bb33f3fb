import type { EvalMessage, EvalToolCall, Problem, ToolItem } from '@boocontrol/contracts';

/** What a model said to one request. */
export interface Answer {
  content: string;
  reasoning: string | null;
  calls: EvalToolCall[];
  finishReason: string | null;
  promptTokens: number | null;
  outputTokens: number | null;
  /** Why the model or its endpoint declined, in words; null: it did not. */
  refusal: string | null;
}

export interface RequestOptions {
  tools?: ToolItem['tools'];
  /** JSON Schema that the answer has to fit; absent: free text. */
  schema?: unknown;
  maxTokens: number;
}

/** Sends one request of a sample and waits for its whole answer. Rejects when there is none, or the signal fires. */
export type Send = (messages: EvalMessage[], options: RequestOptions) => Promise<Answer>;

export interface AskingContext {
  send: Send;
  /** By the tokenizer of the model that is asked; null: its host does not offer that. */
  countTokens: (text: string) => Promise<number | null>;
  /** What the model takes, prompt and answer together; null: not known. */
  contextTokens: number | null;
  signal: AbortSignal;
}

/** All that was said about an item. Whatever is graded is graded from this and the item alone. */
export interface Transcript {
  prompt: EvalMessage[];
  /** What the model said, and what tools returned, in turn. */
  answer: EvalMessage[];
  reasoning: string | null;
  /** Of the last answer. */
  finishReason: string | null;
  promptTokens: number | null;
  outputTokens: number | null;
  refusal: string | null;
  /** Why it was not asked what was meant; null: it was. */
  invalid: Problem | null;
}

import type { Json } from './json.js';
import type { ToolCall } from './tool-call.js';

export interface Choice {
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  finishReason: string | null;
}
export interface TextAnswer {
  kind: 'text';
  choices: Choice[];
  streamed: boolean;
  /** The model said that it was done, as far as the body tells. */
  complete: boolean;
  usage: Json | null;
  timings: Json | null;
  error: string | null;
}
export type Answer =
  | TextAnswer
  | { kind: 'embeddings'; vectors: number; dimensions: number | null }
  /** Best first; `index` is the place of the document in the request. */
  | { kind: 'ranking'; results: { index: number; score: number }[] };

/** The JSON documents of a body: one, or those of a stream. */
export interface Payloads {
  documents: readonly Json[];
  streamed: boolean;
  /** The stream's own end mark of the OpenAI API was there. */
  ended: boolean;
}

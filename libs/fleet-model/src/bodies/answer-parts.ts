import type { Choice } from './answer-types.js';
import { asList, asObject, asText } from './json.js';

/** One piece of an answer that has several: a text, a thought, a call of a tool. */
export interface Piece {
  text: string;
  reasoning: string;
  /** null: this piece calls no tool. */
  toolName: string | null;
  toolArguments: string;
}

export const emptyPiece = (): Piece => ({ text: '', reasoning: '', toolName: null, toolArguments: '' });

/** The pieces in their order as one answer. */
export const choiceOf = (pieces: readonly Piece[], finishReason: string | null): Choice => ({
  text: pieces
    .map(({ text }) => text)
    .filter(Boolean)
    .join('\n\n'),
  reasoning: pieces
    .map(({ reasoning }) => reasoning)
    .filter(Boolean)
    .join('\n\n'),
  toolCalls: pieces.flatMap(({ toolName, toolArguments }) =>
    toolName === null ? [] : [{ name: toolName, arguments: toolArguments }],
  ),
  finishReason,
});

export const errorOf = (error: unknown): string | null =>
  asText(error) ?? asText(asObject(error)?.['message']);

/** The texts of a list of parts, one after the other. */
export const textsOf = (parts: unknown, field: string): string =>
  asList(parts)
    .map((part) => asText(asObject(part)?.[field]) ?? '')
    .join('');

import { choiceOf, emptyPiece, errorOf, type Piece } from './answer-parts.js';
import type { Payloads, TextAnswer } from './answer-types.js';
import { asList, asObject, asText, jsonOf, type Json } from './json.js';

const EVENTS = /^(message(_start|_delta|_stop)?|content_block_(start|delta|stop)|ping|error)$/;

/** The Messages API of Anthropic: a document or an event of its stream. */
export const isMessages = (document: Json): boolean => EVENTS.test(asText(document['type']) ?? '');

/** An answer of the Messages API, as one document or as the events of a stream (also one whose begin is cut off). */
export function readMessages({ documents, streamed }: Payloads): TextAnswer | null {
  const pieces = new Map<number, Piece>();
  let [finishReason, error, stopped]: [string | null, string | null, boolean] = [null, null, false];
  const usage: Record<string, unknown> = {};
  for (const event of documents) {
    const message = event['type'] === 'message' ? event : asObject(event['message']);
    asList(message?.['content']).forEach((block, index) => pieces.set(index, pieceOf(block)));
    const index = typeof event['index'] === 'number' ? event['index'] : 0;
    if (event['type'] === 'content_block_start') pieces.set(index, pieceOf(event['content_block']));
    if (event['type'] === 'content_block_delta') {
      const piece = pieces.get(index) ?? emptyPiece();
      pieces.set(index, piece);
      extend(piece, asObject(event['delta']));
    }
    Object.assign(usage, asObject(message?.['usage']), asObject(event['usage']));
    finishReason =
      asText(message?.['stop_reason']) ?? asText(asObject(event['delta'])?.['stop_reason']) ?? finishReason;
    error = errorOf(event['error']) ?? error;
    stopped ||= event['type'] === 'message_stop';
  }
  if (pieces.size === 0 && error === null && !stopped) return null;
  const inOrder = [...pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece);
  const choices = inOrder.length > 0 ? [choiceOf(inOrder, finishReason)] : [];
  return { kind: 'text', choices, streamed, complete: !streamed || stopped, usage, timings: null, error };
}

function pieceOf(value: unknown): Piece {
  const block = asObject(value);
  const isTool = asText(block?.['type'])?.endsWith('tool_use') ?? false;
  const input = asObject(block?.['input']);
  return {
    text: asText(block?.['text']) ?? '',
    reasoning: asText(block?.['thinking']) ?? '',
    toolName: isTool ? (asText(block?.['name']) ?? '') : null,
    // A stream begins with an empty input and sends its JSON in pieces.
    toolArguments: input && Object.keys(input).length > 0 ? jsonOf(input) : '',
  };
}

function extend(piece: Piece, delta: Json | null): void {
  piece.text += asText(delta?.['text']) ?? '';
  piece.reasoning += asText(delta?.['thinking']) ?? '';
  const json = asText(delta?.['partial_json']);
  if (json === null) return;
  piece.toolName ??= '';
  piece.toolArguments += json;
}

import { choiceOf, emptyPiece, errorOf, textsOf, type Piece } from './answer-parts.js';
import type { Payloads, TextAnswer } from './answer-types.js';
import { asList, asObject, asText, type Json } from './json.js';

interface Item {
  /** Servers name an item by its id, by its place, or by both. */
  id: string | null;
  place: number | null;
  piece: Piece;
}

/** The Responses API of OpenAI: a document or an event of its stream. */
export const isResponses = (document: Json): boolean =>
  document['object'] === 'response' || (asText(document['type'])?.startsWith('response.') ?? false);

/** An answer of the Responses API, as one document or as the events of a stream (also one that is cut anywhere). */
export function readResponses({ documents, streamed }: Payloads): TextAnswer | null {
  let items: Item[] = [];
  let response: Json | null = null;
  let [complete, error]: [boolean, string | null] = [!streamed, null];
  for (const event of documents) {
    const type = asText(event['type']) ?? '';
    const told = event['object'] === 'response' ? event : asObject(event['response']);
    if (told) {
      response = told;
      const output = asList(told['output']);
      // The last event carries the whole output again.
      if (output.length > 0) items = output.map((each, place) => itemOf(asObject(each), place));
    }
    if (/^response\.(completed|incomplete|failed)$/.test(type)) complete = true;
    if (type.startsWith('response.output_item.'))
      replace(items, itemOf(asObject(event['item']), placeOf(event)));
    if (type.endsWith('.delta')) extend(items, event, type);
    error =
      errorOf(told?.['error']) ??
      errorOf(event['error']) ??
      (type === 'error' ? asText(event['message']) : null) ??
      error;
  }
  if (!response && items.length === 0 && error === null) return null;
  const choices =
    items.length > 0
      ? [
          choiceOf(
            items.map(({ piece }) => piece),
            endOf(response),
          ),
        ]
      : [];
  const usage = asObject(response?.['usage']);
  return { kind: 'text', choices, streamed, complete, usage, timings: null, error };
}

const placeOf = (event: Json): number | null =>
  typeof event['output_index'] === 'number' ? event['output_index'] : null;

function itemOf(item: Json | null, place: number | null): Item {
  const isCall = asText(item?.['type'])?.endsWith('_call') ?? false;
  const isReasoning = item?.['type'] === 'reasoning';
  const content = textsOf(item?.['content'], 'text') || textsOf(item?.['content'], 'refusal');
  return {
    id: asText(item?.['id']),
    place,
    piece: {
      text: isReasoning ? '' : content,
      reasoning: isReasoning ? content || textsOf(item['summary'], 'text') : '',
      toolName: isCall ? (asText(item?.['name']) ?? asText(item?.['type']) ?? '') : null,
      toolArguments: asText(item?.['arguments']) ?? '',
    },
  };
}

const isSame = (a: Item, id: string | null, place: number | null): boolean =>
  id !== null && a.id !== null ? a.id === id : place !== null && a.place === place;

function replace(items: Item[], item: Item): void {
  const at = items.findIndex((each) => isSame(each, item.id, item.place));
  if (at < 0) items.push(item);
  else items[at] = item;
}

function extend(items: Item[], event: Json, type: string): void {
  const [id, place] = [asText(event['item_id']), placeOf(event)];
  let item = items.find((each) => isSame(each, id, place));
  if (!item) {
    item = { id, place, piece: emptyPiece() };
    items.push(item);
  }
  const delta = asText(event['delta']) ?? '';
  if (type.includes('reasoning')) item.piece.reasoning += delta;
  else if (type.includes('arguments')) {
    item.piece.toolName ??= '';
    item.piece.toolArguments += delta;
  } else item.piece.text += delta;
}

const endOf = (response: Json | null): string | null =>
  asText(asObject(response?.['incomplete_details'])?.['reason']) ?? asText(response?.['status']);

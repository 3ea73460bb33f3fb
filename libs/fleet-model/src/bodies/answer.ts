import { readChat } from './answer-chat.js';
import { isMessages, readMessages } from './answer-messages.js';
import { isResponses, readResponses } from './answer-responses.js';
import type { Answer } from './answer-types.js';
import { readVectors } from './answer-vectors.js';
import { objectsIn, parseJson } from './json.js';
import { looksLikeSse, sseData } from './sse.js';

/**
 * What a model answered, put together from the body as the host kept it: one JSON document, or the text of a stream of
 * chunks. Chat and plain completions, responses, messages, embeddings and rankings; null when it is none of them.
 */
export function readAnswer(body: string, contentType: string | null): Answer | null {
  const events = looksLikeSse(body, contentType) ? sseData(body) : [];
  // A host may announce a stream and answer with one document.
  const streamed = events.length > 0;
  const texts = streamed ? events : [body];
  const documents = objectsIn(texts.map(parseJson));
  const [first] = documents;
  if (!first) return null;
  const payloads = { documents, streamed, ended: texts.includes('[DONE]') };
  if (isMessages(first)) return readMessages(payloads);
  if (isResponses(first)) return readResponses(payloads);
  return readVectors(first) ?? readChat(payloads);
}

import type { Answer } from './answer-types.js';
import { asList, objectsIn, type Json } from './json.js';

/** Embeddings or a ranking; null when the document is neither. */
export function readVectors(document: Json): Answer | null {
  return embeddings(objectsIn(asList(document['data']))) ?? ranking(objectsIn(asList(document['results'])));
}

function embeddings(data: readonly Json[]): Answer | null {
  if (data.length === 0 || !data.every((each) => 'embedding' in each)) return null;
  const first = data[0]?.['embedding'];
  return { kind: 'embeddings', vectors: data.length, dimensions: Array.isArray(first) ? first.length : null };
}

function ranking(results: readonly Json[]): Answer | null {
  const read = results.flatMap((each) => {
    const [index, score] = [each['index'], each['relevance_score'] ?? each['score']];
    return typeof index === 'number' && typeof score === 'number' ? [{ index, score }] : [];
  });
  if (read.length === 0 || read.length < results.length) return null;
  return { kind: 'ranking', results: read.sort((a, b) => b.score - a.score) };
}

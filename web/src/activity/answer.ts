import { asList, asObject, asText, objectsIn, parseJson, type Json } from './json';
import { looksLikeSse, sseData } from './sse';

export interface ToolCall {
  name: string;
  arguments: string;
}
export interface Choice {
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  finishReason: string | null;
}
export type Answer =
  | {
      kind: 'text';
      choices: Choice[];
      streamed: boolean;
      complete: boolean;
      usage: Json | null;
      timings: Json | null;
      error: string | null;
    }
  | { kind: 'embeddings'; vectors: number; dimensions: number | null };

interface Draft {
  text: string;
  reasoning: string;
  tools: Map<number, ToolCall>;
  finishReason: string | null;
}

/**
 * What a model answered, put together from the body as the host kept it: one JSON document, or the text of a stream of
 * chunks (chat and plain completions of the OpenAI API). null when it is neither.
 */
export function readAnswer(body: string, contentType: string | null): Answer | null {
  const streamed = looksLikeSse(body, contentType);
  const payloads = streamed ? sseData(body) : [body];
  const documents = objectsIn(payloads.map(parseJson));
  if (documents.length === 0) return null;
  const embedded = documents[0] && embeddings(documents[0]);
  if (embedded) return embedded;
  const drafts = new Map<number, Draft>();
  let [usage, timings, error]: [Json | null, Json | null, string | null] = [null, null, null];
  for (const document of documents) {
    usage = asObject(document['usage']) ?? usage;
    timings = asObject(document['timings']) ?? timings;
    error = errorOf(document['error']) ?? error;
    for (const each of asList(document['choices'])) {
      const choice = asObject(each);
      if (!choice) continue;
      const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
      const draft = drafts.get(index) ?? { text: '', reasoning: '', tools: new Map(), finishReason: null };
      drafts.set(index, draft);
      take(draft, choice);
    }
  }
  if (drafts.size === 0 && error === null) return null;
  const choices = [...drafts].sort(([a], [b]) => a - b).map(([, draft]) => finished(draft));
  const complete =
    !streamed || payloads.includes('[DONE]') || choices.every(({ finishReason }) => finishReason !== null);
  return { kind: 'text', choices, streamed, complete, usage, timings, error };
}

function take(draft: Draft, choice: Json): void {
  const part = asObject(choice['delta']) ?? asObject(choice['message']) ?? choice;
  draft.text += asText(part['content']) ?? asText(part['text']) ?? '';
  draft.reasoning += asText(part['reasoning_content']) ?? asText(part['reasoning']) ?? '';
  draft.finishReason = asText(choice['finish_reason']) ?? draft.finishReason;
  asList(part['tool_calls']).forEach((each, position) => {
    const call = asObject(each);
    const said = asObject(call?.['function']);
    if (!call || !said) return;
    const index = typeof call['index'] === 'number' ? call['index'] : position;
    const known = draft.tools.get(index) ?? { name: '', arguments: '' };
    draft.tools.set(index, {
      name: known.name + (asText(said['name']) ?? ''),
      arguments: known.arguments + (asText(said['arguments']) ?? ''),
    });
  });
}

const finished = ({ text, reasoning, tools, finishReason }: Draft): Choice => ({
  text,
  reasoning,
  toolCalls: [...tools].sort(([a], [b]) => a - b).map(([, call]) => call),
  finishReason,
});

function embeddings(document: Json): Answer | null {
  const data = objectsIn(asList(document['data']));
  if (data.length === 0 || !data.every((each) => 'embedding' in each)) return null;
  const first = data[0]?.['embedding'];
  return { kind: 'embeddings', vectors: data.length, dimensions: Array.isArray(first) ? first.length : null };
}

function errorOf(error: unknown): string | null {
  return asText(error) ?? asText(asObject(error)?.['message']);
}

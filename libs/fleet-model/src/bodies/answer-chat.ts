import { errorOf } from './answer-parts.js';
import type { ToolCall } from './tool-call.js';
import type { Choice, Payloads, TextAnswer } from './answer-types.js';
import { asList, asObject, asText, type Json } from './json.js';

interface Draft {
  text: string;
  reasoning: string;
  tools: Map<number, ToolCall>;
  finishReason: string | null;
}

/** Chat and plain completions of the OpenAI API; null when there is neither a choice nor an error. */
export function readChat({ documents, streamed, ended }: Payloads): TextAnswer | null {
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
  const complete = !streamed || ended || choices.every(({ finishReason }) => finishReason !== null);
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

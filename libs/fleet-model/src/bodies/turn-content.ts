import { asList, asText, jsonOf, objectsIn, type Json } from './json.js';
import { plainTurn, type Turn } from './turn.js';

type Content = Pick<Turn, 'text' | 'reasoning' | 'attachments' | 'toolCalls'>;

const isToolUse = (part: Json): boolean => part['type'] === 'tool_use';
const isToolResult = (part: Json): boolean => part['type'] === 'tool_result';
const isThought = (part: Json): boolean =>
  part['type'] === 'thinking' || part['type'] === 'redacted_thinking';

/** Content as text, or as parts in the shapes of the chat, responses and messages APIs. */
export function contentOf(content: unknown): Content {
  if (typeof content === 'string') return { text: content, reasoning: '', attachments: [], toolCalls: [] };
  const parts = objectsIn(asList(content));
  const others = parts.filter((part) => !isToolUse(part) && !isToolResult(part) && !isThought(part));
  const texts = others.map((part) => asText(part['text']) ?? asText(part['refusal']));
  return {
    text: texts.filter((text) => text !== null).join('\n'),
    reasoning: parts
      .filter(isThought)
      .map((part) => asText(part['thinking']) ?? '(hidden by the model)')
      .join('\n'),
    attachments: others
      .filter((_, i) => texts[i] === null)
      .map((part) => (asText(part['type']) ?? 'attachment').replaceAll('_', ' ')),
    toolCalls: parts
      .filter(isToolUse)
      .map((part) => ({ name: asText(part['name']) ?? '', arguments: jsonOf(part['input'] ?? {}) })),
  };
}

/** The Messages API has what a tool gave within a message of the user. */
export const toolResultsOf = (content: unknown): Turn[] =>
  objectsIn(asList(content))
    .filter(isToolResult)
    .map((part) => ({ ...plainTurn('tool', ''), ...contentOf(part['content']) }));

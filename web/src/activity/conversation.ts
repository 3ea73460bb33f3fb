import { asList, asObject, asText, objectsIn, parseJson, type Json } from './json';
import type { ToolCall } from './answer';

export interface Turn {
  role: string;
  text: string;
  /** Pictures and sounds, which are named but not shown. */
  attachments: string[];
  toolCalls: ToolCall[];
}
export interface Conversation {
  turns: Turn[];
  /** What was asked of the model beside the text: temperature and the like. */
  parameters: [name: string, value: string][];
  tools: number;
}

const NOT_PARAMETERS = new Set(['messages', 'prompt', 'input', 'tools', 'functions', 'system', 'model']);
const LONGEST_PARAMETER = 120;

/** A request body as a conversation; null when it holds none that we know (or is cut). */
export function readConversation(body: string): Conversation | null {
  const document = asObject(parseJson(body));
  if (!document) return null;
  const turns = [...systemTurn(document), ...messageTurns(document), ...promptTurns(document)];
  if (turns.length === 0) return null;
  const parameters = Object.entries(document)
    .filter(([name]) => !NOT_PARAMETERS.has(name))
    .map(([name, value]): [string, string] => [name, shortJson(value)]);
  return {
    turns,
    parameters,
    tools: asList(document['tools']).length + asList(document['functions']).length,
  };
}

function shortJson(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_PARAMETER ? `${text.slice(0, LONGEST_PARAMETER)}…` : text;
}

/** The Messages API has its system prompt beside the messages. */
function systemTurn(document: Json): Turn[] {
  const { text } = contentOf(document['system']);
  return text ? [{ role: 'system', text, attachments: [], toolCalls: [] }] : [];
}

function messageTurns(document: Json): Turn[] {
  const messages = asList(document['messages']).length > 0 ? document['messages'] : document['input'];
  return asList(messages).flatMap((each): Turn[] => {
    const message = asObject(each);
    const role = asText(message?.['role']);
    if (!message || role === null) return [];
    return [{ role, ...contentOf(message['content']), toolCalls: callsOf(message['tool_calls']) }];
  });
}

function promptTurns(document: Json): Turn[] {
  const texts = [document['prompt'], document['input']].flatMap((value) => [value].flat());
  return texts.flatMap((text) =>
    typeof text === 'string' ? [{ role: 'input', text, attachments: [], toolCalls: [] }] : [],
  );
}

function contentOf(content: unknown): Pick<Turn, 'text' | 'attachments'> {
  if (typeof content === 'string') return { text: content, attachments: [] };
  const parts = objectsIn(asList(content));
  const texts = parts.map((part) => asText(part['text']));
  return {
    text: texts.filter((text) => text !== null).join('\n'),
    attachments: parts
      .filter((_, i) => texts[i] === null)
      .map((part) => asText(part['type']) ?? 'attachment'),
  };
}

const callsOf = (calls: unknown): ToolCall[] =>
  asList(calls).flatMap((each) => {
    const said = asObject(asObject(each)?.['function']);
    return said ? [{ name: asText(said['name']) ?? '', arguments: asText(said['arguments']) ?? '' }] : [];
  });

import type { ToolCall } from './tool-call.js';
import { asList, asObject, asText, jsonOf, objectsIn, parseJson, type Json } from './json.js';
import { promptTurns } from './prompts.js';
import { plainTurn, type Turn } from './turn.js';
import { contentOf, toolResultsOf } from './turn-content.js';

export interface Conversation {
  turns: Turn[];
  /** What a reranking request wants ranked. */
  documents: string[];
  /** What was asked of the model beside the text: temperature and the like. */
  parameters: [name: string, value: string][];
  tools: number;
}

const NOT_PARAMETERS = new Set([
  'messages',
  'prompt',
  'suffix',
  'input',
  'instructions',
  'query',
  'documents',
  'texts',
  'tools',
  'functions',
  'system',
  'model',
]);
const LONGEST_PARAMETER = 120;

/**
 * A request body as a conversation: chat, plain completions, responses, messages, embeddings, reranking; null when it
 * is none that we know (or is cut).
 */
export function readConversation(body: string): Conversation | null {
  const document = asObject(parseJson(body));
  return document && conversationOf(document);
}

/** The same of a body that is parsed; null when it is none that we know. */
export function conversationOf(document: Json): Conversation | null {
  const messages = asList(document['messages']).length > 0 ? document['messages'] : document['input'];
  const turns = [
    ...systemTurns(document),
    ...objectsIn(asList(messages)).flatMap(messageTurns),
    ...promptTurns(document),
  ];
  if (turns.length === 0) return null;
  const parameters = Object.entries(document)
    .filter(([name]) => !NOT_PARAMETERS.has(name))
    .map(([name, value]): [string, string] => [name, shortJson(value)]);
  return {
    turns,
    documents: documentsOf(document),
    parameters,
    tools: asList(document['tools']).length + asList(document['functions']).length,
  };
}

function shortJson(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value);
  return text.length > LONGEST_PARAMETER ? `${text.slice(0, LONGEST_PARAMETER)}…` : text;
}

/** The Messages API has its system prompt beside the messages, the Responses API its instructions. */
function systemTurns(document: Json): Turn[] {
  return [document['system'], document['instructions']].flatMap((value) => {
    const { text } = contentOf(value);
    return text ? [plainTurn('system', text)] : [];
  });
}

/** A message, or one of the other items of the Responses API's input. */
function messageTurns(message: Json): Turn[] {
  switch (message['type']) {
    case 'function_call':
      return [{ ...plainTurn('assistant', ''), toolCalls: [callOf(message)] }];
    case 'function_call_output':
      return [{ ...plainTurn('tool', ''), ...contentOf(message['output']) }];
    case 'reasoning':
      return [{ ...plainTurn('assistant', ''), reasoning: contentOf(message['summary']).text }];
    default: {
      const role = asText(message['role']);
      return role === null ? [] : [...toolResultsOf(message['content']), ...spoken(role, message)];
    }
  }
}

function spoken(role: string, message: Json): Turn[] {
  const turn = { ...plainTurn(role, ''), ...contentOf(message['content']) };
  turn.reasoning ||= asText(message['reasoning_content']) ?? '';
  turn.toolCalls = [
    ...turn.toolCalls,
    ...objectsIn(asList(message['tool_calls'])).flatMap((call) => {
      const said = asObject(call['function']);
      return said ? [callOf(said)] : [];
    }),
  ];
  const onlyResults =
    toolResultsOf(message['content']).length > 0 && !turn.text && turn.attachments.length === 0;
  return onlyResults ? [] : [turn];
}

const callOf = (said: Json): ToolCall => ({
  name: asText(said['name']) ?? '',
  arguments: asText(said['arguments']) ?? '',
});

const documentsOf = (document: Json): string[] =>
  [...asList(document['documents']), ...asList(document['texts'])].map(
    (each) => asText(each) ?? asText(asObject(each)?.['text']) ?? jsonOf(each),
  );

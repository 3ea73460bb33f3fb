import type { Capture } from '@boocontrol/contracts';
import { readAnswer } from './answer.js';
import { conversationOf, type Conversation } from './conversation.js';
import { asObject, parseJson } from './json.js';
import { readable } from './readable.js';
import { parseCutJson } from './repair.js';
import type { ToolCall } from './tool-call.js';

/** The words of a request as people read them, without the JSON around them. */
export interface CaptureText {
  prompt: string;
  answer: string;
}

/** Of any capture, whatever a client or a host wrote into it; '' where there are no words. */
export function captureText({
  reqBody,
  respBody,
  respHeaders,
}: Pick<Capture, 'reqBody' | 'respBody' | 'respHeaders'>): CaptureText {
  const type =
    Object.entries(respHeaders).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null;
  return {
    prompt: reqBody?.encoding === 'utf8' ? clean(promptText(reqBody.data)) : '',
    answer: respBody?.encoding === 'utf8' ? clean(answerText(respBody.data, type)) : '',
  };
}

function promptText(body: string): string {
  const document = asObject(parseJson(body)) ?? asObject(parseCutJson(body));
  const conversation = document && conversationOf(document);
  return conversation ? joined(wordsIn(conversation)) : readable(body);
}

const wordsIn = ({ turns, documents }: Conversation): string[] => [
  ...turns.flatMap(({ text, reasoning, toolCalls }) => [reasoning, text, ...toolCalls.map(callText)]),
  ...documents,
];

function answerText(body: string, contentType: string | null): string {
  const answer = readAnswer(body, contentType);
  if (answer === null) return readable(body);
  if (answer.kind !== 'text') return '';
  return joined([
    ...answer.choices.flatMap(({ text, reasoning, toolCalls }) => [
      reasoning,
      text,
      ...toolCalls.map(callText),
    ]),
    answer.error ?? '',
  ]);
}

const callText = ({ name, arguments: args }: ToolCall): string => `${name} ${readable(args)}`;
const joined = (texts: readonly string[]): string => texts.filter(Boolean).join('\n\n');

/** As PostgreSQL can keep it: it takes no NUL and no half of a surrogate pair. */
const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll('\0', ' ')
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD');

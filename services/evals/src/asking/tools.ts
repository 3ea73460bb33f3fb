import type { EvalMessage, EvalToolCall, ToolItem } from '@boocontrol/contracts';
import { isRecord, likeValue } from '../values/equal.js';
import { truncationOf } from './truncation.js';
import type { AskingContext, Transcript } from './types.js';

/** Goes on until the model calls nothing any more, or has had its turns; its calls are answered from the script. */
export async function converse(
  item: ToolItem,
  prompt: EvalMessage[],
  maxTokens: number,
  context: AskingContext,
): Promise<Transcript> {
  const { send, signal } = context;
  const transcript: Transcript = {
    prompt,
    answer: [],
    reasoning: null,
    finishReason: null,
    promptTokens: null,
    outputTokens: null,
    refusal: null,
    invalid: null,
  };
  for (let turn = 1; ; turn += 1) {
    signal.throwIfAborted();
    const messages = [...prompt, ...transcript.answer];
    const said = await send(messages, { tools: item.tools, maxTokens });
    transcript.invalid = await truncationOf(messages, said, context);
    transcript.answer.push({
      role: 'assistant',
      content: said.content,
      ...(said.calls.length > 0 ? { calls: said.calls } : {}),
    });
    transcript.reasoning = joined(transcript.reasoning, said.reasoning);
    transcript.finishReason = said.finishReason;
    // The last prompt has all before it.
    transcript.promptTokens = said.promptTokens;
    transcript.outputTokens = added(transcript.outputTokens, said.outputTokens);
    transcript.refusal = said.refusal;
    const isOver = said.calls.length === 0 || turn >= item.maxTurns || said.refusal !== null;
    if (isOver || transcript.invalid !== null) return transcript;
    for (const call of said.calls)
      transcript.answer.push({ role: 'tool', name: call.name, content: replyTo(call, item) });
  }
}

/** What the scripted environment returns, as JSON unless it is a text. */
export function replyTo(call: EvalToolCall, item: Pick<ToolItem, 'replies' | 'tools'>): string {
  if (!item.tools.some(({ name }) => name === call.name)) return error(`there is no function ${call.name}`);
  const given = call.arguments;
  if (!isRecord(given)) return error('the arguments are no JSON object');
  const reply = item.replies.find(
    ({ tool, when }) =>
      tool === call.name &&
      Object.entries(when ?? {}).every(
        ([name, value]) => Object.hasOwn(given, name) && likeValue(value, given[name]),
      ),
  );
  if (reply === undefined) return error('nothing is found for these arguments');
  return typeof reply.result === 'string' ? reply.result : JSON.stringify(reply.result ?? null);
}

function error(message: string): string {
  return JSON.stringify({ error: message });
}

/** Arguments of a call as a host sends them: JSON in a text. What is none stays a text. */
export function argumentsOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function joined(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : `${a}\n\n${b}`;
}

function added(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

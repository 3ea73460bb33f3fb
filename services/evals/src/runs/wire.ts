import { createHash } from 'node:crypto';
import type { EvalMessage, EvalSampler, EvalToolCall } from '@boocontrol/contracts';
import { canonical, type Said, type Told } from '@boocontrol/measure';
import { argumentsOf } from '../asking/tools.js';
import type { Answer, RequestOptions } from '../asking/types.js';
import { keepableText, keepableValue } from './keepable.js';

/** Requests and answers of `/v1/chat/completions`. Pure. */

/** The body of a request, without model and stream. */
export function bodyOf(
  messages: readonly EvalMessage[],
  { tools, schema, maxTokens }: RequestOptions,
  { temperature, topP, topK, minP }: EvalSampler,
  seed: number,
): Record<string, unknown> {
  return {
    messages: wireMessages(messages),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters },
      })),
    }),
    ...(schema !== undefined && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    }),
    temperature,
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(minP !== undefined && { min_p: minP }),
    max_tokens: maxTokens,
    seed,
  };
}

/** The same for every model and every sample of an item. */
export function promptHashOf({ seed: _seed, ...body }: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonical(body)).digest('hex');
}

/** Calls get ids as the API wants them; answers of tools name those of the calls before them, in turn. */
function wireMessages(messages: readonly EvalMessage[]): Record<string, unknown>[] {
  let made = 0;
  let open: { id: string; name: string }[] = [];
  return messages.map(({ role, content, calls, name }) => {
    if (role === 'assistant') {
      const named = (calls ?? []).map((call) => ({ ...call, id: `call_${++made}` }));
      open = named.map(({ id, name: called }) => ({ id, name: called }));
      if (named.length === 0) return { role, content };
      return {
        role,
        content,
        tool_calls: named.map(({ id, name: called, arguments: given }) => ({
          id,
          type: 'function',
          function: { name: called, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
        })),
      };
    }
    if (role !== 'tool') return { role, content };
    const call = open.find((one) => one.name === name) ?? open[0];
    open = open.filter((one) => one !== call);
    return { role, content, tool_call_id: call?.id ?? 'call_0', ...(name !== undefined && { name }) };
  });
}

const CALLS = 32;
const NAME = 64;

/** What was said, in a form that can be kept. */
export function answerFrom({ said, sample }: Told, refusal: string | null): Answer {
  const { promptTokens, outputTokens, finishReason } = sample;
  return {
    content: keepableText(said.content),
    reasoning: said.reasoning === null ? null : keepableText(said.reasoning),
    calls: said.calls.slice(0, CALLS).map(callOf),
    finishReason: finishReason === null ? null : keepableText(finishReason),
    promptTokens,
    outputTokens,
    refusal: refusal ?? (said.refusal === null ? null : keepableText(said.refusal)),
  };
}

const callOf = ({ name, arguments: given }: Said['calls'][number]): EvalToolCall => ({
  // A name that no function can have stays one that none has.
  name: name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, NAME) || '_',
  arguments: keepableValue(argumentsOf(given)),
});

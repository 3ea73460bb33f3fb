import {
  asObject,
  objectsIn,
  asList,
  asText,
  parseJson,
  readAnswer,
  type Answer,
  type Json,
} from '@boocontrol/fleet-model';
import type { Brought } from '../../playground/draft';
import type { AnswerDraft } from '../../playground/request';

/** Documents and events that say that an answer is over, by their type. */
const ENDS = /^(message|message_stop|error|response\.(completed|incomplete|failed))$/;

/** An answer of any endpoint as it grows, as far as it has to be known when it came and what it cost. */
export class ReadDraft implements AnswerDraft {
  readonly loading = '';
  finish: string | null = null;
  usage: Json | null = null;
  timings: Json | null = null;
  error: string | null = null;
  isWhole = false;
  /** Counts of tokens, as they were told. */
  private told: Json = {};

  take(data: string): Brought {
    if (data.trim() === '[DONE]') {
      this.isWhole = true;
      return 'nothing';
    }
    const document = asObject(parseJson(data));
    if (!document) return 'nothing';
    this.isWhole ||= isEnd(document);
    this.timings = asObject(document['timings']) ?? this.timings;
    // A document has it itself, an event in what it tells of.
    for (const told of [document, asObject(document['message']), asObject(document['response'])])
      this.told = { ...this.told, ...asObject(told?.['usage']) };
    this.usage = usageOf(this.told);
    this.finish = asText(asObject(document['delta'])?.['stop_reason']) ?? this.finish;
    // An event is a stream that is cut before and behind it.
    const answer = readAnswer(data, null);
    if (answer === null) return typeof document['input_tokens'] === 'number' ? 'content' : 'nothing';
    if (answer.kind !== 'text') {
      this.isWhole = true;
      return 'content';
    }
    this.error = answer.error ?? this.error;
    this.finish = answer.choices[0]?.finishReason ?? this.finish;
    return broughtBy(answer.choices);
  }
}

function isEnd(document: Json): boolean {
  const { type, object } = document;
  return (
    (typeof type === 'string' && ENDS.test(type)) ||
    object === 'response' ||
    typeof document['input_tokens'] === 'number' ||
    objectsIn(asList(document['choices'])).some((choice) => typeof choice['finish_reason'] === 'string')
  );
}

function broughtBy(choices: Extract<Answer, { kind: 'text' }>['choices']): Brought {
  if (choices.some(({ text, toolCalls }) => text !== '' || toolCalls.length > 0)) return 'content';
  return choices.some(({ reasoning }) => reasoning !== '') ? 'reasoning' : 'nothing';
}

/** Counts of tokens under the names of the OpenAI API; what is not told is left out. */
export function usageOf(usage: Json): Json {
  if (usage['prompt_tokens'] !== undefined) return usage;
  const { input_tokens: read, output_tokens: written, cache_read_input_tokens: cached } = usage;
  const told = asObject(usage['input_tokens_details'])?.['cached_tokens'];
  const made: Record<string, unknown> = {};
  // The Messages API counts what was in the cache beside the other tokens of the prompt.
  if (typeof read === 'number') made['prompt_tokens'] = read + (typeof cached === 'number' ? cached : 0);
  if (typeof written === 'number') made['completion_tokens'] = written;
  const inCache = typeof cached === 'number' ? cached : told;
  if (typeof inCache === 'number') made['prompt_tokens_details'] = { cached_tokens: inCache };
  return made;
}

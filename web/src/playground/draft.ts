import { asList, asObject, asText, parseJson, type Json } from '@boocontrol/fleet-model';
import type { Call } from './types';

/** What a piece of an answer brought. */
export type Brought = 'reasoning' | 'content' | 'nothing';

/** An answer as it grows; of the first choice, which is the only one that is asked for. */
export class Draft {
  text = '';
  reasoning = '';
  /** What llama-swap says while it loads the model; it belongs to no answer. */
  loading = '';
  finish: string | null = null;
  usage: Json | null = null;
  /** llama.cpp's own account of its speed. */
  timings: Json | null = null;
  /** An error that came inside the stream. */
  error: Json | string | null = null;
  /** The stream said that it is over. */
  isEnded = false;
  private readonly calls = new Map<number, Call>();

  get toolCalls(): Call[] {
    return [...this.calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  }

  /** The model was done, or its stream said that it is over. */
  get isWhole(): boolean {
    return this.finish !== null || this.isEnded;
  }

  /** Takes the data of one event, or a whole answer that is one document; what is not understood is passed over. */
  take(data: string): Brought {
    if (data.trim() === '[DONE]') {
      this.isEnded = true;
      return 'nothing';
    }
    const document = asObject(parseJson(data));
    if (!document) return 'nothing';
    this.usage = asObject(document['usage']) ?? this.usage;
    this.timings = asObject(document['timings']) ?? this.timings;
    const { error } = document;
    if (error !== undefined && error !== null) this.error = asObject(error) ?? asText(error) ?? 'unknown';
    let brought: Brought = 'nothing';
    for (const each of asList(document['choices'])) {
      const choice = asObject(each);
      if (!choice || (choice['index'] ?? 0) !== 0) continue;
      this.finish = asText(choice['finish_reason']) ?? this.finish;
      const part = asObject(choice['delta']) ?? asObject(choice['message']);
      if (part) brought = this.grow(part, typeof document['id'] === 'string');
    }
    return brought;
  }

  /** @param isAnswer the piece names the answer that it belongs to; llama-swap's messages about loading do not, and look like reasoning */
  private grow(part: Json, isAnswer: boolean): Brought {
    const text = asText(part['content']) ?? '';
    const reasoning = asText(part['reasoning_content']) ?? asText(part['reasoning']) ?? '';
    const calls = asList(part['tool_calls']);
    if (!isAnswer && text === '' && calls.length === 0) {
      this.loading += reasoning;
      return 'nothing';
    }
    this.text += text;
    this.reasoning += reasoning;
    calls.forEach((each, position) => this.call(asObject(each), position));
    if (text !== '' || calls.length > 0) return 'content';
    return reasoning === '' ? 'nothing' : 'reasoning';
  }

  private call(said: Json | null, position: number): void {
    if (!said) return;
    const index = typeof said['index'] === 'number' ? said['index'] : position;
    const known = this.calls.get(index) ?? { id: '', name: '', arguments: '' };
    const what = asObject(said['function']);
    this.calls.set(index, {
      id: known.id || (asText(said['id']) ?? ''),
      name: known.name + (asText(what?.['name']) ?? ''),
      arguments: known.arguments + argumentsOf(what?.['arguments']),
    });
  }
}

/** Some servers send them as an object. */
const argumentsOf = (value: unknown): string =>
  asText(value) ?? (asObject(value) ? JSON.stringify(value) : '');

import type { GenerationResult } from './generate.js';
import type { CallStart, Piece } from './pieces.js';

const FINGERPRINT = 'b7112-4a0b2f9';

/** The OpenAI shapes as llama.cpp fills them, for one answer. */
export class AnswerShape {
  readonly #base: { created: number; model: string; id: string };

  /** As in its chunks. */
  get id(): string {
    return this.#base.id;
  }

  constructor(
    readonly kind: 'chat' | 'text',
    model: string,
    id: string,
    createdS: number,
  ) {
    this.#base = { created: createdS, model, id: kind === 'chat' ? `chatcmpl-${id}` : `cmpl-${id}` };
  }

  /** The first chunk of a chat names the role; text completions have none. */
  opening(): object[] {
    return this.kind === 'chat' ? [this.#chunk({ role: 'assistant', content: null }, null)] : [];
  }

  piece(piece: Piece): object {
    if (this.kind === 'text') return this.#text(piece.text, null);
    if (piece.call !== undefined)
      return this.#chunk({ tool_calls: [callDelta(piece.call, piece.text)] }, null);
    return this.#chunk(piece.reasoning ? { reasoning_content: piece.text } : { content: piece.text }, null);
  }

  /** The last chunks. `timings` sits on the very last one, `usage` comes only where it was asked for. */
  closing(result: GenerationResult, includeUsage: boolean): object[] {
    const finish =
      this.kind === 'chat' ? this.#chunk({}, result.finishReason) : this.#text('', result.finishReason);
    // A chat's usage comes in a chunk of its own, a text completion's in the one that finishes.
    if (this.kind === 'text' && includeUsage)
      return [{ ...finish, usage: usage(result), timings: result.timings }];
    const chunks: object[] = includeUsage
      ? [finish, { choices: [], ...this.#tail('chunk'), usage: usage(result) }]
      : [finish];
    const last = chunks.pop() ?? finish;
    return [...chunks, { ...last, timings: result.timings }];
  }

  whole(pieces: Piece[], result: GenerationResult): object {
    const content = join(pieces.filter((piece) => !piece.reasoning && piece.call === undefined));
    const calls = callsOf(pieces);
    const reasoning = join(pieces.filter((piece) => piece.reasoning));
    const message = {
      role: 'assistant',
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      content,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
    const choice =
      this.kind === 'chat'
        ? { finish_reason: result.finishReason, index: 0, message }
        : { text: content, index: 0, logprobs: null, finish_reason: result.finishReason };
    return { choices: [choice], ...this.#tail('whole'), usage: usage(result), timings: result.timings };
  }

  #chunk(delta: object, finishReason: string | null): object {
    return { choices: [{ finish_reason: finishReason, index: 0, delta }], ...this.#tail('chunk') };
  }

  #text(text: string, finishReason: string | null): object {
    return {
      choices: [{ text, index: 0, logprobs: null, finish_reason: finishReason }],
      ...this.#tail('chunk'),
    };
  }

  #tail(part: 'chunk' | 'whole'): object {
    const chat = part === 'chunk' ? 'chat.completion.chunk' : 'chat.completion';
    return {
      ...this.#base,
      system_fingerprint: FINGERPRINT,
      object: this.kind === 'chat' ? chat : 'text_completion',
    };
  }
}

function usage(result: GenerationResult) {
  const { promptTokens, timings } = result;
  return {
    completion_tokens: timings.predicted_n,
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + timings.predicted_n,
    prompt_tokens_details: { cached_tokens: timings.cache_n },
  };
}

function join(pieces: Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

/** A part of a call: the first names it, the others go on with its arguments. */
function callDelta({ index, id, name, isFirst }: CallStart, text: string): object {
  return isFirst
    ? { index, id, type: 'function', function: { name, arguments: text } }
    : { index, function: { arguments: text } };
}

function callsOf(pieces: readonly Piece[]): object[] {
  const starts = pieces.flatMap(({ call }) => (call?.isFirst === true ? [call] : []));
  return starts.map(({ index, id, name }) => ({
    type: 'function',
    function: { name, arguments: join(pieces.filter(({ call }) => call?.index === index)) },
    id,
  }));
}

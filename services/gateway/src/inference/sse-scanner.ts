import type { Dialect } from './dialect.js';
import { noTokens, tokensIn, type TokenCounts } from './tokens.js';

const LF = 10;
const CR = 13;
/** Of a line that is split over chunks; what is longer is not read, but still known by its length and its event. */
const MAX_LINE_BYTES = 256 * 1024;
/** Enough to know what a line is. */
const HEAD_BYTES = 512;

interface Chunk {
  id?: unknown;
  type?: unknown;
  error?: unknown;
  prompt_progress?: unknown;
  choices?: { delta?: Record<string, unknown>; text?: unknown; finish_reason?: unknown }[];
}

/**
 * Reads a stream of server-sent events beside the relay: it is shown each chunk, wherever it is split, and keeps no more
 * than one unfinished line.
 */
export class SseScanner {
  /** Text, reasoning or a tool call has come. */
  hasContent = false;
  /** The dialect's own end, or an error in its place. */
  hasEnd = false;
  /** An error of the host inside the stream. */
  hasError = false;
  /** Something that belongs to one answer has come: its opening, its content or its end. */
  hasAnswer = false;
  /** Comments, progress and messages about loading: they belong to no answer. */
  notices = 0;
  readonly tokens: TokenCounts = noTokens();

  private rest: Buffer | null = null;
  /** Bytes of a line that is too long to keep; 0: it is not. */
  private skipped = 0;
  private event = '';
  private lastByte = LF;

  constructor(private readonly dialect: Dialect) {}

  /** true: nothing of a line is pending, so something else may be written. */
  get isAtLineStart(): boolean {
    return this.lastByte === LF;
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.hasContent && this.rest === null && chunk.length <= MAX_LINE_BYTES) {
      // Nearly all of a stream is text between its first word and its end: one look at the whole chunk is enough.
      const whole = chunk.lastIndexOf(LF) + 1;
      if (!TELLING_CHUNK.test(chunk.toString('latin1', 0, whole))) from = whole;
    }
    for (;;) {
      const to = chunk.indexOf(LF, from);
      if (to < 0) break;
      this.line(this.completed(chunk.subarray(from, to)));
      from = to + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
    this.lastByte = chunk[chunk.length - 1] ?? this.lastByte;
  }

  private keep(part: Buffer): void {
    const before = this.rest?.length ?? 0;
    if (this.skipped > 0) {
      this.skipped += part.length;
    } else if (before + part.length > MAX_LINE_BYTES) {
      this.rest = this.rest === null ? Buffer.from(part.subarray(0, HEAD_BYTES)) : this.head(part);
      this.skipped = before + part.length;
    } else {
      // A copy: a piece of a chunk would keep all of it.
      this.rest = this.rest === null ? Buffer.from(part) : Buffer.concat([this.rest, part]);
    }
  }

  private head(part: Buffer): Buffer {
    const rest = this.rest ?? part;
    return Buffer.from(
      Buffer.concat([rest.subarray(0, HEAD_BYTES), part.subarray(0, HEAD_BYTES)]).subarray(0, HEAD_BYTES),
    );
  }

  private completed(part: Buffer): Buffer {
    if (this.rest === null) return part;
    if (this.skipped > 0) {
      const { rest } = this;
      this.rest = null;
      this.skipped = 0;
      this.tooLong(rest);
      return rest.subarray(0, 0);
    }
    const whole = part.length === 0 ? this.rest : Buffer.concat([this.rest, part]);
    this.rest = null;
    return whole;
  }

  /** So much text in one event can only be content, or a whole answer once more in the event that ends it. */
  private tooLong(head: Buffer): void {
    if (!head.toString('latin1').startsWith('data:')) return;
    this.hasAnswer = true;
    this.hasContent = true;
    const type = /"type":\s*"([\w.]+)"/.exec(head.toString('latin1'))?.[1] ?? this.event;
    if (ENDS.has(type)) this.hasEnd = true;
  }

  private line(bytes: Buffer): void {
    const line = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
    if (line.length === 0) {
      this.event = '';
      return;
    }
    const first = line[0];
    if (first === 0x3a) {
      this.notices++;
      return;
    }
    // `data`, `event`, or `error`, which old builds of llama.cpp have.
    if (first !== 0x64 && first !== 0x65) return;
    const text = line.toString('utf8');
    if (text.startsWith('data:')) this.data(text);
    else if (text.startsWith('event:')) this.named(text.slice('event:'.length).trim());
    else if (text.startsWith('error:')) this.failed();
  }

  private named(event: string): void {
    this.event = event;
    if (event === 'error') this.failed();
    else if (ENDS.has(event) && this.dialect !== 'chat') this.ended();
  }

  private failed(): void {
    this.hasError = true;
    this.ended();
  }

  private ended(): void {
    this.hasEnd = true;
    this.hasAnswer = true;
  }

  private data(text: string): void {
    const isDone = text === 'data: [DONE]' || text.slice('data:'.length).trim() === '[DONE]';
    if (isDone) return this.ended();
    // Once there is content, only what ends or counts is of interest. A key inside generated text has its quotes escaped.
    if (this.hasContent && !TELLING.test(text)) return;
    const chunk = parse(text.slice('data:'.length));
    if (chunk === null) return;
    tokensIn(chunk, this.tokens);
    if (chunk.error != null && chunk.error !== '') return this.failed();
    if (typeof chunk.type === 'string') return this.typed(chunk.type, chunk);
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    if (choices.some((choice) => choice.finish_reason != null)) this.ended();
    const isNotice = chunk.prompt_progress != null || isLoading(chunk, choices);
    const hasContent = choices.some((choice) => isContent(choice.delta) || isFilled(choice.text));
    if (isNotice && !this.hasEnd) this.notices++;
    else this.hasAnswer = true;
    if (hasContent && !isNotice) this.hasContent = true;
  }

  /** Events of Responses and of Messages name their type. */
  private typed(type: string, chunk: Chunk): void {
    if (type === 'error' || type === 'response.failed') return this.failed();
    if (type === 'ping') {
      this.notices++;
      return;
    }
    this.hasAnswer = true;
    if (ENDS.has(type)) this.hasEnd = true;
    if (type === 'content_block_delta' || type.endsWith('.delta')) this.hasContent = true;
    const { content_block: block } = chunk as { content_block?: { type?: unknown } };
    if (type === 'content_block_start' && block?.type === 'tool_use') this.hasContent = true;
  }
}

const ENDS = new Set(['message_stop', 'response.completed', 'response.incomplete', 'response.failed']);
/** Also events and errors by their line, and what says that a stream is done. */
const TELLING_CHUNK = /"(?:finish_reason"\s*:\s*"|usage"|timings"|error"|type")|(?:^|\n)e|\[DONE\]/;
const TELLING = /"(?:finish_reason"\s*:\s*"|usage"|timings"|error"|type")/;

function parse(text: string): Chunk | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isContent(delta: Record<string, unknown> | undefined): boolean {
  if (typeof delta !== 'object' || delta === null) return false;
  return Object.entries(delta).some(
    ([key, value]) =>
      key !== 'role' && (isFilled(value) || (Array.isArray(value) && value.length > 0) || isCall(value)),
  );
}

/** llama-swap's messages while it loads a model look like reasoning, but have no id. */
function isLoading({ id }: Chunk, choices: NonNullable<Chunk['choices']>): boolean {
  const deltas = choices.map(({ delta }) => delta ?? {});
  return (
    id === undefined &&
    deltas.some((delta) => isFilled(delta['reasoning_content'])) &&
    deltas.every((delta) => Object.keys(delta).every((key) => key === 'reasoning_content' || key === 'role'))
  );
}

/** `function_call` of old. */
function isCall(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The exceptions to "byte for byte": of a host that does not tell its token counts by itself, a stream is asked for them
 * (`stream_options.include_usage`, OpenAI's), and the one chunk that it sends more for that is kept from the client.
 */
const ASKED = Buffer.from('"stream_options":{"include_usage":true},');
const BRACE = 0x7b;
const [LF, CR] = [0x0a, 0x0d];
const DATA = 'data:';
/** A chunk of counts is short; a longer line is none. */
const MAX_LINE_BYTES = 64 * 1024;
const MAX_KNOWN = 10_000;
const NOTHING = Buffer.alloc(0);

/** @param body a JSON object with a member; every other byte stays as it came */
export function withUsage(body: Buffer): Buffer {
  const at = body.indexOf(BRACE) + 1;
  return Buffer.concat([body.subarray(0, at), ASKED, body.subarray(at)]);
}

/** Who is not asked: what sends llama.cpp's `timings`, and what does not know the question. */
export class UsageBook {
  private readonly known = new Set<string>();

  mayAsk(providerId: string, model: string): boolean {
    return !this.known.has(`${providerId}/${model}`);
  }

  neverAsk(providerId: string, model: string): void {
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.add(`${providerId}/${model}`);
  }
}

/** Takes the chunk of counts out of a stream, and nothing else: wherever the stream is split, what is left is as it came. */
export class UsageHider {
  /** The chunk also had `timings`, which belong to the client: it went through. */
  hasTimings = false;
  /** true: nothing of a line has gone out without its end. */
  isAtLineStart = true;

  /** Of a line that may be the one. */
  private rest: Buffer = NOTHING;
  /** The line is none; what is still to come of it goes through. */
  private isPassing = false;
  private isFrameStart = true;
  /** The empty line that ends the chunk goes with it. */
  private isAfter = false;

  push(chunk: Buffer): Buffer {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = NOTHING;
    const pieces: Buffer[] = [];
    // What goes through is cut out in as few pieces as can be.
    let [begin, from] = [0, 0];
    for (let to = bytes.indexOf(LF); to >= 0; to = bytes.indexOf(LF, from)) {
      if (!this.passes(bytes.subarray(from, to))) {
        pieces.push(bytes.subarray(begin, from));
        begin = to + 1;
      }
      from = to + 1;
    }
    const tail = bytes.subarray(from);
    if (tail.length > 0 && this.mayHold(tail)) {
      // A copy: a piece of a chunk would keep all of it.
      this.rest = Buffer.from(tail);
      pieces.push(bytes.subarray(begin, from));
    } else {
      this.isPassing = this.isPassing || tail.length > 0;
      pieces.push(bytes.subarray(begin));
    }
    const [only] = pieces;
    const shown = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
    if (shown.length > 0) this.isAtLineStart = shown.at(-1) === LF;
    return shown;
  }

  /** What is left when the host has ended. */
  end(): Buffer {
    const { rest } = this;
    this.rest = NOTHING;
    return rest;
  }

  /** @param whole a line without its line feed */
  private passes(whole: Buffer): boolean {
    const line = whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
    if (this.isPassing) {
      this.isPassing = false;
      this.isFrameStart = false;
      return true;
    }
    const { isFrameStart, isAfter } = this;
    this.isFrameStart = line.length === 0;
    this.isAfter = false;
    if (line.length === 0) return !isAfter;
    if (!isFrameStart || !this.isUsage(line)) return true;
    this.isAfter = true;
    return false;
  }

  /** Whether a line that is not whole yet may be the one, or the empty one after it. */
  private mayHold(tail: Buffer): boolean {
    if (this.isPassing || tail.length > MAX_LINE_BYTES) return false;
    if (tail.length === 1 && tail[0] === CR) return true;
    return (
      this.isFrameStart && DATA.startsWith(tail.toString('latin1', 0, Math.min(tail.length, DATA.length)))
    );
  }

  private isUsage(line: Buffer): boolean {
    if (line.length > MAX_LINE_BYTES) return false;
    const text = line.toString('utf8');
    if (!text.startsWith(DATA) || !text.includes('"usage"')) return false;
    try {
      const { choices, usage, timings } = JSON.parse(text.slice(DATA.length)) as Record<string, unknown>;
      if (!Array.isArray(choices) || choices.length > 0 || typeof usage !== 'object' || usage === null)
        return false;
      if (timings !== undefined) this.hasTimings = true;
      return timings === undefined;
    } catch {
      return false;
    }
  }
}

/** One event of the stream: its data lines joined, or what made it unusable. */
export type SseEvent = { ok: true; data: string } | { ok: false; reason: string };

const LF = 10;
const CR = 13;
const COLON = 58;
/** Room for a line at first; it doubles as needed. */
const LINE_BYTES = 16 * 1024;

/**
 * Incremental parser of `text/event-stream`. Bytes may be split anywhere, also inside a character or between CR and LF.
 * An event longer than `maxBytes` is skipped and reported, so memory stays bounded and the stream goes on.
 */
export class SseParser {
  /** The unfinished line is its first `lineBytes` bytes. */
  private line = Buffer.alloc(LINE_BYTES);
  private lineBytes = 0;
  private data: string[] = [];
  private eventBytes = 0;
  private tooLong = false;
  private afterCr = false;

  constructor(private readonly maxBytes = 16 * 1024 * 1024) {}

  /** Takes the next bytes, returns the events that they complete. */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === LF && this.afterCr && at === start) {
        this.afterCr = false;
        start = at + 1;
        continue;
      }
      if (byte !== LF && byte !== CR) continue;
      this.keep(chunk.subarray(start, at));
      const event = this.endLine();
      if (event !== null) events.push(event);
      this.afterCr = byte === CR;
      start = at + 1;
    }
    if (start < chunk.length) {
      this.afterCr = false;
      this.keep(chunk.subarray(start));
    }
    return events;
  }

  private keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.afterCr = false;
    this.eventBytes += part.length;
    if (this.eventBytes > this.maxBytes) {
      this.tooLong = true;
      this.data = [];
    }
    // Copied into one buffer: pieces of a byte each would cost a hundred times their size.
    const end = this.lineBytes + part.length;
    if (!this.tooLong) {
      if (end > this.line.length) this.line = Buffer.concat([this.line], Math.max(end, this.line.length * 2));
      this.line.set(part, this.lineBytes);
    }
    this.lineBytes = end;
  }

  private endLine(): SseEvent | null {
    const wasEmpty = this.lineBytes === 0;
    const { line, lineBytes } = this;
    if (line.length > LINE_BYTES) this.line = Buffer.alloc(LINE_BYTES);
    this.lineBytes = 0;
    if (wasEmpty) return this.endEvent();
    if (this.tooLong || line[0] === COLON) return null;
    const text = line.toString('utf8', 0, lineBytes);
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    if (field === 'data') this.data.push(colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, ''));
    return null;
  }

  private endEvent(): SseEvent | null {
    const { data, tooLong } = this;
    this.data = [];
    this.eventBytes = 0;
    this.tooLong = false;
    if (tooLong) return { ok: false, reason: `event longer than ${this.maxBytes} bytes` };
    return data.length === 0 ? null : { ok: true, data: data.join('\n') };
  }
}

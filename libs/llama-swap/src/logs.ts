import { cleanText } from './loose.js';

export const LOG_LINE_MAX_BYTES = 8 * 1024;

export interface HostLogLine {
  line: string;
  /** The line was longer. */
  cut: boolean;
}

/** Puts lines together across chunks; memory is bounded, because what is past the limit is not kept. */
export class LineAssembler {
  private pending = '';
  private overflowed = false;
  private afterCr = false;

  /** Takes the next text, returns the lines that it completes. */
  push(chunk: string): HostLogLine[] {
    // CR and LF of one line end may come in two chunks.
    const text = this.afterCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    if (chunk !== '') this.afterCr = chunk.endsWith('\r');
    const parts = text.split(/\r\n|\n|\r/);
    const rest = parts.pop() ?? '';
    const lines = parts.map((part) => {
      this.keep(part);
      return this.end();
    });
    this.keep(rest);
    return lines;
  }

  /** Forgets the unfinished line. */
  reset(): void {
    this.pending = '';
    this.overflowed = false;
    this.afterCr = false;
  }

  private keep(part: string): void {
    this.pending += part.slice(0, LOG_LINE_MAX_BYTES + 1 - this.pending.length);
    if (this.pending.length > LOG_LINE_MAX_BYTES) this.overflowed = true;
  }

  private end(): HostLogLine {
    const whole = cleanText(this.pending, LOG_LINE_MAX_BYTES);
    const line = Buffer.byteLength(whole) > LOG_LINE_MAX_BYTES ? beginning(whole, LOG_LINE_MAX_BYTES) : whole;
    const cut = this.overflowed || line !== whole;
    this.pending = '';
    this.overflowed = false;
    return { line, cut };
  }
}

/** The longest beginning of a text that has at most `maxBytes` in UTF-8, never half a character. */
export function beginning(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/**
 * For comparison only: a host cuts its chunks at any byte and replaces both halves of a cut character, but its history
 * and the logs of its models have the character whole.
 */
export function comparable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '');
}

/**
 * What of a host's log history is new. A host repeats its history (the last 100 kB) at every connect; the newest known
 * lines are looked for in it and what follows them is new. Where the known lines fit at several places the last fit is
 * taken: lines are not repeated. When they fit nowhere (first sight, a restart, too long an absence) all of it is new.
 *
 * @param knownTail the newest lines on the log, oldest first
 * @param history oldest first; its first line may be the end of a longer one
 */
export function newLogLines<T extends { line: string }>(
  knownTail: readonly string[],
  history: readonly T[],
): T[] {
  if (knownTail.length === 0) return [...history];
  const tail = knownTail.map(comparable);
  const lines = history.map(({ line }) => comparable(line));
  for (let end = lines.length; end > 0; end--) {
    const depth = Math.min(end, tail.length);
    let same = 0;
    while (same < depth && lines[end - 1 - same] === tail[tail.length - 1 - same]) same++;
    // The history's first line may be cut at its front.
    const isCutFirst =
      same === depth - 1 &&
      depth === end &&
      (tail[tail.length - end] ?? '').endsWith(lines[0] ?? '') &&
      end > 1;
    if (same === depth || isCutFirst) return history.slice(end);
  }
  return [...history];
}

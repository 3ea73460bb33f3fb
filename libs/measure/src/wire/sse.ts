/** Bytes as they came off the socket. */
export interface Read {
  atMs: number;
  bytes: Uint8Array;
}

/** One event of a stream. */
export interface Frame {
  /** Of the read that brought the last byte of its data: before that there is nothing to be understood. */
  atMs: number;
  /** '' when it names none. */
  event: string;
  /** Its data lines, joined by line feeds. */
  data: string;
}

const LF = 10;
const CR = 13;
const NOTHING = { event: '', data: [] as string[], atMs: 0 };

/**
 * The events of a stream, read after it has ended, so that reading it costs no time while it is measured. Reads may split
 * it anywhere, also inside a character or between CR and LF, and hold several events. Comments are none. An event is
 * given when its data line is whole, with or without the empty line after it; half a line is nothing.
 */
export function framesOf(reads: readonly Read[]): Frame[] {
  const frames: Frame[] = [];
  let open = { ...NOTHING };
  const close = (): void => {
    if (open.data.length > 0) frames.push({ atMs: open.atMs, event: open.event, data: open.data.join('\n') });
    open = { ...NOTHING, data: [] };
  };
  for (const { text, atMs } of linesOf(reads)) {
    if (text === '') {
      close();
      continue;
    }
    const colon = text.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? text : text.slice(0, colon);
    // One space after the colon belongs to the format, everything else to the value.
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') open.event = value;
    // llama.cpp's own way of saying what went wrong in a stream.
    if (field === 'error') open.event = 'error';
    if (field === 'data' || field === 'error') {
      open.data = [...open.data, value];
      open.atMs = atMs;
    }
  }
  close();
  return frames;
}

function* linesOf(reads: readonly Read[]): Generator<{ text: string; atMs: number }> {
  let begun: Buffer[] = [];
  let afterCr = false;
  for (const { atMs, bytes } of reads) {
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      const second = byte === LF && afterCr;
      afterCr = byte === CR;
      if (byte !== LF && byte !== CR) continue;
      if (!second) {
        yield { text: Buffer.concat([...begun, bytes.subarray(start, at)]).toString('utf8'), atMs };
        begun = [];
      }
      start = at + 1;
    }
    if (start < bytes.length) begun.push(Buffer.from(bytes.subarray(start)));
  }
}

/** What a server-sent event stream says: the data of an event, or a comment, which nobody has to heed. */
export type Frame = { kind: 'data' | 'comment'; text: string };

/** Characters of one line; whoever sends longer ones is no model. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** Thrown when a line has no end. */
export class EndlessLineError extends Error {
  override readonly name = 'EndlessLineError';
}

/**
 * Reads a stream of server-sent events as its bytes come: frames, lines and characters may be split anywhere. As the HTML
 * standard says it (9.2.6), but that what is left at the end counts too, so that nothing of an answer that was cut is lost.
 */
export class EventStream {
  private readonly decoder = new TextDecoder();
  /** Of the line that has no end yet; joined once, so that a huge line is not copied with each piece. */
  private pieces: string[] = [];
  private length = 0;
  private data: string[] = [];
  private isAfterReturn = false;

  /** @throws {EndlessLineError} when a line is longer than 32 million characters */
  push(bytes: Uint8Array): Frame[] {
    return this.read(this.decoder.decode(bytes, { stream: true }));
  }

  /** What had no end when the stream ended. */
  end(): Frame[] {
    const frames = this.read(this.decoder.decode());
    this.line(this.takeLine(), frames);
    this.dispatch(frames);
    return frames;
  }

  private read(text: string): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    // A \n after a \r ends the same line, also where the two come apart.
    if (this.isAfterReturn && text !== '') {
      if (text.startsWith('\n')) at = 1;
      this.isAfterReturn = false;
    }
    const ends = /\r\n|\r|\n/g;
    ends.lastIndex = at;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.hold(text.slice(at, end.index));
      this.line(this.takeLine(), frames);
      at = ends.lastIndex;
      if (end[0] === '\r' && at === text.length) this.isAfterReturn = true;
    }
    this.hold(text.slice(at));
    return frames;
  }

  private hold(piece: string): void {
    if (piece === '') return;
    this.length += piece.length;
    if (this.length > LONGEST_LINE) throw new EndlessLineError('A line of the stream has no end.');
    this.pieces.push(piece);
  }

  private takeLine(): string {
    const line = this.pieces.length === 1 ? (this.pieces[0] ?? '') : this.pieces.join('');
    this.pieces = [];
    this.length = 0;
    return line;
  }

  private line(line: string, frames: Frame[]): void {
    if (line === '') return this.dispatch(frames);
    const colon = line.indexOf(':');
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (colon === 0) frames.push({ kind: 'comment', text: value });
    else if ((colon === -1 ? line : line.slice(0, colon)) === 'data') this.data.push(value);
  }

  private dispatch(frames: Frame[]): void {
    if (this.data.length > 0) frames.push({ kind: 'data', text: this.data.join('\n') });
    this.data = [];
  }
}

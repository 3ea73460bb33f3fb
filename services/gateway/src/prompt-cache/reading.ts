import { printOf, type Part, type Print } from '@boocontrol/llama-swap';

/** Read at once; then others have their turn. A millisecond or so. */
const SLICE_BYTES = 256 * 1024;

/** The print of a prompt, made in slices while its host works on it. */
export class Reading {
  private readonly pieces: Generator<number, Print | null>;
  private print: Print | null | undefined;
  private next: NodeJS.Immediate | null = null;

  constructor(bytes: Buffer, parts: readonly Part[]) {
    this.pieces = printOf(bytes, parts);
  }

  /** Its first slice is not read before what was sent is on its way. */
  begin(): void {
    if (this.next !== null || this.print !== undefined) return;
    this.next = setImmediate(() => {
      this.next = null;
      this.read(SLICE_BYTES);
      if (this.print === undefined) this.begin();
    });
  }

  stop(): void {
    if (this.next !== null) clearImmediate(this.next);
    this.next = null;
  }

  /** Reads what is left of it. */
  finish(): Print | null {
    this.stop();
    this.read(Infinity);
    return this.print ?? null;
  }

  private read(atMost: number): void {
    for (let bytes = 0; bytes < atMost && this.print === undefined;) {
      const piece = this.pieces.next();
      if (piece.done === true) this.print = piece.value;
      else bytes += piece.value;
    }
  }
}

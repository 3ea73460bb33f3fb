/** Keeps the first `limit` bytes of a stream and says when more came. */
export class Capture {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  cut = false;

  constructor(
    private readonly limit: number,
    private readonly onCut: () => void,
  ) {}

  add(chunk: Buffer): void {
    const room = this.limit - this.size;
    const kept = chunk.subarray(0, room);
    if (kept.length > 0) this.chunks.push(kept);
    this.size += kept.length;
    if (chunk.length <= room || this.cut) return;
    this.cut = true;
    this.onCut();
  }

  /** What is no UTF-8, a character that was cut too, comes out as U+FFFD. */
  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

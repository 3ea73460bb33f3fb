import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Rng } from '../core/rng.js';
import type { FaultBoard } from '../faults.js';

/** Writes chunks to a response and lets the faults of streams strike. */
export class StreamWriter {
  #chunks = 0;
  #isBroken = false;

  constructor(
    private readonly res: ServerResponse,
    private readonly faults: FaultBoard,
    private readonly rng: Rng,
    private readonly target: 'events' | 'answers',
  ) {}

  get open(): boolean {
    return !this.#isBroken && !this.res.destroyed && !this.res.writableEnded;
  }

  /** Resolves when the reader can take more. A planned reset cuts the chunk in half and the connection with it. */
  async write(text: string): Promise<void> {
    await this.#thawed();
    if (!this.open) return;
    const bytes = Buffer.from(text, 'utf8');
    const resetAfter = this.faults.resetAfter(this.target);
    if (resetAfter !== undefined && this.#chunks >= resetAfter) {
      return this.#reset(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    }
    this.#chunks += 1;
    if (this.faults.current.splitFrames === true) return this.#split(bytes);
    if (!this.res.write(bytes)) await this.#drained();
  }

  async #thawed(): Promise<void> {
    while (this.target === 'answers' && this.faults.current.freeze === true && this.open)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Resolves when the connection is broken: what the writer does next comes too late. */
  #reset(last: Uint8Array): Promise<void> {
    // A response that has ended knows its socket no more.
    const { socket } = this.res;
    this.#isBroken = true;
    return new Promise((resolve) => {
      this.res.write(last, () => {
        socket?.resetAndDestroy();
        resolve();
      });
    });
  }

  async #split(bytes: Buffer): Promise<void> {
    let at = 0;
    while (at < bytes.length && this.open) {
      // Short pieces at first, so that frame borders and UTF-8 sequences are hit; then longer ones, for speed.
      const size = at < 400 ? this.rng.int(1, 7) : this.rng.int(200, 1_500);
      this.res.write(bytes.subarray(at, at + size));
      at += size;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #drained(): Promise<void> {
    const closed = new AbortController();
    const stop = () => closed.abort();
    this.res.once('close', stop);
    await once(this.res, 'drain', { signal: closed.signal }).catch(() => undefined);
    this.res.off('close', stop);
  }
}

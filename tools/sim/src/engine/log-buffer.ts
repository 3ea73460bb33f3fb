/** llama-swap keeps the last 100 kB of each log and sends it to whoever connects. */
const BUFFER_BYTES = 100 * 1024;

export type LogSource = 'proxy' | 'upstream';

/** One log: its recent history, and each chunk to whoever listens. */
export class LogBuffer {
  #chunks: string[] = [];
  #length = 0;

  constructor(private readonly emit: (chunk: string) => void) {}

  write(chunk: string): void {
    if (chunk === '') return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length > BUFFER_BYTES && this.#chunks.length > 1) {
      this.#length -= this.#chunks.shift()?.length ?? 0;
    }
    this.emit(chunk);
  }

  history(): string {
    return this.#chunks.join('');
  }
}

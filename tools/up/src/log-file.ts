import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log that never grows past twice `maxBytes`: full, it becomes `<path>.1` and begins again. */
export class LogFile {
  #fd: number;
  #bytes: number;

  constructor(
    readonly path: string,
    private readonly maxBytes = 20 * 1024 * 1024,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.#bytes = existsSync(path) ? statSync(path).size : 0;
    this.#fd = openSync(path, 'a', 0o600);
  }

  write(text: string): void {
    if (this.#bytes > this.maxBytes) {
      closeSync(this.#fd);
      renameSync(this.path, `${this.path}.1`);
      this.#fd = openSync(this.path, 'a', 0o600);
      this.#bytes = 0;
    }
    this.#bytes += writeSync(this.#fd, text);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

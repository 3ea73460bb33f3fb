import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { release, version } from 'node:os';
import { join } from 'node:path';
import { CANARY_VERSION } from './list.js';

/** What a pass depends on: with any of it changed, the canaries run again. */
export function keyOf(backend: string, id: string): string {
  return [backend, id, process.arch, release(), version(), `uid ${process.getuid?.()}`, CANARY_VERSION].join(
    ' | ',
  );
}

/** Passes of former openings, in a folder. Only passes are kept: what failed is tried again. */
export class Believed {
  constructor(private readonly folder: string | undefined) {}

  async has(key: string): Promise<boolean> {
    return (await this.read()).includes(key);
  }

  /** Where it cannot be written, the canaries run at the next opening too. */
  async add(key: string): Promise<void> {
    if (this.folder === undefined) return;
    const kept = (await this.read()).filter((one) => one !== key).slice(-20);
    const file = join(this.folder, 'sandbox-canaries.json');
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(`${file}.${process.pid}`, JSON.stringify([...kept, key], undefined, 1));
      await rename(`${file}.${process.pid}`, file);
    } catch {
      // Read-only or full: nothing depends on it but the time of the next opening.
    }
  }

  private async read(): Promise<string[]> {
    if (this.folder === undefined) return [];
    try {
      const found: unknown = JSON.parse(await readFile(join(this.folder, 'sandbox-canaries.json'), 'utf8'));
      return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
    } catch {
      return [];
    }
  }
}

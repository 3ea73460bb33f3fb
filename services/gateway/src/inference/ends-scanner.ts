import { noTokens, tokensIn, type TokenCounts } from './tokens.js';

/** Hosts tell usage and timings at the end of an answer; of embeddings, also at its beginning. */
const TAIL_BYTES = 16 * 1024;
const HEAD_BYTES = 2 * 1024;

const NOTHING = Buffer.alloc(0);
const [OPEN, CLOSE] = [0x7b, 0x7d];

/** Keeps both ends of an answer that is no stream, and reads its token counts once it is whole. */
export class EndsScanner {
  private head: Buffer = NOTHING;
  private kept: Buffer[] = [];
  private bytes = 0;

  push(chunk: Buffer): void {
    if (this.bytes === 0)
      this.head = chunk.length <= TAIL_BYTES ? chunk : Buffer.from(chunk.subarray(0, HEAD_BYTES));
    this.kept.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= 4 * TAIL_BYTES) return;
    // A copy: a piece of a chunk would keep all of it.
    const tail = Buffer.from(Buffer.concat(this.kept).subarray(-TAIL_BYTES));
    this.kept = [tail];
    this.bytes = tail.length;
  }

  read(): TokenCounts {
    const tokens = noTokens();
    const [only] = this.kept;
    const ends = this.kept.length === 1 && only !== undefined ? only : Buffer.concat(this.kept);
    for (const key of ['usage', 'timings']) {
      const value = lastObject(ends, key) ?? lastObject(this.head, key);
      if (value !== null) tokensIn({ [key]: value }, tokens);
    }
    return tokens;
  }
}

/** The object of the last member of this name. A key inside generated text has its quotes escaped. */
function lastObject(bytes: Buffer, key: string): unknown {
  const at = bytes.lastIndexOf(`"${key}":`);
  if (at < 0) return null;
  const from = bytes.indexOf(OPEN, at);
  let depth = 0;
  for (let to = from; from >= 0 && to < bytes.length; to++) {
    const byte = bytes[to];
    // Counts only: neither object has texts with brackets.
    if (byte === OPEN) depth++;
    if (byte !== CLOSE || --depth > 0) continue;
    try {
      return JSON.parse(bytes.toString('utf8', from, to + 1));
    } catch {
      return null;
    }
  }
  return null;
}

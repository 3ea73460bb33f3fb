import { noTokens, tokensIn, type TokenCounts } from './tokens.js';

/** Hosts tell usage and timings at the end of an answer; of embeddings, also at its beginning. */
const TAIL_BYTES = 16 * 1024;
const HEAD_BYTES = 2 * 1024;

/** Keeps both ends of an answer that is no stream, and reads its token counts once it is whole. */
export class EndsScanner {
  private head = '';
  private kept: Buffer[] = [];
  private bytes = 0;

  push(chunk: Buffer): void {
    if (this.bytes === 0) this.head = chunk.toString('utf8', 0, HEAD_BYTES);
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
    const text = Buffer.concat(this.kept).toString('utf8');
    for (const key of ['usage', 'timings']) {
      const value = lastObject(text, key) ?? lastObject(this.head, key);
      if (value !== null) tokensIn({ [key]: value }, tokens);
    }
    return tokens;
  }
}

/** The object of the last member of this name. A key inside generated text has its quotes escaped. */
function lastObject(text: string, key: string): unknown {
  const at = text.lastIndexOf(`"${key}":`);
  if (at < 0) return null;
  const from = text.indexOf('{', at);
  let depth = 0;
  for (let to = from; from >= 0 && to < text.length; to++) {
    const char = text[to];
    // Counts only: neither object has texts with brackets.
    if (char === '{') depth++;
    if (char !== '}' || --depth > 0) continue;
    try {
      return JSON.parse(text.slice(from, to + 1));
    } catch {
      return null;
    }
  }
  return null;
}

// Puts a brotli and a gzip copy beside every text file of the export (a.js.br, a.js.gz), which the gateway sends in place of
// the file to whoever accepts it. Runs after `next build`, which empties out/ first.
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const out = fileURLToPath(new URL('../out/', import.meta.url));
/** Fonts and pictures are compressed as they are. */
const TEXTS = new Set(['.css', '.html', '.js', '.json', '.map', '.svg', '.txt', '.webmanifest']);
/** In bytes: what fits a packet anyway is left alone. */
const WORTH_IT = 1024;

const codings = [
  {
    extension: '.br',
    /** @param {Buffer} bytes */
    compress: (bytes) =>
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  },
  {
    extension: '.gz',
    /** @param {Buffer} bytes */
    compress: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  },
];

/** @param {string} file */
async function precompress(file) {
  const bytes = await readFile(file);
  if (bytes.length < WORTH_IT) return;
  const { atime, mtime } = await stat(file);
  for (const { extension, compress } of codings) {
    const small = await compress(bytes);
    if (small.length >= bytes.length) continue;
    await writeFile(file + extension, small);
    // `Last-Modified` is that of the file.
    await utimes(file + extension, atime, mtime);
  }
}

const entries = await readdir(out, { recursive: true, withFileTypes: true });
const texts = entries
  .filter((entry) => entry.isFile() && TEXTS.has(extname(entry.name)))
  .map((entry) => join(entry.parentPath, entry.name));
await Promise.all(texts.map(precompress));

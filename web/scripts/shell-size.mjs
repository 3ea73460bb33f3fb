// Sums the gzipped scripts that each exported page names, as a browser that knows modules would load them.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 150;
const PAGES = ['index.html', 'activity/index.html'];
const out = new URL('../out/', import.meta.url);

/** @param {string} page */
async function scriptKb(page) {
  const html = await readFile(new URL(page, out), 'utf8');
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const wanted = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .map((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1]);
  const files = [...new Set(wanted.filter((src) => src !== undefined))];
  let bytes = 0;
  for (const file of files) {
    const size = gzipSync(await readFile(new URL(`.${file.split('?')[0]}`, out))).length;
    if (process.argv.includes('--list')) console.log(`  ${(size / 1000).toFixed(1)} kB ${file}`);
    bytes += size;
  }
  return bytes / 1000;
}

let tooLarge = false;
for (const page of PAGES) {
  const kb = await scriptKb(page);
  console.log(`${page}: ${kb.toFixed(1)} kB of gzipped script (budget ${BUDGET_KB})`);
  tooLarge ||= kb > BUDGET_KB;
}
if (tooLarge) process.exitCode = 1;

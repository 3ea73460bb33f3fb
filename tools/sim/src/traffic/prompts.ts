import type { Rng } from '../core/rng.js';

export const CHAT_SYSTEM =
  'You are a helpful assistant. Answer briefly and use Markdown where it helps the reader.';

export const CHAT_QUESTIONS = [
  'How do I keep a llama.cpp server warm between requests?',
  'Explain the difference between Q4_K_M and Q5_K_M in two sentences.',
  'What is a good way to test a restore from backup?',
  'Schreib mir eine kurze Absage auf eine Einladung, freundlich im Ton.',
  'Why is my first token slow but the rest fast?',
  'Summarise the trade-offs of running two small models instead of one large one.',
  'Give me a shell one-liner that finds the ten largest files.',
  'And how would that change with a longer context?',
  'Can you put that into a table?',
  'What would you check first?',
];

export const CODER_STEPS = [
  'The test suite fails in parser.test.ts. Read the output below and propose a patch.',
  'Apply the patch and run the tests again.',
  'Now the type checker complains. Fix the types without using any.',
  'Refactor the function so that the error cases are values.',
  'Write a unit test for the empty input.',
  'Explain what changed in one paragraph for the commit message.',
];

export const SNIPPETS = [
  'Invoice 2026-1042: 3 × SSD 4 TB, 1 × PSU 1200 W, delivery within five days.',
  'Meeting notes: move the nightly job to 03:00, keep logs for thirty days, ask about the second GPU.',
  'Release notes: faster swaps, captures on disk, a new activity page with filters.',
  'Ticket: the chat shows no answer after a model swap; the log says the upstream closed the connection.',
];

/** A file listing of about `lines` lines, as a coding agent sends with its first step. */
export function codeContext(rng: Rng, lines: number): string {
  const verbs = ['read', 'parse', 'merge', 'store', 'emit', 'check', 'retry'];
  const nouns = ['Frame', 'Row', 'Lease', 'Batch', 'Slot', 'Window', 'Token'];
  const out = ['// src/pipeline.ts'];
  for (let line = 0; line < lines; line += 1) {
    const name = `${rng.pick(verbs)}${rng.pick(nouns)}`;
    out.push(
      `export function ${name}${line}(input: ${rng.pick(nouns)}, limit = ${rng.int(1, 900)}): number {`,
    );
    out.push(`  return input.items.filter((item) => item.size > ${rng.int(1, 64)}).length + limit;`);
    out.push('}');
  }
  return out.join('\n');
}

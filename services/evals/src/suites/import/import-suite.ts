import {
  EvalItemSchema,
  EvalSuiteSchema,
  type EvalItem,
  type EvalSuite,
  type ImportedEvalSuite,
} from '@boocontrol/contracts';
import type { calls } from '@boocontrol/contracts';
import type { z } from 'zod';
import { problemsOfItem } from '../check-suite.js';
import { gsm8kItem } from './gsm8k.js';
import { humanEvalItem } from './humaneval.js';
import { LeftOut, start } from './left-out.js';
import { mbppItem } from './mbpp.js';

type Import = z.output<typeof calls.importEvalSuite.request>;
type Item = z.input<typeof EvalItemSchema>;

const READERS: Readonly<Record<Import['format'], (line: unknown, number: number) => unknown>> = {
  jsonl: (line) => line,
  humaneval: humanEvalItem,
  mbpp: mbppItem,
  gsm8k: gsm8kItem,
};
const CATEGORIES: Readonly<Record<EvalItem['kind'], string>> = {
  coding: 'coding',
  'long-context': 'long-context',
  text: 'utility',
  tools: 'tool-calls',
};
/** Answers of models that reason are long. */
const SAMPLER = { temperature: 0, maxTokens: 8_192 };
/** Of items as JSON, a little below what a suite may have. */
const MAX_BYTES = 690_000;
const MAX_ITEMS = 5_000;
/** Lines that are told of; the answer has to fit into a message. */
const MAX_TOLD = 1_000;
const MAX_REASON = 240;

/** What became of a file: the suite, null when nothing of it is an item, and the lines that are none. */
export interface Imported {
  suite: EvalSuite | null;
  leftOut: ImportedEvalSuite['leftOut'];
}

/** Makes a suite of a file of tasks, line by line; a line that is no item is left out and said. */
export function importSuite({ format, text, name, title, licence }: Import): Imported {
  const head = { name, title, licence, category: 'utility', sampler: SAMPLER };
  const items: EvalItem[] = [];
  const ids = new Set<string>();
  const leftOut: ImportedEvalSuite['leftOut'] = [];
  let bytes = 0;
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (line.trim() === '') continue;
    try {
      const item = itemOf(READERS[format](jsonOf(line), index + 1), head);
      if (ids.has(item.id)) throw new LeftOut(`there is another item “${item.id}” before it`);
      bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
      if (bytes > MAX_BYTES || items.length === MAX_ITEMS)
        throw new LeftOut('is more than a suite holds: import it as a part of its own');
      ids.add(item.id);
      items.push(item);
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      leftOut.push({ line: index + 1, reason: start(error.message, MAX_REASON) });
    }
  }
  const category = format === 'gsm8k' ? 'math' : CATEGORIES[commonest(items)];
  const suite = items.length === 0 ? null : EvalSuiteSchema.parse({ ...head, category, items });
  return { suite, leftOut: told(leftOut) };
}

function jsonOf(line: string): unknown {
  if (line.includes('\uFFFD')) throw new LeftOut('has characters that are not UTF-8: save the file as UTF-8');
  try {
    return JSON.parse(line);
  } catch {
    throw new LeftOut('is no JSON');
  }
}

/** By the same rules as one that is saved. */
function itemOf(line: unknown, head: object): EvalItem {
  const parsed = EvalSuiteSchema.safeParse({ ...head, items: [line as Item] });
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const at = (first?.path ?? []).slice(2).map(String).join('.');
    throw new LeftOut(`is no item: ${at === '' ? '' : `${at}: `}${first?.message ?? ''}`);
  }
  const [item] = parsed.data.items;
  if (item === undefined) throw new LeftOut('is no item');
  const [problem] = problemsOfItem(item);
  if (problem !== undefined) throw new LeftOut(problem);
  return item;
}

function commonest(items: readonly EvalItem[]): EvalItem['kind'] {
  const counts = new Map<EvalItem['kind'], number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'text';
}

function told(leftOut: ImportedEvalSuite['leftOut']): ImportedEvalSuite['leftOut'] {
  const more = leftOut.length - MAX_TOLD;
  const next = leftOut[MAX_TOLD];
  return next === undefined
    ? leftOut
    : [
        ...leftOut.slice(0, MAX_TOLD),
        { line: next.line, reason: `and ${more} lines from here on that are not told of` },
      ];
}

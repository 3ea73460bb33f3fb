import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { AnswerBook } from './book.js';

/** The suites that ship with the evals service, as data. */
const FOLDER = new URL('../../../../services/evals/suites/', import.meta.url);

let known: AnswerBook | undefined;

/** What answers the shipped eval suites; read once, and empty where they are not there. */
export function shippedBook(): AnswerBook {
  known ??= new AnswerBook(itemsIn(FOLDER));
  return known;
}

function itemsIn(folder: URL): unknown[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => {
      const suite: unknown = parse(readFileSync(new URL(file, folder), 'utf8'));
      const items = typeof suite === 'object' && suite !== null && 'items' in suite ? suite.items : [];
      return Array.isArray(items) ? (items as unknown[]) : [];
    });
}

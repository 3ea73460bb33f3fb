import { isSeq, LineCounter, parseDocument, stringify, type Document } from 'yaml';
import type { SuiteForm } from './suite-form';

/** Items as they are typed: JSON, or YAML as in the files of suites. */
export type Notation = 'yaml' | 'json';

export interface ItemProblem {
  /** From 1; null: it is about all of them. */
  line: number | null;
  message: string;
}

/** What a text holds, and on which line each member of its list begins. */
export type ReadText = { value: unknown; lines: number[] } | { problem: ItemProblem };

/** YAML begins with neither of these, unless it is JSON. */
export const notationOf = (text: string): Notation => (/^\s*[[{]/.test(text) ? 'json' : 'yaml');

export function readText(text: string): ReadText {
  return notationOf(text) === 'json' ? readJson(text) : readYaml(text);
}

function readJson(text: string): ReadText {
  try {
    return { value: JSON.parse(text) as unknown, lines: linesOfItems(text) };
  } catch (error) {
    return { problem: { line: lineOfSyntax(text, error), message: 'This is not JSON from here on.' } };
  }
}

function readYaml(text: string): ReadText {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken) {
    const why = broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
    return { problem: { line: broken.linePos?.[0].line ?? null, message: `This is not YAML: ${why}.` } };
  }
  try {
    return { value: document.toJS() as unknown, lines: linesIn(document, counter) };
  } catch (error) {
    return { problem: { line: null, message: `This is not YAML: ${String(error)}` } };
  }
}

function linesIn({ contents }: Document.Parsed, counter: LineCounter): number[] {
  if (!isSeq(contents)) return [];
  return contents.items.map((item) => {
    const [start = 0] = (item as { range?: [number, number, number] | null }).range ?? [];
    return counter.linePos(start).line;
  });
}

/** The same in the other notation; null: it cannot be read. */
export function inNotation(text: string, notation: Notation): string | null {
  const read = readText(text);
  if ('problem' in read) return null;
  return notation === 'json' ? JSON.stringify(read.value, null, 2) : stringify(read.value, { lineWidth: 0 });
}

const FIELDS = [
  'name',
  'title',
  'description',
  'category',
  'licence',
  'samples',
  'system',
  'timeoutS',
] as const;
const SAMPLER = ['temperature', 'maxTokens'] as const;

/** What a whole suite says, where somebody has pasted its file; null: it is none. */
export function formIn(text: string): Partial<SuiteForm> | null {
  // Asked at every key: most texts are lists.
  if (!/^\s*\{|^items\s*:/m.test(text)) return null;
  const read = readText(text);
  if ('problem' in read || typeof read.value !== 'object' || read.value === null) return null;
  const suite = read.value as Record<string, unknown>;
  if (!Array.isArray(suite['items'])) return null;
  const sampler = (suite['sampler'] ?? {}) as Record<string, unknown>;
  const items = inNotation(JSON.stringify(suite['items']), notationOf(text)) ?? '';
  const said = (from: Record<string, unknown>, names: readonly (keyof SuiteForm)[]) =>
    names.flatMap((name) => {
      const value = from[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    });
  return { ...Object.fromEntries([...said(suite, FIELDS), ...said(sampler, SAMPLER)]), items };
}

/** JSON.parse tells a place in its message; the line is what people find. */
function lineOfSyntax(text: string, error: unknown): number | null {
  const [, line] = /line (\d+)/.exec(String(error)) ?? [];
  if (line !== undefined) return Number(line);
  const [, place] = /position (\d+)/.exec(String(error)) ?? [];
  const end = place === undefined ? text.length : Number(place);
  return text.slice(0, end).split('\n').length;
}

/** On which line each member of the outer list begins. */
export function linesOfItems(text: string): number[] {
  const lines: number[] = [];
  let [depth, line, isText] = [0, 1, false];
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\n') line += 1;
    if (isText) {
      if (char === '\\') i += 1;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '[' || char === '{') {
      if (depth === 1) lines.push(line);
      depth += 1;
    } else if (char === ']' || char === '}') depth -= 1;
  }
  return lines;
}

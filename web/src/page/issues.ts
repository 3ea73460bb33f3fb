import type { Problem } from '@boocontrol/contracts';
import { plainWords } from '../api/problem-words';
import { capital } from '../format/text';

/** What a schema complains of, as zod says it; /api tells path and message only. */
export interface Issue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  message: string;
  /** Of too_small and too_big: what is too small or too big. */
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
}

/** How people call a field, in the middle of a sentence. */
export interface FieldWords {
  /** "address": "Enter an address", "The address is …". */
  noun: string;
  /** Of a field that holds a list: one of them, "tag". */
  item?: string;
}

export interface Complaints<Field extends string> {
  fields: Partial<Record<Field, string>>;
  /** What belongs to no field; null when every complaint has one. */
  rest: string | null;
}

/**
 * The first complaint of each field as a sentence, to be shown beside it. Only this text reaches people: what a
 * validator writes for programs ("Invalid string: must match pattern …") never does.
 * @param otherwise what is said when no complaint belongs to a field
 */
export function complaints<Field extends string>(
  issues: readonly Issue[],
  words: Readonly<Record<Field, FieldWords>>,
  otherwise: string,
): Complaints<Field> {
  const fields: Partial<Record<Field, string>> = {};
  for (const issue of issues) {
    const name = String(issue.path[0] ?? '');
    if (Object.hasOwn(words, name)) fields[name as Field] ??= sentence(issue, words[name as Field]);
  }
  return { fields, rest: Object.keys(fields).length > 0 ? null : otherwise };
}

/** What /api complains of; of another refusal nothing. */
export function sentIssues({ details }: Problem): Issue[] {
  return (Array.isArray(details) ? (details as unknown[]) : []).flatMap((detail) => {
    const { path, message } = (detail ?? {}) as { path?: unknown; message?: unknown };
    return typeof path === 'string' && typeof message === 'string'
      ? [{ path: path.split('.'), message }]
      : [];
  });
}

/** What zod writes where a schema has no words of its own. */
const FOR_PROGRAMS = /^(Invalid|Too (big|small)|Unrecognized|Expected|Required)\b/;

function sentence(issue: Issue, words: FieldWords): string {
  const within = issue.path.length > 1 && words.item;
  const noun = within ? (words.item ?? words.noun) : words.noun;
  const limit = limitOf(issue, noun, words);
  if (limit) return limit;
  if (FOR_PROGRAMS.test(issue.message)) return plainWords(issue.message);
  return finished(issue.message, noun);
}

function limitOf(issue: Issue, noun: string, { item }: FieldWords): string | null {
  const list = issue.origin === 'array';
  const number = issue.origin === 'number' || issue.origin === 'int';
  if (number && issue.code === 'too_big') return `At most ${Number(issue.maximum).toLocaleString('en')}.`;
  if (number && issue.code === 'too_small') return `At least ${Number(issue.minimum).toLocaleString('en')}.`;
  if (issue.code === 'too_big' && issue.maximum !== undefined)
    return list
      ? `At most ${issue.maximum} ${item ? `${item}s` : 'entries'}.`
      : `${capital(article(noun))} has at most ${issue.maximum} characters.`;
  if (issue.code === 'too_small' && issue.origin === 'string' && Number(issue.minimum) > 1)
    return `${capital(article(noun))} has at least ${issue.minimum} characters.`;
  const missing = issue.code === 'too_small' || issue.code === 'invalid_type';
  return missing ? `Enter ${article(noun)}.` : null;
}

const article = (noun: string): string => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** A schema's own words are a piece of a sentence: "is reserved", "use an http:// address". */
function finished(piece: string, noun: string): string {
  const whole = /^(is|must|has|cannot|may)\b/.test(piece) ? `The ${noun} ${piece}` : capital(piece);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

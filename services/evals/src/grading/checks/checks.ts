import type { EvalCheck, EvalFinding } from '@boocontrol/contracts';
import { RE2JS } from 're2js';
import { isRecord, likeValue, sameMembers } from '../../values/equal.js';
import { within } from '../../values/within.js';
import { finding, shown } from '../words.js';
import { at, jsonOf } from './json-answer.js';
import { checkSchema, misfitOf } from './json-schema.js';
import { characters, lines, numbers, sentences, words } from './text-measures.js';

const MAX_MATCH_MS = 5_000;

/** A rule that cannot be used, because its expression or schema is none; its message says why. */
export class BadCheck extends Error {
  override readonly name = 'BadCheck';
}

/** Holds an answer against a rule. @throws {BadCheck} when the rule itself cannot be used */
export function findingOf(check: EvalCheck, answer: string): EvalFinding {
  const text = answer.trim();
  const wrong = usable(() => wrongWith(check, text));
  return finding(inWords(check), wrong === null, wrong === null ? null : expectedOf(check), wrong);
}

/** @throws {BadCheck} when the rule cannot be used, whatever the answer */
export function checkUsable(check: EvalCheck): void {
  usable(() => {
    if (check.check === 'matches') RE2JS.compile(check.pattern);
    if (check.check === 'json-schema') checkSchema(check.schema);
  });
}

function usable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new BadCheck(error instanceof Error ? error.message : String(error));
  }
}

/** What came instead, in words; null: the rule holds. */
function wrongWith(check: EvalCheck, text: string): string | null {
  switch (check.check) {
    case 'equals':
      return check.values.some((value) => folded(value.trim(), check) === folded(text, check)) ? null : text;
    case 'contains': {
      const missing = check.values.filter((value) => !has(text, value, check));
      return missing.length === 0 ? null : `without ${shown(missing)}`;
    }
    case 'contains-any':
      return check.values.some((value) => has(text, value, check)) ? null : text;
    case 'avoids': {
      const there = check.values.filter((value) => has(text, value, check));
      return there.length === 0 ? null : `with ${shown(there)}`;
    }
    case 'matches': {
      const expression = RE2JS.compile(check.pattern, check.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
      return within(MAX_MATCH_MS, () => expression.matcher(text).find()) ? null : text;
    }
    case 'words':
      return outside(words(text), check, 'words');
    case 'characters':
      return outside(characters(text), check, 'characters');
    case 'lines':
      return outside(lines(text), check, 'lines');
    case 'sentences':
      return outside(sentences(text), check, 'sentences');
    case 'number': {
      const last = numbers(text).at(-1);
      if (last === undefined) return `no number: ${text}`;
      // What binary fractions are off by is no difference.
      const slack = check.within + 1e-9 * Math.max(1, Math.abs(check.value));
      return Math.abs(last - check.value) <= slack ? null : String(last);
    }
    case 'json-schema':
    case 'json-value':
    case 'json-absent': {
      const json = jsonOf(text);
      return json === undefined ? `no JSON: ${text}` : wrongJson(check, json.value);
    }
  }
}

function wrongJson(
  check: Extract<EvalCheck, { check: 'json-schema' | 'json-value' | 'json-absent' }>,
  json: unknown,
): string | null {
  if (check.check === 'json-schema') return misfitOf(check.schema, json);
  const found = at(json, check.at);
  if (check.check === 'json-absent') return found === undefined ? null : shown(found.value);
  if (found === undefined) return 'no such value';
  const isSame = check.unordered ? inAnyOrder : likeValue;
  return isSame(check.equals, found.value) ? null : shown(found.value);
}

/** Like likeValue, with lists in any order wherever they are. */
function inAnyOrder(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return sameMembers(a, b, inAnyOrder);
  if (!isRecord(a) || !isRecord(b)) return likeValue(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && inAnyOrder(a[key], b[key]))
  );
}

function folded(text: string, { ignoreCase }: { ignoreCase: boolean }): string {
  const normal = text.normalize('NFC');
  return ignoreCase ? normal.toLowerCase() : normal;
}

function has(text: string, value: string, check: { ignoreCase: boolean }): boolean {
  return folded(text, check).includes(folded(value, check));
}

function outside(count: number, { min, max }: { min?: number; max?: number }, unit: string): string | null {
  const isInside = (min === undefined || count >= min) && (max === undefined || count <= max);
  return isInside ? null : `${count} ${unit}`;
}

function inWords(check: EvalCheck): string {
  switch (check.check) {
    case 'equals':
      return 'is one of the answers';
    case 'contains':
      return 'contains all';
    case 'contains-any':
      return 'contains one';
    case 'avoids':
      return 'avoids';
    case 'matches':
      return 'matches an expression';
    case 'number':
      return 'the last number';
    case 'json-schema':
      return 'fits the JSON Schema';
    case 'json-value':
      return `JSON value at ${check.at === '' ? 'the top' : check.at}`;
    case 'json-absent':
      return `no JSON value at ${check.at === '' ? 'the top' : check.at}`;
    default:
      return `number of ${check.check}`;
  }
}

function expectedOf(check: EvalCheck): string {
  switch (check.check) {
    case 'equals':
    case 'contains':
    case 'contains-any':
    case 'avoids':
      return check.values.join(' | ');
    case 'matches':
      return check.pattern;
    case 'number':
      return check.within === 0 ? String(check.value) : `${check.value} ± ${check.within}`;
    case 'json-schema':
      return shown(check.schema);
    case 'json-value':
      return shown(check.equals);
    case 'json-absent':
      return 'nothing';
    default:
      return [
        check.min === undefined ? '' : `at least ${check.min}`,
        check.max === undefined ? '' : `at most ${check.max}`,
      ]
        .filter((part) => part !== '')
        .join(', ');
  }
}

import type { CodeStep, EvalCheck } from '@boocontrol/contracts';
import { plural } from '../format/number';

const quoted = (values: readonly string[]): string => values.map((value) => `“${value}”`).join(', ');
const json = (value: unknown): string => JSON.stringify(value);

const NOUN = { words: 'word', characters: 'character', lines: 'line', sentences: 'sentence' } as const;

/** A rule as a person says it. */
export function checkWords(check: EvalCheck): string {
  switch (check.check) {
    case 'equals':
      return check.values.length === 1
        ? `It is ${quoted(check.values)}.`
        : `It is one of ${quoted(check.values)}.`;
    case 'contains':
      return check.values.length === 1
        ? `${quoted(check.values)} is in it.`
        : `All of ${quoted(check.values)} are in it.`;
    case 'contains-any':
      return `At least one of ${quoted(check.values)} is in it.`;
    case 'avoids':
      return `None of ${quoted(check.values)} is in it.`;
    case 'matches':
      return `It fits the expression ${check.pattern}`;
    case 'words':
    case 'characters':
    case 'lines':
    case 'sentences': {
      const noun = NOUN[check.check];
      const { min, max } = check;
      if (min !== undefined && max !== undefined)
        return min === max
          ? `It has exactly ${plural(min, noun)}.`
          : `It has ${min} to ${plural(max, noun)}.`;
      if (max !== undefined) return `It has at most ${plural(max, noun)}.`;
      return `It has at least ${plural(min ?? 0, noun)}.`;
    }
    case 'number':
      return `Its last number is ${check.value}${check.within > 0 ? `, give or take ${check.within}` : ''}.`;
    case 'json-schema':
      return `It is JSON that fits the schema ${json(check.schema)}`;
    case 'json-value':
      return `In its JSON, ${check.at === '' ? 'the whole' : check.at} is ${json(check.equals)}${check.unordered ? ', in any order' : ''}.`;
    case 'json-absent':
      return `In its JSON there is no ${check.at}.`;
  }
}

/** A step of a test, as code reads: "join([[1,3]]) is [[1,3]]". */
export function stepWords(step: CodeStep): string {
  const on = step.do !== 'new' && step.on !== undefined ? `${step.on}.` : '';
  const given = step.do === 'get' ? '' : `(${step.args.map(json).join(', ')})`;
  const called = `${step.do === 'new' ? 'new ' : ''}${on}${step.name}${given}`;
  const kept = 'as' in step && step.as !== undefined ? `${step.as} = ` : '';
  if (step.throws !== undefined)
    return `${kept}${called} fails${step.throws === '*' ? '' : ` with ${step.throws}`}`;
  return 'expect' in step && step.expect !== undefined
    ? `${kept}${called} is ${json(step.expect)}`
    : `${kept}${called}`;
}

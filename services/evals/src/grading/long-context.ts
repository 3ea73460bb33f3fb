import type { EvalFinding, LongContextItem } from '@boocontrol/contracts';
import { hiddenIn } from '../asking/long-context/needles.js';
import { numbers } from './checks/text-measures.js';
import { finding } from './words.js';

/** Whether what was hidden has been found; needs nothing but the item. */
export function longContextFinding(item: LongContextItem, answer: string): EvalFinding {
  const { expected, question } = hiddenIn(item);
  switch (expected.what) {
    case 'codes': {
      const said = new Set(answer.match(/(?<!\d)\d{5}(?!\d)/g));
      const isRight = said.size === expected.codes.length && expected.codes.every((code) => said.has(code));
      return finding(question, isRight, expected.codes.join(', '), answer.trim());
    }
    case 'count': {
      const isRight = numbers(answer).at(-1) === expected.count;
      return finding(question, isRight, String(expected.count), answer.trim());
    }
    case 'name': {
      const has = (name: string) => answer.toLowerCase().includes(name.toLowerCase());
      const isRight = has(expected.name) && !expected.others.some(has);
      return finding(question, isRight, expected.name, answer.trim());
    }
  }
}

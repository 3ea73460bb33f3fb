import type { EvalEstimate, EvalItem, EvalKind, EvalOutcome, EvalSuiteHead } from '@boocontrol/contracts';
import { count } from '../format/number';

/** What became of a sample: a colour, a sign and words, so that none of them is needed alone. */
interface OutcomeView {
  sign: string;
  word: string;
  /** Classes of its square. */
  look: string;
  /** Of a sentence in the legend. */
  means: string;
}

export const OUTCOMES: readonly EvalOutcome[] = [
  'passed',
  'failed',
  'timeout',
  'oom',
  'refused',
  'invalid',
  'harness_error',
];

export const OUTCOME: Readonly<Record<EvalOutcome, OutcomeView>> = {
  passed: {
    sign: '✓',
    word: 'passed',
    look: 'border-ready/60 bg-ready/20 text-ready',
    means: 'everything that was checked held',
  },
  failed: {
    sign: '✗',
    word: 'failed',
    look: 'border-error/60 bg-error/15 text-error',
    means: 'a wrong answer, or none that could be used',
  },
  timeout: {
    sign: 'T',
    word: 'timeout',
    look: 'border-busy/60 bg-busy/15 text-busy',
    means: 'its code took too long; counts as not passed',
  },
  oom: {
    sign: 'M',
    word: 'out of memory',
    look: 'border-busy/60 bg-busy/15 text-busy',
    means: 'its code took too much memory; counts as not passed',
  },
  refused: {
    sign: 'R',
    word: 'refused',
    look: 'border-own/60 bg-own/15 text-own',
    means: 'the model would not answer; counts as not passed',
  },
  invalid: {
    sign: '?',
    word: 'invalid',
    look: 'border-line-strong border-dashed bg-s2 text-fg2',
    means: 'it was not asked what was meant (its context was too small); counts for nothing',
  },
  harness_error: {
    sign: '!',
    word: 'our fault',
    look: 'border-line-strong border-dashed bg-s2 text-fg2',
    means: 'our own machinery failed; counts for nothing',
  },
};

export const KIND: Readonly<Record<EvalKind, string>> = {
  coding: 'code',
  'long-context': 'long text',
  text: 'short answer',
  tools: 'function calls',
};

export const ORIGIN: Readonly<Record<EvalSuiteHead['origin'], string>> = {
  builtin: 'built in',
  file: 'from a file',
  stored: 'made here',
};

/** "78 %": of a share from 0 to 1. Rounded so that only all are 100 and only none are 0. */
export function share(value: number): string {
  const percent = 100 * value;
  const rounded = Math.round(percent);
  if (rounded === 100 && value < 1) return '>99 %';
  if (rounded === 0 && value > 0) return '<1 %';
  return `${rounded} %`;
}

/** "70 to 85 %" */
export const between = ({ low, high }: Pick<EvalEstimate, 'low' | 'high'>): string =>
  `${Math.round(100 * low)} to ${Math.round(100 * high)} %`;

/** "1", "2 to 4": places that are shared are said so. */
export const rankWords = ({ from, to }: { from: number; to: number }): string =>
  from === to ? count(from) : `${count(from)} to ${count(to)}`;

/** "+9 points", "−12 points": of two shares. */
export function points(difference: number): string {
  const rounded = Math.round(100 * difference);
  return `${rounded > 0 ? '+' : rounded < 0 ? '−' : '±'}${Math.abs(rounded)}`;
}

/** "p = 0.03", "p < 0.001" */
export const pWords = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`);

/** The first line of what an item asks. */
export function askedIn(item: EvalItem): string {
  switch (item.kind) {
    case 'coding':
    case 'text':
      return item.prompt;
    case 'tools':
      return item.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    case 'long-context':
      return `${LONG_TASK[item.task]} in ${count(item.tokens)} tokens, at ${Math.round(100 * item.depth)} % of their depth`;
  }
}

const LONG_TASK = {
  single: 'One fact',
  'multi-key': 'One fact among others like it',
  'multi-value': 'All values of one key',
  aggregate: 'How often something is said',
} as const;

/** What the figures of a run mean, a sentence each. */
export const SCORE_MEANS = {
  pass1: 'how many of the items one try passes, on average',
  passAtK: (k: number) => `how many items at least one of ${k} tries passes: what it can do at all`,
  passHatK: (k: number) => `how many items all of ${k} tries pass: what one can rely on`,
} as const;

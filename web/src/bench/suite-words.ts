import type { BenchSuite, Suite } from '@boocontrol/contracts';
import { count, plural } from '../format/number';

/** The suites that came with the program, for somebody who has never measured anything. */
const PRESETS: Readonly<Record<string, { title: string; text: string }>> = {
  quick: {
    title: 'A quick look',
    text: 'How soon an answer begins and how fast it is written, with a short and a long question, alone and with four at once. Two minutes at most.',
  },
  chat: {
    title: 'Chat',
    text: 'Questions of some length and answers of a screen, as in a conversation, with one to four people at once.',
  },
  'coding-agent': {
    title: 'Coding agent',
    text: 'A long conversation that the host still has in its cache, a thousand new tokens, a short answer: what an editor’s agent sends all day.',
  },
  users: {
    title: 'How many users',
    text: 'More and more people at once, until more of them gain nothing: where the host is full, and what each of them gets then.',
  },
  'llama-bench': {
    title: 'As llama-bench does',
    text: 'Reading 512 tokens and writing 128 without a chat template, with nothing and with 4,096 tokens before: figures to hold beside those of others.',
  },
};

export function suiteWords({ name, origin, suite }: Pick<BenchSuite, 'name' | 'origin' | 'suite'>): {
  title: string;
  text: string;
} {
  const preset = origin === 'builtin' ? PRESETS[name] : undefined;
  return preset ?? { title: name, text: suite.description || planWords(suite) };
}

const list = (values: readonly number[]): string => values.map((each) => count(each)).join(', ');

/** "closed: 1, 4 at once" */
export function loadPlan({ load }: Pick<Suite, 'load'>): string {
  switch (load.kind) {
    case 'closed':
      return `${list(load.concurrency)} at once`;
    case 'open':
      return `${load.ratePerS.join(', ')} a second, ${load.arrivals === 'poisson' ? 'as chance has it' : 'evenly'}`;
    case 'search':
      return `the highest rate within the limits, ${load.fromPerS} to ${load.toPerS} a second`;
    case 'replay':
      return `${plural(load.requests.length, 'recorded request')}${load.speed === 1 ? '' : `, ${load.speed} times as fast`}`;
  }
}

/** A suite in a line. */
export function planWords(suite: Suite): string {
  const { promptTokens, outputTokens, depth, repetitions, cache, load } = suite;
  return [
    ...(load.kind === 'replay' ? [] : [`${list(promptTokens)} in`, `${list(outputTokens)} out`]),
    ...(depth.some((each) => each > 0) ? [`after ${list(depth)} cached`] : []),
    loadPlan(suite),
    plural(repetitions, 'repetition'),
    ...(cache === 'warm' ? ['warm cache'] : []),
  ].join('; ');
}

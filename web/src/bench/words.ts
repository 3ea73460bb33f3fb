import type { BenchCell, BenchRun, CellLoad, CellSpec, Pollution, Verdict } from '@boocontrol/contracts';
import { count, plural } from '../format/number';
import type { StateView } from '../runs/run-words';

/** How many cells a run that has ended did not come to; null: some, and only a search knows how many. 0: none. */
export function unmeasured({
  state,
  cellsDone,
  cellsTotal,
}: Pick<BenchRun, 'state' | 'cellsDone' | 'cellsTotal'>): number | null {
  if (cellsTotal === null) return state === 'succeeded' ? 0 : null;
  return Math.max(0, cellsTotal - cellsDone);
}

export const CELL_STATE: Readonly<Record<BenchCell['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  measured: 'measured',
  partial: 'not to its end',
  skipped: 'left out',
};

export const VERDICT: Readonly<Record<Verdict, StateView>> = {
  regressed: { tone: 'error', word: 'regressed' },
  improved: { tone: 'ready', word: 'improved' },
  same: { tone: 'neutral', word: 'same' },
  inconclusive: { tone: 'busy', word: 'inconclusive' },
  no_baseline: { tone: 'down', word: 'no baseline' },
};

/** As the contracts say them, in the words of somebody who reads a figure. */
export const POLLUTED: Readonly<Record<Pollution, string>> = {
  cached: 'part of the prompt was in the cache of the host, though it was to be cold: TTFT is too good',
  not_cached: 'what was to be in the cache of the host was not: TTFT is too bad',
  prompt_length: 'the prompt was more than 2 % off the length that was asked for',
  answer_length: 'the answer was shorter or longer than asked for',
  host_disagrees: 'our speed of generation and the host’s own are more than 10 % apart',
  sent_late: 'requests left later than they were due: the measuring machine could not keep up',
};

/** "alone", "4 at once", "2 a second" */
export function loadWords(load: CellLoad): string {
  if (load.kind === 'closed') return load.concurrency === 1 ? 'alone' : `${count(load.concurrency)} at once`;
  if (load.kind === 'open')
    return `${load.ratePerS} a second${load.arrivals === 'constant' ? ', evenly' : ''}`;
  return load.speed === 1 ? 'as recorded' : `as recorded, ${load.speed} times as fast`;
}

/** "400 in, 100 out", "1,000 in, 150 out, 8,000 cached" */
export const shapeWords = ({ promptTokens, outputTokens, depth }: Omit<CellSpec, 'load'>): string =>
  [
    `${count(promptTokens)} in`,
    `${count(outputTokens)} out`,
    ...(depth > 0 ? [`${count(depth)} cached`] : []),
  ].join(', ');

export const cellWords = (spec: CellSpec): string => `${shapeWords(spec)}; ${loadWords(spec.load)}`;

/** What speaks against the figures of a run; empty: nothing does. */
export function taints({ contaminated, polluted }: Pick<BenchRun, 'contaminated' | 'polluted'>): string[] {
  return [
    ...(contaminated > 0 ? [plural(contaminated, 'cell contaminated', 'cells contaminated')] : []),
    ...(polluted > 0 ? [plural(polluted, 'cell polluted', 'cells polluted')] : []),
  ];
}

/** "8 % slower" is for people: "−8 %"; null: there is nothing to divide by. */
export function changeWords(ratio: number | null): string | null {
  if (ratio === null) return null;
  const percent = Math.round((ratio - 1) * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}

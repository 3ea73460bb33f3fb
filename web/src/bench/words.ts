import type {
  BenchCell,
  BenchRun,
  BenchRunState,
  CellLoad,
  CellSpec,
  Contamination,
  Pollution,
  Problem,
  Verdict,
} from '@boocontrol/contracts';
import { count, plural } from '../format/number';
import type { Tone } from '../ui/tone';

interface StateView {
  tone: Tone;
  word: string;
}

export const RUN_STATE: Readonly<Record<BenchRunState, StateView>> = {
  queued: { tone: 'neutral', word: 'waiting for its turn' },
  running: { tone: 'own', word: 'running' },
  succeeded: { tone: 'ready', word: 'done' },
  failed: { tone: 'error', word: 'failed' },
  cancelled: { tone: 'down', word: 'cancelled' },
  interrupted: { tone: 'busy', word: 'interrupted' },
};

export const isOpen = ({ state }: Pick<BenchRun, 'state'>): boolean =>
  state === 'queued' || state === 'running';

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

const CONTAMINATION: Readonly<Record<Contamination['kind'], string>> = {
  foreign_request: 'somebody else’s request',
  swap: 'the model went or came',
  other_model: 'another model was loaded or went',
  throttled: 'a GPU was throttled',
};
export const contaminationWords = ({ kind, what }: Contamination): string =>
  what === '' ? CONTAMINATION[kind] : `${CONTAMINATION[kind]}: ${what}`;

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

/** "about 40 s", "about 3 min", "about 2 h 10 min" */
export function aboutWords(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

/** What the button says that does it in spite of a refusal. */
export const insistVerb = ({ code }: Pick<Problem, 'code'>): string =>
  code === 'host_leased' || code === 'bench_in_progress' ? 'Take over and measure' : 'Measure anyway';

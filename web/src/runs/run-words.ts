import type { Contamination, JobState } from '@boocontrol/contracts';
import type { Tone } from '../ui/tone';

/** What is said of runs of every kind. */

export interface StateView {
  tone: Tone;
  word: string;
}

export const RUN_STATE: Readonly<Record<JobState, StateView>> = {
  queued: { tone: 'neutral', word: 'waiting for its turn' },
  running: { tone: 'own', word: 'running' },
  succeeded: { tone: 'ready', word: 'done' },
  failed: { tone: 'error', word: 'failed' },
  cancelled: { tone: 'down', word: 'cancelled' },
  interrupted: { tone: 'busy', word: 'interrupted' },
};

export const isOpen = ({ state }: { state: JobState }): boolean => state === 'queued' || state === 'running';

const CONTAMINATION: Readonly<Record<Contamination['kind'], string>> = {
  foreign_request: 'somebody else’s request',
  swap: 'the model went or came',
  other_model: 'another model was loaded or went',
  throttled: 'a GPU was throttled',
};
export const contaminationWords = ({ kind, what }: Pick<Contamination, 'kind' | 'what'>): string =>
  what === '' ? CONTAMINATION[kind] : `${CONTAMINATION[kind]}: ${what}`;

/** "about 40 s", "about 3 min", "about 2 h 10 min" */
export function aboutWords(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

import type { Action } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { duration, spoken } from '../format/number';
import type { Tone } from '../ui/tone';

/** What an action is about; a request and an action both say it. */
type Subject = Pick<Action, 'kind'> & Partial<Pick<Action, 'model' | 'profile'>>;

interface Words {
  /** What the button says: "Load gpt-oss-20b". */
  verb: string;
  /** While it is done: "Loading gpt-oss-20b". */
  doing: string;
  /** "gpt-oss-20b is loaded" */
  done: string;
  /** "gpt-oss-20b was not loaded" */
  notDone: string;
}

/** An action in words, for the beginning of a sentence. */
export function actionWords({ kind, model = null, profile = null }: Subject): Words {
  const name = model ?? 'the model';
  switch (kind) {
    case 'warm':
      return {
        verb: `Load ${name}`,
        doing: `Loading ${name}`,
        done: `${name} is loaded`,
        notDone: `${name} was not loaded`,
      };
    case 'unload':
      return {
        verb: `Unload ${name}`,
        doing: `Unloading ${name}`,
        done: `${name} is unloaded`,
        notDone: `${name} was not unloaded`,
      };
    case 'unload-all':
      return {
        verb: 'Unload all models',
        doing: 'Unloading all models',
        done: 'All models are unloaded',
        notDone: 'The models were not unloaded',
      };
    case 'profile':
      return profile === null
        ? {
            verb: 'Switch the profile off',
            doing: 'Switching the profile off',
            done: 'No profile is active',
            notDone: 'The profile was not switched off',
          }
        : {
            verb: `Switch to profile ${profile}`,
            doing: `Switching to profile ${profile}`,
            done: `Profile ${profile} is active`,
            notDone: `The profile was not switched to ${profile}`,
          };
    case 'cancel':
      return {
        verb: 'Cancel the request',
        doing: 'Cancelling a request',
        done: 'The request was cancelled',
        notDone: 'The request was not cancelled',
      };
  }
}

/** "unload gpt-oss-20b", for the middle of a sentence. */
export const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

interface StateView {
  tone: Tone;
  word: string;
}

export const STATES: Readonly<Record<Action['state'], StateView>> = {
  queued: { tone: 'neutral', word: 'waiting' },
  started: { tone: 'busy', word: 'running' },
  succeeded: { tone: 'ready', word: 'done' },
  failed: { tone: 'error', word: 'failed' },
  skipped: { tone: 'down', word: 'skipped' },
  cancelled: { tone: 'down', word: 'taken back' },
  outcome_unknown: { tone: 'busy', word: 'outcome unknown' },
};

/** How long it ran, in milliseconds; null: it never started, or runs still. */
export const ranMs = ({ startedAt, endedAt }: Pick<Action, 'startedAt' | 'endedAt'>): number | null =>
  startedAt === null || endedAt === null ? null : Math.max(0, instantToMs(endedAt) - instantToMs(startedAt));

interface Ending {
  text: string;
  /** It did not do what was asked for; what was taken back was meant to be. */
  failed: boolean;
}

/** What became of an action that has ended, as one or two sentences. @param host what people call its host */
export function endingWords(action: Action, host: string): Ending {
  const { verb, done, notDone } = actionWords(action);
  const reason = action.reason ? ` ${action.reason.message}` : '';
  switch (action.state) {
    case 'succeeded': {
      const ms = ranMs(action);
      const took = ms === null || ms < 1000 ? '' : `, after ${spoken(duration(ms))}`;
      return { text: `${done} on ${host}${took}.${reason}`, failed: false };
    }
    case 'cancelled':
      return { text: `“${verb}” on ${host} was taken back.${reason}`, failed: false };
    case 'outcome_unknown':
      return { text: `“${verb}” on ${host}: what became of it is not known.${reason}`, failed: true };
    case 'skipped':
      return { text: `${notDone} on ${host}: it was skipped.${reason}`, failed: true };
    default:
      return { text: `${notDone} on ${host}.${reason}`, failed: true };
  }
}

/** How far a running action is, beside the time that it takes; '' when there is nothing to tell. */
export function progressWords({ kind, progress }: Pick<Action, 'kind' | 'progress'>): string {
  const isWaiting = kind === 'warm' && progress?.modelState === 'stopped';
  return [isWaiting ? 'waits for its host' : progress?.modelState, progress?.note].filter(Boolean).join(': ');
}

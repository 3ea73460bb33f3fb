import type { Action, Problem } from '@boocontrol/contracts';
import type { HostError, Refusal } from '@boocontrol/llama-swap';
import { wish } from './asked.js';

/** How an action that was begun ends. */
export interface Ending {
  state: 'succeeded' | 'failed' | 'outcome_unknown';
  reason: Problem | null;
}

export const SUCCEEDED: Ending = { state: 'succeeded', reason: null };

const failed = (code: string, message: string): Ending => ({ state: 'failed', reason: { code, message } });

/**
 * What a refusal of the host makes of an action.
 * @param label what people call the host
 * @returns null: it does not tell, the host has to be looked at
 */
export function endingOfRefusal(
  action: Pick<Action, 'model' | 'profile'>,
  label: string,
  { reason, detail }: Refusal,
): Ending | null {
  const { model, profile } = action;
  switch (reason) {
    case 'unknown_model':
      return failed(reason, `${label} has no model "${model}" any more. Its page lists those that it has.`);
    case 'unknown_profile':
      return failed(reason, `${label} has no profile "${profile}". Look at its configuration.`);
    case 'unknown_request':
      return failed(reason, 'The request had ended before it could be cancelled.');
    case 'not_offered':
      return failed(reason, `The llama-swap of ${label} cannot do this. A later version may.`);
    case 'failed_to_start': {
      const words = detail === '' ? '' : ` It says: ${detail.replace(/\.$/, '')}.`;
      return failed(reason, `${label} could not load ${model}.${words} Its log tells more.`);
    }
    case 'unloaded':
      return failed(
        reason,
        `${model} was stopped by somebody else while it was loading. Ask again if it is still wanted.`,
      );
    case 'not_ready':
    case 'model_not_answering':
    case 'busy':
      return null;
  }
}

/** The same for an error; only those that leave no doubt that the host did nothing end an action. */
export function endingOfError({ code, message }: HostError): Ending | null {
  return code === 'unauthorized' || code === 'dns' || (code === 'refused' && /ECONNREFUSED/.test(message))
    ? failed(code, message)
    : null;
}

/** Why nobody knows at first what became of an action. */
export type Doubt =
  /** The process that asked the host is gone, or was held up for too long. */
  | { kind: 'interrupted' }
  /** The host did not answer, or not with what was expected. */
  | { kind: 'no_answer'; error: HostError | null };

/** In words: the beginning of a reason. */
export function doubtful(doubt: Doubt, action: Pick<Action, 'kind' | 'model' | 'profile'>): string {
  if (doubt.kind === 'interrupted') return 'The service was interrupted while this was under way.';
  if (doubt.error === null || doubt.error.code === 'reset')
    return `The host was asked to ${wish(action)}, and its answer was lost.`;
  if (doubt.error.code === 'timeout')
    return `The host was asked to ${wish(action)} and did not answer in time.`;
  return doubt.error.message;
}

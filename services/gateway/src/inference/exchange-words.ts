import type { RouteAttempt } from '@boocontrol/contracts';
import type { Failure } from './attempt.js';
import type { OwnError } from './client-answer.js';
import type { Choice, Target } from './parts.js';

export const NOBODY: OwnError = {
  status: 503,
  code: 'no_candidate',
  message: 'No host can take the request at the moment.',
  retryAfterS: 10,
};

/** What the client is told when every host that was asked has failed, and none said anything that can be passed on. */
export function noAnswer({ outcome, message }: Failure, attempts: readonly RouteAttempt[]): OwnError {
  const hosts = [...new Set(attempts.map(({ providerId }) => providerId))].join(', ');
  const told = `No host gave an answer (asked: ${hosts}). The last one ${message}.`;
  return outcome === 'timeout'
    ? { status: 504, code: 'upstream_timeout', message: told, retryAfterS: 10 }
    : { status: 502, code: 'upstream_error', message: told, retryAfterS: 10 };
}

/**
 * Which host answers, and why, in headers.
 * @param place of the attempt, from 1
 * @param before why another host did not answer; null: this is the first
 */
export function introduction(
  { policy, candidates }: Choice,
  { providerId, model }: Target,
  place: number,
  before: string | null,
): Record<string, string> {
  const { score = null, quality } =
    candidates.find((each) => each.providerId === providerId && each.model === model) ?? {};
  const isGuess = quality === 'guessed' ? ', quality guessed' : '';
  const chosen = score === null ? 'named' : `score ${score.toFixed(2)}${isGuess}`;
  return {
    'x-boo-provider': providerId,
    'x-boo-model': model,
    'x-boo-policy': policy === null ? 'direct' : policy.name,
    'x-boo-attempts': String(place),
    'x-boo-reason': before === null ? chosen : `${chosen}; before: ${before}`,
  };
}

import type { RouteAttempt, RouteFact, RouteFilter, RouteTerms } from '@boocontrol/contracts';
import type { Tone } from '../ui/tone';

interface Words {
  tone: Tone;
  text: string;
}

const OUTCOME: Readonly<Record<RouteFact['outcome'], Words>> = {
  succeeded: { tone: 'ready', text: 'answered' },
  failed: { tone: 'error', text: 'failed' },
  incomplete: { tone: 'error', text: 'cut off' },
  client_left: { tone: 'down', text: 'client left' },
  refused: { tone: 'error', text: 'refused' },
};

/** What became of a request, in a word or two. */
export const outcomeWords = ({ outcome }: Pick<RouteFact, 'outcome'>): Words => OUTCOME[outcome];

const ATTEMPT: Readonly<Record<RouteAttempt['outcome'], Words>> = {
  answered: { tone: 'ready', text: 'answered' },
  refused: { tone: 'error', text: 'no connection' },
  reset: { tone: 'error', text: 'broke off' },
  timeout: { tone: 'error', text: 'said nothing in time' },
  status: { tone: 'error', text: 'an error' },
  incomplete: { tone: 'error', text: 'cut off' },
  abandoned: { tone: 'down', text: 'was left' },
};

/** What became of one attempt, with its HTTP status where that says more. */
export function attemptWords({ outcome, status }: Pick<RouteAttempt, 'outcome' | 'status'>): Words {
  const { tone, text } = ATTEMPT[outcome];
  if (outcome === 'answered' && (status ?? 0) >= 400)
    return { tone: 'error', text: `answered ${status ?? ''}` };
  return { tone, text: outcome === 'status' && status !== null ? `answered ${status}` : text };
}

const FILTER: Readonly<Record<RouteFilter, string>> = {
  offline: 'offline',
  unhealthy: 'failed too often',
  disabled: 'switched off',
  maintenance: 'in maintenance',
  leased: 'leased',
  load_failed: 'load failed',
  context_too_long: 'context too short',
  capability_missing: 'not made for it',
  key_forbidden: 'key forbids it',
  policy_excludes: 'policy leaves it out',
  too_expensive: 'too expensive',
};
export const filterWords = (filter: RouteFilter): string => FILTER[filter];

/** The parts of a score in the order they are shown in. */
export const TERMS = [
  'quality',
  'speed',
  'readiness',
  'load',
  'affinity',
  'price',
] as const satisfies readonly (keyof RouteTerms)[];

/** Who decided: the policy with its version, or the client by naming a model. */
export const deciderWords = ({ policy }: Pick<RouteFact, 'policy'>): string =>
  policy === null ? 'none: the client named the model' : `${policy.name}, version ${policy.version}`;

/** The candidate that was asked first; undefined: nobody was asked. */
export function chosenOf({ candidates, attempts }: Pick<RouteFact, 'candidates' | 'attempts'>) {
  // They are in the order in which they ended, which is not that of their beginning when two hosts were asked at once.
  const [first] = attempts.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return first === undefined
    ? undefined
    : candidates.find(({ providerId, model }) => providerId === first.providerId && model === first.model);
}

/** Why the first host was asked first, as a sentence. */
export function choiceWords(fact: Pick<RouteFact, 'policy' | 'candidates' | 'attempts' | 'error'>): string {
  const chosen = chosenOf(fact);
  if (fact.attempts.length === 0) return fact.error?.message ?? 'Nobody was asked.';
  const others = fact.candidates.filter(({ filter }) => filter === null).length - 1;
  if (chosen === undefined) return 'The record does not have it among its candidates: it keeps 64 of them.';
  if (chosen.filter !== null)
    return `${chosen.why ?? 'Something stood against it.'} The client named it, so it was asked all the same.`;
  if (others <= 0) return 'Nobody else could have taken it.';
  const many = others === 1 ? 'one other' : `${others} others`;
  return chosen.score === null
    ? `It came before ${many}: loaded first, then least busy.`
    : `It had a higher score than ${many} that could have taken it.`;
}

import { nameOfPolicy } from '@boocontrol/client';
import type { GatewayErrorCode, RouteFilter, RoutePolicy } from '@boocontrol/contracts';
import type { Refusal } from '../inference/parts.js';
import { retryAfterS, sentenceOf, type Circumstances, type LeftOut } from './reasons.js';

type Code = Extract<
  GatewayErrorCode,
  | 'model_not_found'
  | 'provider_offline'
  | 'provider_unhealthy'
  | 'provider_disabled'
  | 'host_leased'
  | 'context_too_long'
  | 'key_forbidden'
  | 'no_candidate'
  | 'bad_request'
>;

/** HTTP status of what the decision refuses with. */
const STATUS: Readonly<Record<Code, number>> = {
  bad_request: 400,
  context_too_long: 400,
  key_forbidden: 403,
  model_not_found: 404,
  provider_disabled: 409,
  host_leased: 409,
  no_candidate: 503,
  provider_offline: 503,
  provider_unhealthy: 503,
};

const CODE_OF: Readonly<Record<RouteFilter, Code>> = {
  offline: 'provider_offline',
  unhealthy: 'provider_unhealthy',
  load_failed: 'provider_unhealthy',
  disabled: 'provider_disabled',
  maintenance: 'provider_disabled',
  leased: 'host_leased',
  context_too_long: 'context_too_long',
  capability_missing: 'bad_request',
  key_forbidden: 'key_forbidden',
  policy_excludes: 'no_candidate',
  too_expensive: 'no_candidate',
};

export function refusal(
  code: Code,
  message: string,
  {
    policy = null,
    retryAfterS: after = null,
  }: { policy?: RoutePolicy | null; retryAfterS?: number | null } = {},
): Refusal {
  return { code, status: STATUS[code], message, retryAfterS: after, policy, candidates: [] };
}

/** Nobody lists what was asked for. */
export function notFound(name: string, known: string): Refusal {
  return refusal('model_not_found', `There is no model "${shown(name)}". ${known}`);
}

export function unknownPolicy(policy: string, names: readonly string[]): Refusal {
  const there = names.map(nameOfPolicy).join(', ');
  return refusal(
    'model_not_found',
    `There is no policy "${shown(policy)}". Ask for one of these: ${there}; or for a model of GET /v1/models.`,
  );
}

/** All that could have served it was left out. */
export function nobody(leftOut: readonly LeftOut[], circumstances: Circumstances): Refusal {
  const { policy, ask } = circumstances;
  const told = leftOut.filter(({ filter }) => filter !== 'policy_excludes');
  const [first] = told;
  if (first === undefined) {
    const words =
      leftOut.length === 0 ? 'No host lists a model.' : `It leaves all ${leftOut.length} models out.`;
    return refusal('no_candidate', `Nothing can serve ${shown(ask.model)}. ${words}`, { policy });
  }
  const kinds = new Map<RouteFilter, number>();
  let after: number | null = null;
  for (const one of told) {
    kinds.set(one.filter, (kinds.get(one.filter) ?? 0) + 1);
    const own = kinds.get(one.filter) === 1 ? retryAfterS(one, circumstances) : null;
    if (own !== null && (after === null || own < after)) after = own;
  }
  const options = { policy, retryAfterS: after };
  const codes = new Set([...kinds.keys()].map((filter) => CODE_OF[filter]));
  const code = codes.size === 1 ? CODE_OF[first.filter] : 'no_candidate';
  const sentence = sentenceOf(first, circumstances);
  if (told.length === 1) return refusal(code, sentence, options);
  const counts = [...kinds].map(([filter, count]) => `${count} × ${filter}`).join(', ');
  return refusal(
    code,
    `Nothing can serve ${shown(ask.model)} now: ${counts}. ${sentence} POST /api/routing/explain says it of each.`,
    options,
  );
}

/** A name that may be anything, for a message. */
export const shown = (name: string): string =>
  name.length > 120 ? `${name.slice(0, 120)}…` : name.replace(/[\p{Cc}\p{Cs}]/gu, '?');

import type { ApiKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { compact, count } from '../format/number';
import { span } from '../format/time';
import type { Reading } from '../ui/reading';
import type { Tone } from '../ui/tone';

export const KEY_STATES = ['active', 'expired', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export const TONE: Record<KeyState, Tone> = { active: 'ready', expired: 'busy', revoked: 'down' };

/** Whether it lets anybody in. */
export function keyState({ disabledAt, expiresAt }: ApiKey, nowMs: number): KeyState {
  if (disabledAt !== null) return 'revoked';
  return expiresAt !== null && instantToMs(expiresAt) <= nowMs ? 'expired' : 'active';
}

/** "in 12 d", "3 h ago", "never". */
export function expiryText(expiresAt: string | null, nowMs: number): string {
  if (expiresAt === null) return 'never';
  const leftMs = instantToMs(expiresAt) - nowMs;
  return leftMs > 0 ? `in ${span(leftMs)}` : `${span(-leftMs)} ago`.replace('now ago', 'now');
}

const HIGH = 0.8;

/** The month's tokens on the scale of the budget; null: there is none. */
export function budgetReading({ tokensThisMonth: used, monthlyTokens: budget }: ApiKey): Reading | null {
  if (budget === null) return null;
  const share = used / budget;
  const level = share >= 1 ? 'critical' : share >= HIGH ? 'high' : 'normal';
  return { value: compact(used), unit: `of ${compact(budget)}`, fraction: Math.min(1, share), level };
}

/** "12,345 of 50,000,000 tokens, 0%" */
export function budgetText({ tokensThisMonth: used, monthlyTokens: budget }: ApiKey): string {
  if (budget === null) return `${count(used)} tokens, no limit`;
  return `${count(used)} of ${count(budget)} tokens, ${Math.floor((100 * used) / budget)}%`;
}

/** Its limits, shortest first: "60/min", "200K tok/min", "4 at once"; empty: none. */
export function limitsOf({ requestsPerMinute, tokensPerMinute, concurrentRequests }: ApiKey): string[] {
  return [
    ...(requestsPerMinute === null ? [] : [`${compact(requestsPerMinute)}/min`]),
    ...(tokensPerMinute === null ? [] : [`${compact(tokensPerMinute)} tok/min`]),
    ...(concurrentRequests === null ? [] : [`${compact(concurrentRequests)} at once`]),
  ];
}

/** What it may use, in a line; empty lists are "all". */
export const listText = (list: readonly string[]): string => (list.length === 0 ? 'all' : list.join(', '));

export const limitText = (limit: number | null): string => (limit === null ? 'no limit' : count(limit));

export const lastUseMs = ({ lastUsedAt }: ApiKey): number | null =>
  lastUsedAt === null ? null : instantToMs(lastUsedAt);

/** Keys in which every typed word is, and of this state; null: of any. */
export function filterKeys(
  keys: readonly ApiKey[],
  text: string,
  state: KeyState | null,
  nowMs: number,
): readonly ApiKey[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return keys.filter((key) => {
    const its = keyState(key, nowMs);
    if (state !== null && its !== state) return false;
    const hay = [key.name, key.label, ...key.models, ...key.policies, its].join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

export const readState = (text: string | null): KeyState | null =>
  KEY_STATES.find((state) => state === text) ?? null;

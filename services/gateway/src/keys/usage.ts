import type { Instant, RouteFact } from '@boocontrol/contracts';
import { laterOf } from '@boocontrol/fleet-model';
import type { Usage } from './key-doorkeeper.js';

/** As the ids of keys are; facts of others may name anything. */
const KEY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface CountedUsage extends Usage {
  /** Of the newest request. */
  lastAt: Instant;
}

/** What requests took, by key and month: the whole prompt, whatever the cache had, and the output. */
export function usageOf(facts: readonly RouteFact[]): CountedUsage[] {
  const counted = new Map<string, CountedUsage>();
  for (const { keyId, at, promptTokens, outputTokens } of facts) {
    if (keyId === null || !KEY_ID.test(keyId)) continue;
    const month = at.slice(0, 7);
    const key = `${keyId} ${month}`;
    const before = counted.get(key);
    const tokens = (promptTokens ?? 0) + (outputTokens ?? 0);
    counted.set(key, {
      keyId,
      month,
      tokens: (before?.tokens ?? 0) + tokens,
      lastAt: laterOf(before?.lastAt ?? at, at),
    });
  }
  return [...counted.values()];
}

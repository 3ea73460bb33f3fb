import type { Suite } from '@boocontrol/contracts';
import { estimateRequests } from '@boocontrol/measure';

/** How fast a model of a host is, as far as anything tells. */
export interface Speed {
  /** Tokens a second of one answer. */
  genTps: number;
  /** Tokens a second of a prompt. */
  promptTps: number;
}

/** Of a small model on a small GPU; what is made of it is called a guess. */
export const GUESSED: Speed = { genTps: 30, promptTps: 500 };
export const GUESSED_LOAD_S = 30;

/** Requests until two in a row are alike, as a rule. */
const UNTIL_STABLE = 3;
/** How much longer an answer takes for each one beside it. */
const SHARED = 0.25;

/** Seconds that a suite takes at this speed, without loading the model; about. */
export function secondsOf(suite: Suite, speed: Speed): number {
  const { warmup, repetitions, stop } = suite;
  const warmups = warmup.until === 'stable' ? Math.max(UNTIL_STABLE, warmup.requests) : warmup.requests;
  const all = estimateRequests(suite).each.reduce((sum, { spec, times }) => {
    const { promptTokens, outputTokens, depth, load } = spec;
    const alone = promptTokens / speed.promptTps + outputTokens / speed.genTps;
    const deep = depth / speed.promptTps;
    if (load.kind === 'closed') {
      const { concurrency } = load;
      const round =
        (concurrency * promptTokens) / speed.promptTps +
        (outputTokens / speed.genTps) * (1 + SHARED * (concurrency - 1));
      return sum + times * (concurrency * deep + (repetitions + warmups) * round);
    }
    const lastMs = load.kind === 'replay' ? (load.requests.at(-1)?.atMs ?? 0) / load.speed : 0;
    const sendingS = load.kind === 'replay' ? lastMs / 1_000 : load.requests / load.ratePerS;
    return sum + times * (deep + warmups * alone + repetitions * (sendingS + alone));
  }, 0);
  return stop.maxS === undefined ? all : Math.min(all, stop.maxS);
}

/** Of hosts, which are measured side by side, the one that takes longest. */
export function longestHost(targets: readonly { providerId: string; seconds: number }[]): number {
  const hosts = new Map<string, number>();
  for (const { providerId, seconds } of targets)
    hosts.set(providerId, (hosts.get(providerId) ?? 0) + seconds);
  return Math.max(0, ...hosts.values());
}

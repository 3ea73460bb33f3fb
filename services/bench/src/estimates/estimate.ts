import type { Suite } from '@boocontrol/contracts';
import { estimateRequests } from '@boocontrol/measure';
import type { Speed } from '@boocontrol/platform';

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

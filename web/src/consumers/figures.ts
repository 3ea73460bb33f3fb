import type { Totals } from '@boocontrol/contracts';

export type Group = Totals['groups'][number];

/** What a consumer has had of the fleet. */
export interface Consumer {
  source: string;
  requests: number;
  errors: number;
  promptTokens: number;
  cacheTokens: number;
  outputTokens: number;
  /** Durations of its requests to llama-swap hosts, added up, in ms. */
  hostMs: number;
  /** Of those of all consumers, 0 to 1; null: nobody had any. */
  timeShare: number | null;
  /** Failed requests of all, 0 to 1; null: no requests. */
  errorShare: number | null;
  /** Prompt tokens from the cache of all, 0 to 1; null: no prompts. */
  hitRate: number | null;
  genTps: number | null;
}

const share = (part: number, of: number): number | null => (of > 0 ? part / of : null);

/** Whole prompts; a service that is too old to tell counts what its hosts count. */
export const promptOf = ({ promptTokens, inputTokens }: Group): number => promptTokens ?? inputTokens;

/**
 * @param all sums of each consumer over everything
 * @param onHosts the same over llama-swap hosts alone, whose time is that of GPUs here
 */
export function consumersOf(all: readonly Group[], onHosts: readonly Group[]): Consumer[] {
  const hostMs = new Map(onHosts.map(({ source, durationMs }) => [source, durationMs]));
  const wholeMs = onHosts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return all
    .map((group): Consumer => {
      const its = hostMs.get(group.source) ?? 0;
      const promptTokens = promptOf(group);
      return {
        source: group.source ?? 'unattributed',
        requests: group.requests,
        errors: group.errors,
        promptTokens,
        cacheTokens: group.cacheTokens,
        outputTokens: group.outputTokens,
        hostMs: its,
        timeShare: share(its, wholeMs),
        errorShare: share(group.errors, group.requests),
        hitRate: share(group.cacheTokens, promptTokens),
        genTps: group.genTps,
      };
    })
    .toSorted((a, b) => b.hostMs - a.hostMs || b.requests - a.requests || (a.source < b.source ? -1 : 1));
}

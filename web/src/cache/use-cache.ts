'use client';
import { instantFromMs } from '@boocontrol/fleet-model';
import { withQuery } from '../api/client';
import { useResource, type Resource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangeSpan, rangeStepMs } from '../browser/range';
import { useTick } from '../live';
import type { CacheFilter } from './address';

const STEP_MS = 60_000;

type CacheQuery = Readonly<Record<string, string | undefined>>;

/** The query that a filter asks with; its beginning moves on in steps, so that the question stays the same for a while. */
export function useCacheQuery({ range, source, model, host }: CacheFilter): CacheQuery {
  const stepMs = Math.max(STEP_MS, rangeStepMs(range) ?? STEP_MS);
  const nowMs = useTick((ms) => Math.floor(ms / stepMs) * stepMs);
  const { fromMs, toMs } = rangeSpan(range, nowMs);
  return {
    from: fromMs === null ? undefined : instantFromMs(fromMs),
    to: range.kind === 'between' ? instantFromMs(toMs) : undefined,
    source: source ?? undefined,
    model: model ?? undefined,
    providerId: host ?? undefined,
  };
}

/** One of the answers about a filter; while the next step of it is on its way, the one before stays. */
export function useCache<T>(what: 'rates' | 'totals', filter: CacheFilter): Resource<T> & { path: string } {
  const path = withQuery(`/prompt-cache/${what}`, useCacheQuery(filter));
  return { ...useKept(useResource<T>(path), JSON.stringify(filter)), path };
}

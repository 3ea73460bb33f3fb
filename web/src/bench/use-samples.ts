'use client';
import type { BenchSamplesPage, Sample } from '@boocontrol/contracts';
import { useEffect, useState } from 'react';
import { api, withQuery } from '../api/client';
import { runPath } from './calls';

const PAGE = 1_000;
/** More dots than that no screen shows apart. */
const MOST = 5_000;

export interface Samples {
  samples: readonly Sample[];
  /** There are more than are drawn. */
  leftOut: boolean;
}

/**
 * Every request of a run, page by page. External system: the gateway.
 * @param version of the run: with another one they are asked for again
 */
export function useSamples(id: string, version: number): { data: Samples | null; error: Error | null } {
  const [known, setKnown] = useState<{ data: Samples | null; error: Error | null }>({
    data: null,
    error: null,
  });
  useEffect(() => {
    const leave = new AbortController();
    const load = async (): Promise<void> => {
      const samples: Sample[] = [];
      let cursor: string | null = null;
      do {
        const page: BenchSamplesPage = await api(
          withQuery(`${runPath(id)}/samples`, { limit: PAGE, cursor: cursor ?? undefined }),
          { signal: leave.signal },
        );
        samples.push(...page.samples);
        cursor = page.nextCursor;
      } while (cursor !== null && samples.length < MOST);
      setKnown({ data: { samples, leftOut: cursor !== null }, error: null });
    };
    load().catch((error: Error) => {
      if (!leave.signal.aborted) setKnown(({ data }) => ({ data, error }));
    });
    return () => leave.abort();
  }, [id, version]);
  return known;
}

'use client';
import { instantFromMs } from '@boocontrol/fleet-model';
import { useEffect, useState } from 'react';
import { api, withQuery } from '../api/client';
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

interface Pages<Row> {
  question: string;
  /** The same while only time goes on. */
  subject: string;
  rows: readonly Row[];
  cursor: string | null;
  error: Error | null;
}

interface Paged<Row> extends Pages<Row> {
  /** Something of this subject has come. */
  isKnown: boolean;
  older: () => void;
  retry: () => void;
}

/**
 * Rows page by page, in the order of the gateway. External system: the gateway.
 * @param question path with its query, without a cursor
 * @param subject what is asked, apart from the time: rows of the same subject stay until newer ones are there
 * @param read the rows of a page and where the next one begins
 */
export function usePages<Page extends { nextCursor: string | null }, Row>(
  question: string,
  subject: string,
  read: (page: Page) => readonly Row[],
): Paged<Row> {
  const [known, setKnown] = useState<Pages<Row>>({
    ...{ question: '', subject: '', rows: [], cursor: null, error: null },
  });
  const load = (cursor: string | null, signal?: AbortSignal): Promise<void> =>
    api<Page>(cursor === null ? question : `${question}&cursor=${encodeURIComponent(cursor)}`, {
      ...(signal ? { signal } : {}),
    }).then(
      (page) =>
        setKnown((before) => ({
          question,
          subject,
          rows: cursor === null ? read(page) : [...before.rows, ...read(page)],
          cursor: page.nextCursor,
          error: null,
        })),
      (error: Error) => {
        if (!signal?.aborted)
          setKnown((before) =>
            before.subject === subject
              ? { ...before, error }
              : { question, subject, rows: [], cursor: null, error },
          );
      },
    );
  useEffect(() => {
    const leave = new AbortController();
    void load(null, leave.signal);
    return () => leave.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- load is made of the question
  }, [question]);
  return {
    ...known,
    isKnown: known.subject === subject,
    older: () => {
      if (known.question === question && known.cursor !== null) void load(known.cursor);
    },
    retry: () => void load(null),
  };
}

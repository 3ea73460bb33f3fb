'use client';
import type { DispatchesPage, RouteFact } from '@boocontrol/contracts';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { createPager, newestCopies, type Loaded } from '../api/pager';
import { live, serverNow } from '../live';
import { apiQuery, matches, type DispatchFilter } from './filters';

interface Kept {
  id: string;
  /** A record never changes. */
  version: 1;
  fact: RouteFact;
}

const PAGE_ROWS = 100;
/** The table is written a moment after the log: a page that may miss what has just ended is asked for once more. */
const CATCH_UP_MS = 3_000;
/** Told while the page is shown; older ones are on the pages. */
const MOST_TOLD = 1_000;

const keep = (fact: RouteFact): Kept => ({ id: fact.id, version: 1, fact });
const newestFirst = (a: Kept, b: Kept): number =>
  a.fact.at < b.fact.at ? 1 : a.fact.at > b.fact.at ? -1 : a.id < b.id ? 1 : -1;

export interface Requests extends Omit<Loaded<Kept>, 'rows'> {
  facts: readonly RouteFact[];
  older: () => void;
  retry: () => void;
}

/** Requests to /v1 that have ended, newest first; those that end while the page is shown come on top. */
export function useRequests(filter: DispatchFilter): Requests {
  const question = JSON.stringify(filter);
  const pager = useMemo(() => {
    const asked = JSON.parse(question) as DispatchFilter;
    return createPager<Kept>(async (cursor) => {
      const { dispatches, nextCursor } = await api<DispatchesPage>(
        withQuery('/routing/dispatches', {
          ...apiQuery(asked, serverNow()),
          limit: PAGE_ROWS,
          cursor: cursor ?? undefined,
        }),
      );
      return { rows: dispatches.map(keep), nextCursor };
    }, newestFirst);
  }, [question]);
  const told = useTold(question, pager.first);
  // External systems: the gateway, and the connection that came back.
  useEffect(() => {
    pager.first();
    const again = setTimeout(pager.first, CATCH_UP_MS);
    const end = live.onSnapshot(pager.first);
    return () => {
      clearTimeout(again);
      end();
    };
  }, [pager]);
  const loaded = useSyncExternalStore(pager.subscribe, pager.get, pager.get);
  const facts = useMemo(
    () =>
      newestCopies([...loaded.rows, ...told])
        .toSorted(newestFirst)
        .map(({ fact }) => fact),
    [told, loaded.rows],
  );
  return useMemo(
    () => ({ ...loaded, facts, older: pager.older, retry: pager.retry }),
    [loaded, facts, pager],
  );
}

/** What has ended since the page is shown. @param onMissed some were not told: the newest page has them */
function useTold(question: string, onMissed: () => void): readonly Kept[] {
  const [told, setTold] = useState<{ question: string; rows: readonly Kept[] }>({ question, rows: [] });
  if (told.question !== question) setTold({ question, rows: [] });
  useEffect(() => {
    const asked = JSON.parse(question) as DispatchFilter;
    let again: ReturnType<typeof setTimeout> | undefined;
    const end = live.onDispatches(({ dispatches, missed }) => {
      const wanted = dispatches.filter((fact) => matches(fact, asked, serverNow())).map(keep);
      if (wanted.length > 0)
        setTold(({ rows }) => ({ question, rows: [...wanted.toReversed(), ...rows].slice(0, MOST_TOLD) }));
      if (missed === 0 || again !== undefined) return;
      again = setTimeout(() => {
        again = undefined;
        onMissed();
      }, CATCH_UP_MS);
    });
    return () => {
      clearTimeout(again);
      end();
    };
  }, [question, onMissed]);
  return told.rows;
}

'use client';
import type { ActivityPage } from '@boocontrol/contracts';
import { useMemo, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { live, serverNow } from '../live';
import { createFeedStore, type FeedState, type FeedStore } from './feed-store';
import { apiQuery, matches, type FeedFilter } from './filters';

const PAGE_ROWS = 100;

/** The feed of this filter, live while it is shown. */
export function useFeed(filter: FeedFilter): [FeedState, FeedStore] {
  const question = JSON.stringify(filter);
  const store = useMemo(() => {
    const asked = JSON.parse(question) as FeedFilter;
    return createFeedStore({
      page: (cursor, signal) =>
        api<ActivityPage>(
          withQuery('/activity', {
            ...apiQuery(asked, serverNow()),
            limit: PAGE_ROWS,
            cursor: cursor ?? undefined,
          }),
          { signal },
        ),
      onRequests: live.onRequests,
      onSnapshot: live.onSnapshot,
      wants: (row) => matches(row, asked, serverNow()),
    });
  }, [question]);
  return [useSyncExternalStore(store.subscribe, store.get, store.get), store];
}

'use client';
import type { ActivityPage } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useMemo, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { live, serverNow } from '../live';
import type { Live } from '../live/store';
import { createFeedStore, type FeedState, type FeedStore } from './feed-store';
import { apiQuery, matches, type FeedFilter } from './filters';

/** The first page is there soon; who scrolls on gets more at a time, the most that /api gives. */
const FIRST_ROWS = 100;
const OLDER_ROWS = 500;
/** From the end of a request until its row can be asked for, at the most. */
const TABLE_BEHIND_MS = 3000;

/**
 * Whether a request on a host and with a model of the filter ended within the time that the table may be behind.
 * Of providers that tell of no requests nothing says so: it may be.
 */
function hasFreshEnd({ fleet, providers }: Live, filter: FeedFilter, nowMs: number): boolean {
  if (providers.some(({ kind }) => kind !== 'llama-swap')) return true;
  return Object.values(fleet?.hosts ?? {}).some(
    ({ providerId, requests }) =>
      (filter.host.length === 0 || filter.host.includes(providerId)) &&
      Object.entries(requests.lastEndByModel).some(
        ([model, end]) =>
          (filter.model.length === 0 || filter.model.includes(model)) &&
          instantToMs(end) > nowMs - TABLE_BEHIND_MS,
      ),
  );
}

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
            limit: cursor === null ? FIRST_ROWS : OLDER_ROWS,
            cursor: cursor ?? undefined,
          }),
          { signal },
        ),
      onRequests: live.onRequests,
      onSnapshot: live.onSnapshot,
      isSynced: () => live.get().synced,
      hasFreshEnd: () => hasFreshEnd(live.get(), asked, serverNow()),
      wants: (row) => matches(row, asked, serverNow()),
    });
  }, [question]);
  return [useSyncExternalStore(store.subscribe, store.get, store.get), store];
}

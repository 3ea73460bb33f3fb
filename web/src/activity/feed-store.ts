import type { ActivityPage, ActivityRow, Request } from '@boocontrol/contracts';
import { toActivityRow } from '@boocontrol/fleet-model';
import { addLive, addNewest, addOlder, emptyFeed, release, type Feed } from './feed';

export interface FeedState extends Feed {
  following: boolean;
  loading: boolean;
  error: Error | null;
}

export interface FeedSource {
  /** Throws ApiError. */
  page: (cursor: string | null, signal: AbortSignal) => Promise<ActivityPage>;
  onRequests: (listener: (requests: Request[]) => void) => () => void;
  /** Called when live facts may have passed us by, and have begun again. */
  onSnapshot: (listener: () => void) => () => void;
  wants: (row: ActivityRow) => boolean;
}

/** The table is written a moment after the log, so a page misses what has just happened; asked once more after this. */
const CATCH_UP_MS = 3000;
/** A feed that was followed for long starts again from its newest page; the reader is at its top and sees no change. */
const MOST_ROWS = 5000;

/** The feed of one filter. It lives while someone subscribes. */
export function createFeedStore(source: FeedSource) {
  let state: FeedState = { ...emptyFeed, following: true, loading: true, error: null };
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;
  let abort = new AbortController();

  const set = (change: Partial<FeedState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const load = async (cursor: string | null): Promise<void> => {
    const { signal } = abort;
    set({ loading: true, error: null });
    try {
      const page = await source.page(cursor, signal);
      if (signal.aborted) return;
      const feed = cursor === null ? addNewest(state, page, state.following) : addOlder(state, page);
      set({ ...feed, loading: false });
    } catch (error) {
      if (!signal.aborted) set({ loading: false, error: error as Error });
    }
  };

  const take = (requests: Request[]): void => {
    const rows = requests.map(toActivityRow).filter(source.wants);
    const feed = addLive(state, rows, state.following);
    if (feed === state) return;
    if (feed.rows.length > MOST_ROWS && state.following && !state.loading) {
      set({ ...emptyFeed, rows: feed.rows.slice(0, 100) });
      void load(null);
    } else set(feed);
  };

  const start = (): void => {
    abort = new AbortController();
    const again = (): void => void load(null);
    const ends = [source.onRequests(take), source.onSnapshot(again)];
    const timer = setTimeout(again, CATCH_UP_MS);
    void load(null);
    stop = () => {
      abort.abort();
      clearTimeout(timer);
      for (const end of ends) end();
      stop = null;
    };
  };

  return {
    get: (): FeedState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      if (!stop) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop?.();
      };
    },
    older(): void {
      if (typeof state.cursor === 'string' && !state.loading) void load(state.cursor);
    },
    retry: (): void => void load(state.cursor ?? null),
    follow(following: boolean): void {
      if (following !== state.following) set({ ...(following ? release(state) : {}), following });
    },
  };
}
export type FeedStore = ReturnType<typeof createFeedStore>;

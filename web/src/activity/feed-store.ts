import type { ActivityPage, ActivityRow } from '@boocontrol/contracts';
import { addLive, addNewest, addOlder, emptyFeed, release, type Feed } from './feed';

export interface FeedState extends Feed {
  following: boolean;
  loading: boolean;
  error: Error | null;
  /** What the newest page was searched in; null: no text was asked for, or there is no page yet. */
  searched: ActivityPage['searched'] | null;
  /** There was a page: what there is now is true, though another may be on its way. */
  answered: boolean;
}

export interface FeedSource {
  /** Throws ApiError. */
  page: (cursor: string | null, signal: AbortSignal) => Promise<ActivityPage>;
  onRequests: (listener: (rows: ActivityRow[]) => void) => () => void;
  /** Called when live facts may have passed us by, and have begun again. */
  onSnapshot: (listener: () => void) => () => void;
  /** Whether live facts have begun, so that a page that is asked for now and they together are everything. */
  isSynced: () => boolean;
  /** Whether a request of this filter may have ended so lately that the table does not have it yet. */
  hasFreshEnd: () => boolean;
  wants: (row: ActivityRow) => boolean;
}

/** The table is written a moment after the log; a page that may miss what has just happened is asked for again after this. */
const CATCH_UP_MS = 3000;
/** The newest page is worth having without the live facts when they let one wait for so long. */
const PATIENCE_MS = 2000;
/** A feed that was followed for long starts again from its newest page; the reader is at its top and sees no change. */
const MOST_ROWS = 1000;
/** Of what is held back, only so many are kept: letting them in then starts again from the newest page. */
const MOST_HELD = 5000;

/** The feed of one filter. It lives while someone subscribes. */
export function createFeedStore(source: FeedSource) {
  let state: FeedState = {
    ...emptyFeed,
    following: true,
    loading: true,
    error: null,
    searched: null,
    answered: false,
  };
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

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
      set({ ...feed, loading: false, searched: page.searched ?? null, answered: true });
    } catch (error) {
      if (!signal.aborted) set({ loading: false, error: error as Error });
    }
  };

  const take = (came: ActivityRow[]): void => {
    const rows = came.filter(source.wants);
    const feed = addLive(state, rows, state.following);
    if (feed === state) return;
    if (feed.rows.length > MOST_ROWS && state.following && !state.loading) startAgain(feed.rows);
    else set({ ...feed, held: feed.held.slice(0, MOST_HELD + 1) });
  };

  const startAgain = (rows: readonly ActivityRow[]): void => {
    set({ ...emptyFeed, rows: rows.slice(0, 100) });
    void load(null);
  };

  const letIn = (): void => {
    if (state.held.length > MOST_HELD) startAgain(state.held);
    else set(release(state));
  };

  /** The newest page: at once, and when it may miss something, once more a little later. */
  const newest = (): void => {
    clearTimeout(timer);
    if (source.hasFreshEnd()) timer = setTimeout(() => void load(null), CATCH_UP_MS);
    void load(null);
  };

  const start = (): void => {
    abort = new AbortController();
    const ends = [source.onRequests(take), source.onSnapshot(newest)];
    if (source.isSynced()) newest();
    else timer = setTimeout(newest, PATIENCE_MS);
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
    /** What was held back joins the feed; whether it follows stays. */
    letIn,
    follow(following: boolean): void {
      if (following === state.following) return;
      if (following) letIn();
      set({ following });
    },
  };
}
export type FeedStore = ReturnType<typeof createFeedStore>;

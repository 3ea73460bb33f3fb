import type { ActivityPage, ActivityRow } from '@boocontrol/contracts';

/** Rows newest first, without doubles; while the reader is elsewhere, new ones are held back. */
export interface Feed {
  rows: readonly ActivityRow[];
  held: readonly ActivityRow[];
  /** Of the next older page; null: there is none; undefined: no page is here yet. */
  cursor: string | null | undefined;
}

export const emptyFeed: Feed = { rows: [], held: [], cursor: undefined };

/** Newest first by the hosts' timestamps; the key decides between equals, so that the order is the same everywhere. */
const newestFirst = (a: ActivityRow, b: ActivityRow): number =>
  a.ts === b.ts ? (a.key < b.key ? 1 : a.key > b.key ? -1 : 0) : a.ts < b.ts ? 1 : -1;

const isInOrder = (rows: readonly ActivityRow[]): boolean =>
  rows.every((row, i) => {
    const before = rows[i - 1];
    return before === undefined || newestFirst(before, row) < 0;
  });

/** The same reference when nothing of `more` is new. What is newer or older than all rows costs no search among them. */
function merge(rows: readonly ActivityRow[], unsorted: readonly ActivityRow[]): readonly ActivityRow[] {
  const more = unsorted.toSorted(newestFirst);
  const [newest, oldest, first, last] = [rows[0], rows.at(-1), more[0], more.at(-1)];
  if (!first || !last) return rows;
  if (isInOrder(more)) {
    if (!newest || !oldest) return more;
    if (newestFirst(oldest, first) < 0) return [...rows, ...more];
    if (newestFirst(last, newest) < 0) return [...more, ...rows];
  }
  const known = new Set(rows.map(({ key }) => key));
  const added = more.filter(({ key }) => !known.has(key) && known.add(key));
  if (added.length === 0) return rows;
  return [...rows, ...added].sort(newestFirst);
}

/** Rows as they happen. */
export function addLive(feed: Feed, rows: readonly ActivityRow[], following: boolean): Feed {
  if (following) {
    const merged = merge(feed.rows, rows);
    return merged === feed.rows ? feed : { ...feed, rows: merged };
  }
  const known = new Set(feed.rows.map(({ key }) => key));
  const held = merge(
    feed.held,
    rows.filter(({ key }) => !known.has(key)),
  );
  return held === feed.held ? feed : { ...feed, held };
}

/** What was held back joins the feed. */
export const release = (feed: Feed): Feed =>
  feed.held.length === 0 ? feed : { ...feed, rows: merge(feed.rows, feed.held), held: [] };

/** The next older page. */
export const addOlder = (feed: Feed, page: ActivityPage): Feed => ({
  ...feed,
  rows: merge(feed.rows, page.rows),
  cursor: page.nextCursor,
});

/**
 * The newest page again, after a time in which we were not told everything. When it reaches rows that we have, it
 * fills the hole; else what is older than the page goes, and is asked for again as the reader gets there.
 */
export function addNewest(feed: Feed, page: ActivityPage, following: boolean): Feed {
  const oldest = page.rows.at(-1);
  const known = new Set([...feed.rows, ...feed.held].map(({ key }) => key));
  const reaches =
    feed.cursor !== undefined &&
    (!oldest || page.nextCursor === null || page.rows.some(({ key }) => known.has(key)));
  if (reaches) return addLive(feed, page.rows, following);
  const since = oldest?.ts ?? '';
  const newer = [...feed.rows, ...feed.held].filter(({ ts }) => ts >= since);
  const all = merge(page.rows, newer);
  const top = feed.rows[0];
  if (following || !top) return { rows: all, held: [], cursor: page.nextCursor };
  // Nothing is put in above what the reader aims at.
  const isAbove = (row: ActivityRow): boolean => newestFirst(row, top) < 0;
  return {
    rows: all.filter((row) => !isAbove(row)),
    held: all.filter(isAbove),
    cursor: page.nextCursor,
  };
}

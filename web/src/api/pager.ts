/** Rows of a history, newest first, as far as they have been asked for. */
export interface Loaded<Row> {
  rows: readonly Row[];
  /** Where the next page begins; null: there is none; undefined: nothing has come yet. */
  cursor: string | null | undefined;
  loading: boolean;
  error: Error | null;
}

export interface RowPage<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
}

/**
 * Pages of a history, one after the other. The first may be asked for again: what is new in it comes on top, and of a row
 * that is known the newer copy stays.
 * @param page asks for one; null: the first
 */
export function createPager<Row extends { id: string; version: number }>(
  page: (cursor: string | null) => Promise<RowPage<Row>>,
  order: (a: Row, b: Row) => number,
) {
  let state: Loaded<Row> = { rows: [], cursor: undefined, loading: false, error: null };
  const listeners = new Set<() => void>();
  const set = (more: Partial<Loaded<Row>>): void => {
    state = { ...state, ...more };
    for (const listener of listeners) listener();
  };
  /** What is asked for now; and that the end came into sight while it was the first page, which nobody tells twice. */
  let asking: string | null = null;
  let wantsOlder = false;
  const ask = async (cursor: string | null): Promise<void> => {
    if (state.loading) return;
    asking = cursor;
    set({ loading: true, error: null });
    try {
      const { rows, nextCursor } = await page(cursor);
      const isFirst = cursor === null && state.cursor !== undefined;
      set({
        rows: newestCopies([...state.rows, ...rows]).toSorted(order),
        // What lies behind the pages that are loaded stays where it was.
        cursor: isFirst ? state.cursor : nextCursor,
        loading: false,
      });
    } catch (error) {
      set({ loading: false, error: error as Error });
    }
    const wanted = wantsOlder;
    wantsOlder = false;
    if (wanted) older();
  };
  const older = (): void => {
    if (state.loading) wantsOlder = asking === null && typeof state.cursor === 'string';
    else if (typeof state.cursor === 'string' && !state.error) void ask(state.cursor);
  };
  return {
    get: (): Loaded<Row> => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** The first page, now or again. */
    first: (): void => void ask(null),
    /** The next page, if there is one. */
    older,
    /** What failed. */
    retry: (): void => void ask(state.cursor ?? null),
  };
}

/** Of each row the copy with the highest version. */
export function newestCopies<Row extends { id: string; version: number }>(rows: readonly Row[]): Row[] {
  const newest = new Map<string, Row>();
  for (const row of rows) if (row.version > (newest.get(row.id)?.version ?? 0)) newest.set(row.id, row);
  return [...newest.values()];
}

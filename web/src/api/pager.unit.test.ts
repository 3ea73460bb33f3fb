import { waitFor } from '@boocontrol/testing';
import { describe, expect, it } from 'vitest';
import { createPager, type RowPage } from './pager';

interface Row {
  id: string;
  version: number;
  n: number;
}
const row = (n: number, version = 1): Row => ({ id: `r${n}`, version, n });
const newest = (a: Row, b: Row): number => b.n - a.n;

/** A history of which more is added; pages of two. */
function historyOf(first: Row[]) {
  let rows = first;
  let failing = false;
  const asked: (string | null)[] = [];
  const page = async (cursor: string | null): Promise<RowPage<Row>> => {
    asked.push(cursor);
    await Promise.resolve();
    if (failing) throw new Error('away');
    const from = cursor === null ? 0 : rows.findIndex(({ id }) => id === cursor);
    const next = rows[from + 2];
    return { rows: rows.slice(from, from + 2), nextCursor: next?.id ?? null };
  };
  const pager = createPager(page, newest);
  const settled = () => waitFor(() => !pager.get().loading, { what: 'the page' });
  return {
    pager,
    asked,
    settled,
    add: (row: Row) => (rows = [row, ...rows.filter(({ id }) => id !== row.id)].toSorted(newest)),
    fail: (wanted: boolean) => (failing = wanted),
    shown: () => pager.get().rows.map(({ n }) => n),
  };
}

describe('pages of a history', () => {
  it('come one after the other, to the end', async () => {
    const { pager, settled, shown, asked } = historyOf([5, 4, 3, 2, 1].map((n) => row(n)));
    pager.first();
    await settled();
    expect(shown()).toEqual([5, 4]);
    for (let i = 0; i < 4; i++) {
      pager.older();
      await settled();
    }
    expect(shown()).toEqual([5, 4, 3, 2, 1]);
    expect(asked).toEqual([null, 'r3', 'r1']);
  });
  it('the first asked for again brings what is new, and leaves the others where they are', async () => {
    const { pager, settled, shown, add } = historyOf([4, 3, 2, 1].map((n) => row(n)));
    pager.first();
    await settled();
    pager.older();
    await settled();
    add(row(5));
    add(row(4, 2));
    pager.first();
    await settled();
    expect(shown()).toEqual([5, 4, 3, 2, 1]);
    expect(pager.get().rows[1]?.version).toBe(2);
    expect(pager.get().cursor).toBeNull();
  });
  it('the end that came into sight while the first was asked for again is not forgotten', async () => {
    const { pager, settled, shown, asked } = historyOf([4, 3, 2, 1].map((n) => row(n)));
    pager.first();
    pager.older();
    await settled();
    expect(asked).toEqual([null]);
    pager.first();
    pager.older();
    await waitFor(() => shown().length === 4, { what: 'the page behind it' });
    await settled();
    expect(asked).toEqual([null, null, 'r2']);
  });
  it('one that fails is asked for again only when that is wanted', async () => {
    const { pager, settled, shown, fail, asked } = historyOf([3, 2, 1].map((n) => row(n)));
    fail(true);
    pager.first();
    await settled();
    expect(pager.get()).toMatchObject({ cursor: undefined, error: new Error('away') });
    pager.older();
    expect(asked).toEqual([null]);
    fail(false);
    pager.retry();
    await settled();
    expect(shown()).toEqual([3, 2]);
    expect(pager.get().error).toBeNull();
  });
});

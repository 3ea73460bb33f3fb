'use client';
import type { Action, ActionsPage, Lease, LeasesPage } from '@boocontrol/contracts';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { createPager, newestCopies, type Loaded } from '../api/pager';
import { live, useLive } from '../live';
import { newestFirst } from '../live/actions';

type Pager<Row extends { id: string; version: number }> = ReturnType<typeof createPager<Row>>;

const PAGE_ROWS = 100;

const pathOf = (what: string, providerId: string | null, cursor: string | null): string =>
  withQuery(what, {
    providerId: providerId ?? undefined,
    limit: PAGE_ROWS,
    cursor: cursor ?? undefined,
  });

/** Loads the first page, and again when facts may have been missed or `again` says that something is new. */
function usePager<Row extends { id: string; version: number }>(
  pager: Pager<Row>,
  again: unknown,
): Loaded<Row> {
  // External systems: the gateway, and the connection that came back.
  useEffect(() => pager.first(), [pager, again]);
  useEffect(() => live.onSnapshot(() => pager.first()), [pager]);
  return useSyncExternalStore(pager.subscribe, pager.get, pager.get);
}

/** Actions that have ended, newest first; those that end while the page is shown come on top. @param providerId null: of all hosts */
export function useActionHistory(providerId: string | null): [Loaded<Action>, Pager<Action>] {
  const pager = useMemo(
    () =>
      createPager<Action>(async (cursor) => {
        const { ended, nextCursor } = await api<ActionsPage>(pathOf('/actions', providerId, cursor));
        return { rows: ended, nextCursor };
      }, newestFirst),
    [providerId],
  );
  const loaded = usePager(pager, null);
  const told = useLive(({ actions }) => actions?.ended);
  const rows = useMemo(() => {
    const here = (told ?? []).filter((action) => providerId === null || action.providerId === providerId);
    return newestCopies([...here, ...loaded.rows]).toSorted(newestFirst);
  }, [told, loaded.rows, providerId]);
  return [{ ...loaded, rows }, pager];
}

const lastEndedFirst = (a: Lease, b: Lease): number => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1);

/** Leases that have ended, newest first. @param providerId null: of all hosts */
export function useLeaseHistory(providerId: string | null): [Loaded<Lease>, Pager<Lease>] {
  const pager = useMemo(
    () =>
      createPager<Lease>(async (cursor) => {
        const { ended, nextCursor } = await api<LeasesPage>(pathOf('/leases', providerId, cursor));
        return { rows: ended, nextCursor };
      }, lastEndedFirst),
    [providerId],
  );
  // Only those that are held are told; when they change, one may have ended.
  const held = useLive(({ leases }) => leases?.leases);
  const ids = (held ?? []).map(({ id }) => id).join();
  return [usePager(pager, ids), pager];
}

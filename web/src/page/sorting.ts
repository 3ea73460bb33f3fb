'use client';
import { useCallback } from 'react';
import { useQuery } from '../browser/query';
import type { Sorting } from './columns';

/** `sort=name`, `sort=-name` where the largest comes first; null: as the page has the rows. */
export function readSorting(text: string | null): Sorting | null {
  const [, minus, column] = /^(-?)([\w-]+)$/.exec(text ?? '') ?? [];
  return column ? { column, descending: minus === '-' } : null;
}

export const sortingText = (sorting: Sorting | null): string | null =>
  sorting && `${sorting.descending ? '-' : ''}${sorting.column}`;

/** The order of a table that is in the page's address, for `order` of Table. */
export function useSorting(): { sorting: Sorting | null; onSort: (sorting: Sorting | null) => void } {
  const [query, setQuery] = useQuery();
  const onSort = useCallback(
    (sorting: Sorting | null) => setQuery({ sort: sortingText(sorting) }, true),
    [setQuery],
  );
  return { sorting: readSorting(query.get('sort')), onSort };
}

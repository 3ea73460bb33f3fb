'use client';
import { useCallback, useMemo } from 'react';
import { useKeptChoice } from '../browser/kept';
import { NO_CHOICE, readChoice, type TableChoice } from './columns';

/** Columns and sorting of one table, kept in this browser. */
export function useTableChoice(name: string): [TableChoice, (choice: TableChoice) => void] {
  const [text, keep] = useKeptChoice(`boo-table-${name}`);
  const choice = useMemo(() => readChoice(text), [text]);
  const set = useCallback(
    (next: TableChoice) => keep(next === NO_CHOICE ? null : JSON.stringify(next)),
    [keep],
  );
  return [choice, set];
}

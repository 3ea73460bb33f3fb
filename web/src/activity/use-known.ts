'use client';
import type { ActivityRow, HostState, PublicProvider, Totals } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useResource } from '../api/resource';
import { shortPath } from './rows';
import type { Known } from './suggest';

const byName = (values: Iterable<string>): string[] =>
  [...new Set(values)].filter(Boolean).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const plain = (value: string): { value: string; label: string } => ({ value, label: value });

/** What can be filtered by: what the fleet has, what the history names, what is in the feed. */
export function useKnown(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  rows: readonly ActivityRow[],
): Known {
  const named = useResource<Totals>('/activity/totals?groupBy=model&groupBy=source').data?.groups;
  return useMemo(
    () => ({
      host: providers.map(({ id, label }) => ({ value: id, label })),
      model: byName([
        ...(named ?? []).map(({ model }) => model ?? ''),
        ...Object.values(hosts).flatMap(({ models }) => models.map(({ id }) => id)),
        ...rows.map(({ model }) => model),
      ]).map(plain),
      consumer: byName([
        ...(named ?? []).map(({ source }) => source ?? ''),
        ...rows.map(({ source }) => source),
      ]).map(plain),
      path: byName(rows.map(({ reqPath }) => reqPath)).map((value) => ({ value, label: shortPath(value) })),
    }),
    [providers, hosts, rows, named],
  );
}

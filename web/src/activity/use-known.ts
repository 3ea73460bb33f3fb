'use client';
import type { ActivityRow, HostState, PublicProvider, Totals } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { midnightMs } from '../format/time';
import { useTick } from '../live';
import { shortPath } from './rows';
import type { Known } from './suggest';

/** Names from the history of the last week. */
const NAMED_SINCE_MS = 7 * 86_400_000;

const byName = (values: Iterable<string>): string[] =>
  [...new Set(values)].filter(Boolean).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const plain = (value: string): { value: string; label: string } => ({ value, label: value });

/** What can be filtered by: what the fleet has, what the history names, what is in the feed. */
export function useKnown(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  rows: readonly ActivityRow[],
): Known {
  const from = useTick((nowMs) => new Date(midnightMs(nowMs) - NAMED_SINCE_MS).toISOString());
  const path = withQuery('/activity/totals', { from, groupBy: ['model', 'source'] });
  const named = useResource<Totals>(path).data?.groups;
  return useMemo(
    () => ({
      host: providers.map(({ id, label }) => ({ value: id, label })),
      model: byName([
        ...(named ?? []).map(({ model }) => model ?? ''),
        ...providers.flatMap(({ id }) => (hosts[id]?.models ?? []).map((model) => model.id)),
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

'use client';
import type { ActivityRow, HostState, PublicProvider } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useGroups } from '../api/history';
import { midnightMs } from '../format/time';
import { hiddenModels, starredModels } from '../hosts/marked-models';
import { useMarks, useTick } from '../live';
import { isHidden } from '../live/marks';
import { shortPath } from './rows';
import type { Known } from './suggest';

/** Names from the history of the last week. */
const NAMED_SINCE_MS = 7 * 86_400_000;

const collator = new Intl.Collator('en', { numeric: true });
const byName = (values: Iterable<string>): string[] =>
  [...new Set(values)].filter(Boolean).toSorted(collator.compare);
const plain = (value: string): { value: string; label: string } => ({ value, label: value });

/** What can be filtered by: what the fleet has, what the history names, what is in the feed; favourites first. */
export function useKnown(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  rows: readonly ActivityRow[],
): Known {
  const from = useTick((nowMs) => new Date(midnightMs(nowMs) - NAMED_SINCE_MS).toISOString());
  const models = useGroups({ from, groupBy: ['model'] }).data?.rows;
  const sources = useGroups({ from, groupBy: ['source'] }).data?.rows;
  const marks = useMarks();
  const seen = useMemo(
    () => ({
      models: byName(rows.map(({ model }) => model)),
      sources: byName(rows.map(({ source }) => source)),
      paths: byName(rows.map(({ reqPath }) => reqPath)),
    }),
    [rows],
  );
  return useMemo(() => {
    const hidden = hiddenModels(providers, hosts, marks);
    const starred = starredModels(marks);
    return {
      host: providers.map(({ id, label }) => ({ value: id, label, hidden: isHidden(marks, id) })),
      model: byName([
        ...(models ?? []).map(({ model }) => model ?? ''),
        ...providers.flatMap(({ id }) => (hosts[id]?.models ?? []).map((model) => model.id)),
        ...seen.models,
      ])
        .toSorted((a, b) => Number(starred.has(b)) - Number(starred.has(a)))
        .map((value) => ({ value, label: value, hidden: hidden.has(value) })),
      consumer: byName([...(sources ?? []).map(({ source }) => source ?? ''), ...seen.sources]).map(plain),
      path: seen.paths.map((value) => ({ value, label: shortPath(value) })),
    };
  }, [providers, hosts, seen, models, sources, marks]);
}

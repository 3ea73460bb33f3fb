'use client';
import type { PrefixDrift, PrefixDrifts } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { useQuery } from '../browser/query';
import { hostName } from '../control/names';
import { duration, spoken } from '../format/number';
import { Ago } from '../live/Ago';
import { WithinLink } from '../page/WithinLink';
import { viewHref, type CacheFilter } from './address';
import { KindMark, SeenBy } from './marks';
import { useCacheQuery } from './use-cache';
import { causeWords } from './words';

const MOST = 5;

interface CostliestProps {
  filter: CacheFilter;
  onDrift: (id: string) => void;
}

/** The single requests that cost most. */
export function Costliest({ filter, onDrift }: CostliestProps) {
  const [query] = useQuery();
  const path = withQuery('/prompt-cache/drifts', { ...useCacheQuery(filter), order: 'cost', limit: MOST });
  const { data, error } = useKept(useResource<PrefixDrifts>(path), JSON.stringify(filter));
  if (!data) return error ? <p className="text-sm text-fg2">{error.message}</p> : null;
  return (
    <section aria-labelledby="cache-costliest" className="min-w-0">
      <h2 id="cache-costliest" className="mb-2 flex flex-wrap items-baseline gap-x-3 text-base font-semibold">
        What cost most
        <WithinLink
          href={viewHref(query, 'drifts', { order: 'cost' })}
          className="text-sm font-normal text-accent hover:underline"
        >
          Show all
        </WithinLink>
      </h2>
      <ul className="divide-y rounded-lg border text-sm">
        {data.drifts.map((drift) => (
          <Row key={drift.id} drift={drift} onOpen={() => onDrift(drift.id)} />
        ))}
      </ul>
    </section>
  );
}

function Row({ drift, onOpen }: { drift: PrefixDrift; onOpen: () => void }) {
  const { kind, cause, at, consumer, providerId, model, lostMs, seenBy } = drift;
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="grid w-full grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-3 py-2 text-left hover:bg-s2"
      >
        <span className="flex min-w-0 items-center gap-2">
          <KindMark kind={kind} />
          <span className="truncate">{causeWords(cause).name}</span>
          <SeenBy seenBy={seenBy} />
        </span>
        <span className="num text-right font-mono">{spoken(duration(lostMs))}</span>
        <span className="min-w-0 truncate text-xs text-fg2">
          {consumer}, {hostName(providerId)} <code className="font-mono">{model}</code>
        </span>
        <Ago atMs={instantToMs(at)} className="text-right text-xs text-fg3" />
      </button>
    </li>
  );
}

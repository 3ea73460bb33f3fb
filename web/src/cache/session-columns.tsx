'use client';
import type { CacheSession } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { hostName } from '../control/names';
import { bytes, compact, count, duration, NONE, spoken } from '../format/number';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { hitRate, share, shortSession } from './words';

const SORTS_LOADED = 'sorts what is loaded';
const Text = ({ children, mono = false }: { children: string; mono?: boolean }) => (
  <span className={`truncate ${mono ? 'font-mono' : ''}`} title={children}>
    {children}
  </span>
);
/** Normal is dim. */
const some = (n: number, className: string) =>
  n === 0 ? <span className="text-fg3">0</span> : <span className={className}>{count(n)}</span>;

export const SESSION_COLUMNS: readonly Column<CacheSession>[] = [
  {
    id: 'last',
    name: 'Last',
    minPx: 88,
    fixed: true,
    render: ({ lastAt }) => <Ago atMs={instantToMs(lastAt)} className="truncate text-fg2" />,
  },
  {
    id: 'consumer',
    name: 'Consumer',
    minPx: 110,
    grow: 0.5,
    fixed: true,
    sortBy: ({ source }) => source,
    hint: `Who asked; ${SORTS_LOADED}`,
    render: ({ source }) => <Text>{source}</Text>,
  },
  {
    id: 'rate',
    name: 'From the cache',
    hint: `Of the tokens of its prompts; ${SORTS_LOADED}`,
    minPx: 116,
    numeric: true,
    sortBy: ({ promptTokens, cacheTokens }) => hitRate(cacheTokens, promptTokens),
    render: ({ promptTokens, cacheTokens }) => share(hitRate(cacheTokens, promptTokens)),
  },
  {
    id: 'drifts',
    name: 'Changed',
    hint: `Prompts that changed before their end; ${SORTS_LOADED}`,
    minPx: 76,
    numeric: true,
    largestFirst: true,
    sortBy: ({ drifts }) => drifts,
    render: ({ drifts }) => some(drifts, 'text-busy'),
  },
  {
    id: 'misses',
    name: 'Missed',
    hint: `Prompts that did not change and were not in the cache; ${SORTS_LOADED}`,
    minPx: 68,
    numeric: true,
    largestFirst: true,
    sortBy: ({ misses }) => misses,
    render: ({ misses }) => some(misses, ''),
  },
  {
    id: 'cost',
    name: 'Cost',
    hint: `Time that was spent with reading again what had been in the cache; ${SORTS_LOADED}`,
    minPx: 72,
    numeric: true,
    largestFirst: true,
    sortBy: ({ lostMs }) => lostMs,
    render: ({ lostMs, drifts, misses }) =>
      drifts + misses === 0 ? <span className="text-fg3">{NONE}</span> : spoken(duration(lostMs)),
  },
  {
    id: 'requests',
    name: 'Requests',
    hint: SORTS_LOADED,
    minPx: 76,
    numeric: true,
    largestFirst: true,
    sortBy: ({ requests }) => requests,
    render: ({ requests }) => count(requests),
  },
  {
    id: 'model',
    name: 'Model',
    minPx: 140,
    grow: 1,
    sortBy: ({ model }) => model,
    hint: `The last one; ${SORTS_LOADED}`,
    render: ({ model }) => <Text mono>{model}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 96,
    grow: 0.5,
    sortBy: ({ providerId }) => hostName(providerId),
    hint: `The last one; ${SORTS_LOADED}`,
    render: ({ providerId }) => <Text>{hostName(providerId)}</Text>,
  },
  {
    id: 'tokens',
    name: 'Tokens',
    hint: `Of all its prompts; ${SORTS_LOADED}`,
    minPx: 68,
    numeric: true,
    largestFirst: true,
    optional: true,
    sortBy: ({ promptTokens }) => promptTokens,
    render: ({ promptTokens }) => compact(promptTokens),
  },
  {
    id: 'size',
    name: 'Size',
    hint: `Of its last prompt; ${SORTS_LOADED}`,
    minPx: 76,
    numeric: true,
    largestFirst: true,
    optional: true,
    sortBy: ({ bytes: size }) => size,
    render: ({ bytes: size }) => spoken(bytes(size)),
  },
  {
    id: 'session',
    name: 'Session',
    hint: 'What stands for its name, which is not kept',
    minPx: 76,
    render: ({ session }) => <Text mono>{shortSession(session)}</Text>,
  },
];

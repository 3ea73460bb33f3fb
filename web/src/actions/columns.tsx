'use client';
import type { Action, Lease } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { actionWords, ranMs, STATES } from '../control/words';
import { count, duration, NONE, spoken } from '../format/number';
import { hostName } from '../control/names';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';

/** Without `sortBy`: the rows come in pages, so that only the order of the history holds for all of them. */

const Text = ({ children, title, dim = false }: { children: ReactNode; title?: string; dim?: boolean }) => (
  <span className={`truncate ${dim ? 'text-fg2' : ''}`} title={title}>
    {children}
  </span>
);

const when = (endedAt: string | null): ReactNode =>
  endedAt === null ? NONE : <Ago atMs={instantToMs(endedAt)} className="truncate text-fg2" />;

const took = (ms: number | null): ReactNode => (ms === null ? NONE : spoken(duration(ms)));

export const ACTION_COLUMNS: readonly Column<Action>[] = [
  { id: 'ended', name: 'Ended', minPx: 96, fixed: true, render: ({ endedAt }) => when(endedAt) },
  {
    id: 'action',
    name: 'Action',
    minPx: 150,
    grow: 1.4,
    fixed: true,
    render: (action) => {
      const { verb } = actionWords(action);
      return <Text title={verb}>{verb}</Text>;
    },
  },
  { id: 'outcome', name: 'Outcome', minPx: 120, render: (action) => <Outcome action={action} /> },
  {
    id: 'host',
    name: 'Host',
    minPx: 90,
    grow: 0.6,
    render: ({ providerId }) => <Text title={hostName(providerId)}>{hostName(providerId)}</Text>,
  },
  {
    id: 'took',
    name: 'Took',
    hint: 'From its start on the host to its end',
    minPx: 64,
    numeric: true,
    render: (action) => took(ranMs(action)),
  },
  {
    id: 'reason',
    name: 'Reason',
    minPx: 130,
    grow: 2,
    render: ({ reason }) => (
      <Text dim {...(reason ? { title: reason.message } : {})}>
        {reason?.message ?? ''}
      </Text>
    ),
  },
  {
    id: 'source',
    name: 'Asked by',
    minPx: 80,
    grow: 0.5,
    render: ({ source, confirmed }) => (
      <Text dim title={confirmed ? `${source}, in spite of what stood against it` : source}>
        {source}
      </Text>
    ),
  },
];

/** Normal is dim: only what did not go as asked has a colour. */
export function Outcome({ action: { state } }: { action: Action }) {
  const { tone, word } = STATES[state];
  const calm = tone === 'ready' || tone === 'down';
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${calm ? 'text-fg2' : toneText[tone]}`}
    >
      {tone !== 'ready' && <Mark tone={tone} />}
      {word}
    </span>
  );
}

/** "released", "taken over by anna" */
export function endWords({ end, endedBy }: Pick<Lease, 'end' | 'endedBy'>): string {
  if (end === 'taken_over') return endedBy === null ? 'taken over' : `taken over by ${endedBy}`;
  return end === 'expired' ? 'expired: not heard of' : 'given back';
}

export const heldMs = ({ since, endedAt }: Pick<Lease, 'since' | 'endedAt'>): number | null =>
  endedAt === null ? null : Math.max(0, instantToMs(endedAt) - instantToMs(since));

export const LEASE_COLUMNS: readonly Column<Lease>[] = [
  { id: 'ended', name: 'Ended', minPx: 96, fixed: true, render: ({ endedAt }) => when(endedAt) },
  {
    id: 'holder',
    name: 'Held by',
    minPx: 130,
    grow: 1,
    fixed: true,
    render: ({ holder }) => <Text title={holder}>{holder}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 90,
    grow: 0.6,
    render: ({ providerId }) => <Text title={hostName(providerId)}>{hostName(providerId)}</Text>,
  },
  { id: 'held', name: 'Held', minPx: 84, numeric: true, render: (lease) => took(heldMs(lease)) },
  {
    id: 'foreign',
    name: 'Foreign',
    hint: 'Requests of others meanwhile',
    minPx: 64,
    numeric: true,
    render: ({ foreignRequests: n }) => <span className={n === 0 ? 'text-fg3' : ''}>{count(n)}</span>,
  },
  {
    id: 'purpose',
    name: 'For',
    minPx: 130,
    grow: 2,
    render: ({ purpose }) => (
      <Text dim title={purpose}>
        {purpose}
      </Text>
    ),
  },
  {
    id: 'end',
    name: 'End',
    minPx: 130,
    grow: 1,
    render: (lease) => (
      <Text dim={lease.end === 'released'} title={endWords(lease)}>
        {endWords(lease)}
      </Text>
    ),
  },
];

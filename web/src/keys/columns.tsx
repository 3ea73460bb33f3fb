'use client';
import type { ApiKey } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { compact } from '../format/number';
import { exact } from '../format/time';
import { useTick, serverNow } from '../live';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { Bar } from '../ui/gauges';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import {
  budgetReading,
  budgetText,
  expiryText,
  keyState,
  lastUseMs,
  limitsOf,
  listText,
  TONE,
} from './state';

const Text = ({ children, title }: { children: ReactNode; title: string }) => (
  <span className="truncate text-fg2" title={title}>
    {children}
  </span>
);

/** Normal is dim: only a key that lets nobody in has a mark. */
export function StateMark({ apiKey }: { apiKey: ApiKey }) {
  const state = useTick((nowMs) => keyState(apiKey, nowMs));
  const tone = TONE[state];
  return (
    <span className={`inline-flex items-center gap-1.5 ${state === 'active' ? 'text-fg2' : toneText[tone]}`}>
      {state !== 'active' && <Mark tone={tone} />}
      {state}
    </span>
  );
}

export function Expiry({ apiKey: { expiresAt } }: { apiKey: ApiKey }) {
  const text = useTick((nowMs) => expiryText(expiresAt, nowMs));
  if (expiresAt === null) return <span className="text-fg3">{text}</span>;
  const atMs = instantToMs(expiresAt);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exact(atMs)} className="truncate text-fg2">
      {text}
    </time>
  );
}

/** The month's tokens, as a bar where there is a budget. */
export function Budget({ apiKey }: { apiKey: ApiKey }) {
  const reading = budgetReading(apiKey);
  const text = budgetText(apiKey);
  if (!reading)
    return (
      <span className="num w-full truncate text-right text-fg2" title={text}>
        {compact(apiKey.tokensThisMonth)}
        <span className="unit">no limit</span>
      </span>
    );
  return (
    <span className="grid w-full grid-cols-[minmax(2.5rem,1fr)_auto] items-center gap-2">
      <Bar label="This month" text={text} reading={reading} />
      <span aria-hidden className="num whitespace-nowrap">
        {reading.value}
        <span className="unit">{reading.unit}</span>
      </span>
    </span>
  );
}

export const KEY_COLUMNS: readonly Column<ApiKey>[] = [
  {
    id: 'name',
    name: 'Name',
    minPx: 120,
    grow: 1.4,
    fixed: true,
    sortBy: ({ name }) => name.toLowerCase(),
    render: ({ name }) => (
      <span className="truncate font-medium" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'state',
    name: 'State',
    minPx: 76,
    sortBy: (key) => keyState(key, serverNow()),
    render: (key) => <StateMark apiKey={key} />,
  },
  {
    id: 'label',
    name: 'Source',
    hint: 'Its requests count as of this consumer, where the client says none',
    minPx: 90,
    grow: 0.8,
    sortBy: ({ label }) => label,
    render: ({ label }) => <Text title={label}>{label}</Text>,
  },
  {
    id: 'month',
    name: 'Tokens this month',
    hint: 'Prompts and answers together, of a month by UTC; beside them the budget',
    minPx: 168,
    grow: 0.8,
    largestFirst: true,
    sortBy: ({ tokensThisMonth }) => tokensThisMonth,
    render: (key) => <Budget apiKey={key} />,
  },
  {
    id: 'used',
    name: 'Last used',
    minPx: 84,
    largestFirst: true,
    sortBy: lastUseMs,
    render: (key) => {
      const atMs = lastUseMs(key);
      return atMs === null ? (
        <span className="text-fg3">never</span>
      ) : (
        <Ago atMs={atMs} className="truncate text-fg2" />
      );
    },
  },
  {
    id: 'expires',
    name: 'Expires',
    minPx: 76,
    sortBy: ({ expiresAt }) => (expiresAt === null ? null : instantToMs(expiresAt)),
    render: (key) => <Expiry apiKey={key} />,
  },
  {
    id: 'models',
    name: 'Models',
    minPx: 80,
    grow: 1,
    render: ({ models }) => <Text title={listText(models)}>{listText(models)}</Text>,
  },
  {
    id: 'policies',
    name: 'Policies',
    minPx: 70,
    grow: 0.7,
    render: ({ policies }) => <Text title={listText(policies)}>{listText(policies)}</Text>,
  },
  {
    id: 'limits',
    name: 'Limits',
    minPx: 80,
    grow: 0.9,
    render: (key) => {
      const text = limitsOf(key).join(', ') || 'none';
      return <Text title={text}>{text}</Text>;
    },
  },
  {
    id: 'frontier',
    name: 'Frontier',
    hint: 'Whether it may use services of somebody else, which may cost money',
    minPx: 62,
    sortBy: ({ frontier }) => (frontier ? 0 : 1),
    render: ({ frontier }) => <span className={frontier ? '' : 'text-fg3'}>{frontier ? 'yes' : 'no'}</span>,
  },
];

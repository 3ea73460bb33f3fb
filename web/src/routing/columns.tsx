'use client';
import type { InflightRoute } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { hostName } from '../control/names';
import { compact, count, duration, NONE, spoken } from '../format/number';
import { isOwn } from '../format/text';
import { span } from '../format/time';
import { useFleetTick, useIsLost } from '../live';
import { Ago } from '../live/Ago';
import type { Column } from '../page/columns';
import { IconButton } from '../ui/controls';
import { CloseIcon } from '../ui/icons';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import { cancelUnderWay } from './cancel';
import {
  cameMs,
  cancelledBy,
  endedWords,
  failovers,
  stateHint,
  stateWord,
  targetOf,
  type RequestRow,
} from './rows';

const Text = ({
  children,
  mono = false,
  dim = false,
}: {
  children: string;
  mono?: boolean;
  dim?: boolean;
}) => (
  <span className={`truncate ${mono ? 'font-mono' : ''} ${dim ? 'text-fg2' : ''}`} title={children}>
    {children}
  </span>
);

const took = (ms: number | null): ReactNode =>
  ms === null ? <span className="text-fg3">{NONE}</span> : spoken(duration(ms));

/** Figures that only a request that has ended has. */
const ended = (
  row: RequestRow,
  of: (fact: Extract<RequestRow, { kind: 'past' }>['fact']) => number | null,
) => (row.kind === 'past' ? of(row.fact) : null);

const SORTS_LOADED = 'sorts what is loaded';

export const REQUEST_COLUMNS: readonly Column<RequestRow>[] = [
  {
    id: 'when',
    name: 'Came',
    minPx: 92,
    fixed: true,
    render: (row) =>
      row.kind === 'live' ? (
        <span className="text-fg3">now</span>
      ) : (
        <Ago atMs={cameMs(row)} className="truncate text-fg2" />
      ),
  },
  {
    id: 'outcome',
    name: 'Outcome',
    minPx: 124,
    fixed: true,
    render: (row) =>
      row.kind === 'live' ? (
        <span className="flex flex-1 items-center justify-between">
          <Phase request={row.request} />
          <CancelButton request={row.request} />
        </span>
      ) : (
        <Outcome row={row} />
      ),
  },
  {
    id: 'asked',
    name: 'Asked for',
    minPx: 110,
    grow: 1,
    fixed: true,
    sortBy: (row) => (row.kind === 'live' ? row.request.asked : row.fact.asked),
    hint: `The model as the client named it; ${SORTS_LOADED}`,
    render: (row) => <Text mono>{(row.kind === 'live' ? row.request.asked : row.fact.asked) || NONE}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 90,
    grow: 0.6,
    sortBy: (row) => hostName(targetOf(row)?.providerId ?? ''),
    hint: `The last that was asked; ${SORTS_LOADED}`,
    render: (row) => {
      const target = targetOf(row);
      return target === null ? (
        <span className="text-fg3">{NONE}</span>
      ) : (
        <Text>{hostName(target.providerId)}</Text>
      );
    },
  },
  {
    id: 'model',
    name: 'Model',
    minPx: 130,
    grow: 1.4,
    sortBy: (row) => targetOf(row)?.model ?? null,
    hint: `As the host names it; ${SORTS_LOADED}`,
    render: (row) => {
      const target = targetOf(row);
      return target === null ? <span className="text-fg3">{NONE}</span> : <Text mono>{target.model}</Text>;
    },
  },
  {
    id: 'over',
    name: 'Over',
    hint: `Attempts that failed before the last one; ${SORTS_LOADED}`,
    minPx: 48,
    numeric: true,
    largestFirst: true,
    sortBy: failovers,
    render: (row) => {
      const n = failovers(row);
      return n === 0 ? <span className="text-fg3">0</span> : <span className="text-busy">{count(n)}</span>;
    },
  },
  {
    id: 'policy',
    name: 'Policy',
    minPx: 64,
    optional: true,
    render: (row) => (
      <Text dim>{(row.kind === 'live' ? row.request.policy : row.fact.policy?.name) ?? 'none'}</Text>
    ),
  },
  {
    id: 'queue',
    name: 'Queued',
    hint: `Waited for a place at a host; ${SORTS_LOADED}`,
    minPx: 70,
    numeric: true,
    largestFirst: true,
    sortBy: (row) => ended(row, ({ queueMs }) => queueMs),
    render: (row) => {
      const ms = ended(row, ({ queueMs }) => queueMs);
      return ms !== null && ms < 1 ? <span className="text-fg3">0</span> : took(ms);
    },
  },
  {
    id: 'content',
    name: 'Content',
    hint: `Until the first content of the answer; ${SORTS_LOADED}`,
    minPx: 70,
    numeric: true,
    largestFirst: true,
    sortBy: (row) => ended(row, ({ firstContentMs }) => firstContentMs),
    render: (row) => took(ended(row, ({ firstContentMs }) => firstContentMs)),
  },
  {
    id: 'tokens',
    name: 'Tokens',
    hint: `Generated; ${SORTS_LOADED}`,
    minPx: 60,
    numeric: true,
    largestFirst: true,
    sortBy: (row) => ended(row, ({ outputTokens }) => outputTokens),
    render: (row) => {
      const n = ended(row, ({ outputTokens }) => outputTokens);
      return n === null ? <span className="text-fg3">{NONE}</span> : compact(n);
    },
  },
  {
    id: 'took',
    name: 'Took',
    hint: `From the request to the end of the answer; ${SORTS_LOADED}`,
    minPx: 64,
    numeric: true,
    largestFirst: true,
    sortBy: (row) => ended(row, ({ durationMs }) => durationMs),
    render: (row) => (row.kind === 'live' ? <Age sinceMs={cameMs(row)} /> : took(row.fact.durationMs)),
  },
  {
    id: 'consumer',
    name: 'Consumer',
    minPx: 96,
    grow: 0.6,
    sortBy: (row) => (row.kind === 'live' ? row.request.source : row.fact.source),
    hint: `Who asked; ${SORTS_LOADED}`,
    render: (row) => <Consumer source={row.kind === 'live' ? row.request.source : row.fact.source} />,
  },
];

function Phase({ request: { state } }: { request: InflightRoute }) {
  const lost = useIsLost();
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-busy" title={stateHint(state)}>
      <Mark tone="busy" pulses={!lost} />
      {stateWord(state)}
    </span>
  );
}

/** Normal is dim: only what did not go well has a colour. */
function Outcome({ row: { fact } }: { row: Extract<RequestRow, { kind: 'past' }> }) {
  const { tone, text } = endedWords(fact);
  const by = cancelledBy(fact);
  return (
    <span
      title={by === null ? fact.error?.message : `by ${by}`}
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${tone === 'ready' || tone === 'down' ? 'text-fg2' : toneText[tone]}`}
    >
      {tone !== 'ready' && <Mark tone={tone} />}
      {text}
    </span>
  );
}

function Consumer({ source }: { source: string }) {
  if (!isOwn(source)) return <Text dim>{source}</Text>;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-own" title={source}>
      <Mark tone="own" />
      <span className="truncate">{source}</span>
    </span>
  );
}

/** How long it has been under way. */
export function Age({ sinceMs }: { sinceMs: number }) {
  const text = useFleetTick((nowMs) => span(nowMs - sinceMs).replace('now', '0 s'));
  return <span className="text-busy">{text}</span>;
}

function CancelButton({ request: { id, asked } }: { request: InflightRoute }) {
  return (
    <IconButton
      label={`Cancel the request for ${asked || 'a model that is still to be named'}`}
      className="size-6! pointer-coarse:size-10!"
      onClick={(event) => {
        event.stopPropagation();
        void cancelUnderWay(id);
      }}
    >
      <CloseIcon className="size-3.5" />
    </IconButton>
  );
}

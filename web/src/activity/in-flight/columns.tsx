'use client';
import { askFor } from '../../control/asked';
import { hostName } from '../../control/names';
import { bytes, NONE, spoken } from '../../format/number';
import { exact, span } from '../../format/time';
import { useFleetTick } from '../../live';
import type { Column } from '../../page/columns';
import { cancelUnderWay } from '../../routing/cancel';
import { stateHint, stateWord } from '../../routing/rows';
import { IconButton } from '../../ui/controls';
import { CloseIcon } from '../../ui/icons';
import { Mark } from '../../ui/marks';
import { Consumer } from '../FeedCells';
import { shortPath } from '../rows';
import type { Cancel, Flight } from './flights';

const Text = ({ children, mono = false }: { children: string; mono?: boolean }) => (
  <span className={`truncate ${mono ? 'font-mono' : ''}`} title={children}>
    {children}
  </span>
);
const Nothing = ({ why }: { why?: string }) => (
  <span className="text-fg3" title={why}>
    {NONE}
  </span>
);

export const FLIGHT_COLUMNS: readonly Column<Flight>[] = [
  {
    id: 'age',
    name: 'Elapsed',
    hint: 'Since it came; of requests that a host tells of, by the host’s clock',
    minPx: 76,
    numeric: true,
    largestFirst: true,
    fixed: true,
    sortBy: ({ startedMs }) => (startedMs === null ? null : -startedMs),
    render: ({ startedMs }) =>
      startedMs === null ? <Nothing why="The host does not say since when" /> : <Age sinceMs={startedMs} />,
  },
  {
    id: 'state',
    name: 'State',
    minPx: 132,
    fixed: true,
    sortBy: ({ state }) => state ?? 'running',
    render: (flight) => (
      <span className="flex flex-1 items-center justify-between gap-1">
        <Phase flight={flight} />
        <CancelButton flight={flight} />
      </span>
    ),
  },
  {
    id: 'model',
    name: 'Model',
    minPx: 130,
    grow: 1.4,
    fixed: true,
    sortBy: ({ model }) => model || null,
    render: ({ model }) =>
      model === '' ? <Nothing why="Its body is still coming" /> : <Text mono>{model}</Text>,
  },
  {
    id: 'host',
    name: 'Host',
    minPx: 90,
    grow: 0.7,
    sortBy: ({ providerId }) => (providerId === null ? null : hostName(providerId)),
    render: ({ providerId }) =>
      providerId === null ? <Nothing why="None is chosen yet" /> : <Text>{hostName(providerId)}</Text>,
  },
  {
    id: 'consumer',
    name: 'Consumer',
    minPx: 96,
    grow: 0.7,
    sortBy: ({ source }) => source,
    render: ({ source }) => (
      <span className="truncate" title={source ?? undefined}>
        <Consumer source={source ?? ''} known={source !== null} />
      </span>
    ),
  },
  {
    id: 'way',
    name: 'Way',
    hint: 'Through /v1, or straight to its host',
    minPx: 64,
    sortBy: ({ state }) => (state === null ? 'direct' : '/v1'),
    render: ({ state, joined }) =>
      state === null ? (
        <span className="text-fg3">direct</span>
      ) : (
        <span
          title={
            joined === 'matched'
              ? 'The host lists one that fits by model, path and time; it does not tell headers'
              : undefined
          }
        >
          /v1
        </span>
      ),
  },
  {
    id: 'bytes',
    name: 'Answered',
    hint: 'Bytes of the answer so far; hosts before v240 do not tell them',
    minPx: 78,
    numeric: true,
    largestFirst: true,
    sortBy: (flight) => flight.bytes,
    render: (flight) =>
      flight.bytes === null ? (
        <Nothing why="This llama-swap version does not tell how much it has answered" />
      ) : (
        spoken(bytes(flight.bytes))
      ),
  },
  {
    id: 'path',
    name: 'Path',
    minPx: 120,
    grow: 0.6,
    sortBy: ({ path }) => path,
    render: ({ path }) => <Text mono>{shortPath(path)}</Text>,
  },
];

/** Longer than that is no longer usual. */
const LONG_MS = 120_000;

function Age({ sinceMs }: { sinceMs: number }) {
  const text = useFleetTick((nowMs) => span(nowMs - sinceMs).replace('now', '0 s'));
  const isLong = useFleetTick((nowMs) => nowMs - sinceMs >= LONG_MS);
  return (
    <span title={`since ${exact(sinceMs)}`} className={isLong ? 'text-busy' : ''}>
      {text}
    </span>
  );
}

/** Normal is dim: only what waits has a colour. */
function Phase({ flight: { state } }: { flight: Flight }) {
  const waits = state !== null && state !== 'streaming';
  return (
    <span
      className={`inline-flex items-center gap-1.5 whitespace-nowrap ${waits ? 'text-busy' : 'text-fg2'}`}
      title={state === null ? 'Its host tells no more than that it runs' : stateHint(state)}
    >
      <Mark tone={waits ? 'busy' : 'neutral'} />
      {state === null ? 'running' : stateWord(state)}
    </span>
  );
}

function CancelButton({ flight: { cancel, model } }: { flight: Flight }) {
  return (
    <IconButton
      label={`Cancel the request ${model === '' ? 'whose model is still to be named' : `of ${model}`}`}
      className="size-6! pointer-coarse:size-10!"
      onClick={(event) => {
        event.stopPropagation();
        end(cancel);
      }}
    >
      <CloseIcon className="size-3.5" />
    </IconButton>
  );
}

/** By the gateway at once; a host is asked by an action, which first says what it would do. */
function end(cancel: Cancel): void {
  if (cancel.by === 'route') return void cancelUnderWay(cancel.id);
  askFor({ kind: 'cancel', providerId: cancel.providerId, inflightId: cancel.inflightId });
}

'use client';
import type { ActivityRow } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { compact, count, duration, NONE, rate } from '../format/number';
import { isOwn } from '../format/text';
import { exact, span } from '../format/time';
import { useFleetTick, useIsLost } from '../live';
import { askFor } from '../control/asked';
import { IconButton } from '../ui/controls';
import { CloseIcon } from '../ui/icons';
import { Mark } from '../ui/marks';
import { Ago } from '../live/Ago';
import { toneText } from '../ui/tone';
import { cacheText } from './prompt-text';
import { figuresOf, shortPath, statusOf, type FeedItem } from './rows';
import { Way } from './Way';

interface CellsProps {
  item: Exclude<FeedItem, { kind: 'note' }>;
  nameOf: (providerId: string) => string;
  /** A running row that is kept on a paused page although it has ended. */
  ended: boolean;
  /** Tab reaches what is in the row. */
  reachable: boolean;
}

export function WideCells({ item, nameOf, ended, reachable }: CellsProps) {
  if (item.kind === 'running') {
    const { model, source, reqPath } = item.request;
    return (
      <>
        <Cell n={0} className="text-fg3">
          now
        </Cell>
        <Cell n={1} title={nameOf(item.providerId)}>
          {nameOf(item.providerId)}
        </Cell>
        <Cell n={2} className="font-mono" title={model}>
          {model}
        </Cell>
        <Cell n={3} title={source}>
          <Consumer source={source} known={item.request.sourceKnown} />
        </Cell>
        <Cell n={4} className="font-mono text-fg2" title={reqPath}>
          {shortPath(reqPath)}
        </Cell>
        <Cell n={5} className="flex! items-center justify-between">
          <Running ended={ended} />
          {!ended && <CancelButton item={item} reachable={reachable} className="size-6!" />}
        </Cell>
        {[6, 7, 8, 9, 10].map((n) => (
          <Cell key={n} n={n} />
        ))}
        <Cell n={11} number>
          {ended ? null : <Elapsed sinceMs={item.startedMs} wide />}
        </Cell>
      </>
    );
  }
  const { row } = item;
  const figures = figuresOf(row);
  const took = duration(row.durationMs);
  const promptTitle = cacheText(row) ?? undefined;
  return (
    <>
      <Cell n={0} className="text-fg2">
        <Ago atMs={instantToMs(row.ts)} />
      </Cell>
      <Cell n={1} title={nameOf(row.providerId)}>
        {nameOf(row.providerId)}
      </Cell>
      <Cell n={2} className="font-mono" title={row.model}>
        {row.model}
      </Cell>
      <Cell n={3} title={row.source}>
        <Consumer source={row.source} /> <Way row={row} />
      </Cell>
      <Cell n={4} className="font-mono text-fg2" title={row.reqPath}>
        {shortPath(row.reqPath)}
      </Cell>
      <Cell n={5}>
        <Status row={row} />
      </Cell>
      <Cell n={6} number title={promptTitle}>
        {count(figures.promptTokens)}
      </Cell>
      <Cell n={7} number className="text-fg2" title={promptTitle}>
        {count(figures.cacheTokens)}
      </Cell>
      <Cell n={8} number>
        {count(figures.outputTokens)}
      </Cell>
      <Cell n={9} number className="text-fg2">
        {rate(figures.promptTps)}
      </Cell>
      <Cell n={10} number>
        {rate(figures.genTps)}
      </Cell>
      <Cell n={11} number>
        <Took value={took.value} unit={took.unit} />
      </Cell>
    </>
  );
}

export function NarrowCells({ item, nameOf, ended, reachable }: CellsProps) {
  const running = item.kind === 'running';
  const { model, source } = running ? item.request : item.row;
  const providerId = running ? item.providerId : item.row.providerId;
  const took = running ? null : duration(item.row.durationMs);
  return (
    <>
      <span role="gridcell" className="flex items-center gap-2">
        {running ? <Running ended={ended} /> : <Status row={item.row} />}
        <span className="min-w-0 flex-1 truncate font-mono text-sm">{model}</span>
        <span className="text-fg3">{running ? 'now' : <Ago atMs={instantToMs(item.row.ts)} />}</span>
        {running && !ended && (
          <CancelButton item={item} reachable={reachable} className="absolute top-1 right-2 size-10!" />
        )}
      </span>
      <span role="gridcell" className="num flex items-center gap-1.5 text-2xs text-fg2">
        <span className="min-w-0 flex-1 truncate">
          {nameOf(providerId)} ·{' '}
          <Consumer source={source} known={running ? item.request.sourceKnown : true} />{' '}
          {!running && <Way row={item.row} />}
        </span>
        {took ? (
          <span>
            {compact(item.kind === 'row' ? figuresOf(item.row).outputTokens : null)} tok · {took.value}{' '}
            {took.unit}
          </span>
        ) : (
          running && !ended && <Elapsed sinceMs={item.startedMs} />
        )}
      </span>
    </>
  );
}

interface CellProps {
  n: number;
  number?: boolean;
  className?: string;
  title?: string;
  children?: ReactNode;
}
function Cell({ n, number, className = '', title, children }: CellProps) {
  return (
    <span
      role="gridcell"
      title={title}
      className={`feed-c${n} ${number ? 'text-right font-mono tabular-nums' : 'truncate'} ${className}`}
    >
      {children}
    </span>
  );
}

function Status({ row }: { row: ActivityRow }) {
  const { tone, text } = statusOf(row);
  // Normal is dim: only what is not has a mark and a colour.
  if (tone === 'ready' || tone === 'neutral') return <span className="text-fg3">{text}</span>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={row.errorMsg ?? undefined}>
      <Mark tone={tone} />
      <span className={toneText[tone]}>{text}</span>
    </span>
  );
}

interface CancelButtonProps {
  item: Extract<FeedItem, { kind: 'running' }>;
  reachable: boolean;
  className: string;
}

function CancelButton({ item, reachable, className }: CancelButtonProps) {
  return (
    <IconButton
      label={`Cancel the request of ${item.request.model}`}
      tabIndex={reachable ? 0 : -1}
      className={className}
      onClick={(event) => {
        event.stopPropagation();
        cancelRequest(item);
      }}
    >
      <CloseIcon className="size-3.5" />
    </IconButton>
  );
}

/** Asks first, and says what it would do. */
export const cancelRequest = ({ providerId, request }: CancelButtonProps['item']): void =>
  askFor({ kind: 'cancel', providerId, inflightId: request.id });

function Running({ ended }: { ended: boolean }) {
  const lost = useIsLost();
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Mark tone={ended ? 'neutral' : 'busy'} pulses={!ended && !lost} />
      <span className={ended ? 'text-fg2' : 'text-busy'}>{ended ? 'ended' : 'running'}</span>
    </span>
  );
}

export function Consumer({ source, known = true }: { source: string; known?: boolean | undefined }) {
  if (!known)
    return <span title="This llama-swap version says so only when the request is done">{NONE}</span>;
  if (source === 'unattributed') return <span className="text-fg3">unattributed</span>;
  if (!isOwn(source)) return source;
  return (
    <span className="text-own" title="Our own benchmark or evaluation traffic">
      <span className="mr-1.5 inline-block">
        <Mark tone="own" />
      </span>
      {source}
    </span>
  );
}

/** A duration in the wide list: figures below figures, units below units. */
function Took({ value, unit = '' }: { value: string; unit?: string | undefined }) {
  return (
    <>
      {value}
      <span className="unit inline-block w-[1.7em] text-left">{unit}</span>
    </>
  );
}

function Elapsed({ sinceMs, wide = false }: { sinceMs: number | null; wide?: boolean }) {
  const text = useFleetTick((nowMs) =>
    sinceMs === null ? NONE : span(nowMs - sinceMs).replace('now', '0 s'),
  );
  const [value = '', unit] = text.split(' ');
  return (
    <span title={sinceMs === null ? undefined : `since ${exact(sinceMs)}`} className="text-busy">
      {wide ? <Took value={value} unit={unit} /> : text}
    </span>
  );
}

'use client';
import type { ActivityEntry, ActivityRow, Capture } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { refresh, useResource } from '../api/resource';
import { count, duration, NONE, rate, spoken } from '../format/number';
import { exact } from '../format/time';
import { Awaiting, Button, Notice } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { Chip } from '../ui/marks';
import { Ago } from '../live/Ago';
import { StaleNote } from '../live/StaleNote';
import { PageLink } from '../shell/PageLink';
import { ConversationView } from './ConversationView';
import { Consumer } from './FeedCells';
import { HeadersView, RawView } from './RawView';
import { cacheText } from './prompt-text';
import { figuresOf, statusOf } from './rows';
import { joinWords, wayWords } from './way-words';

const Dispatch = lazy(() => import('../dispatch/Dispatch').then((module) => ({ default: module.Dispatch })));

const PENDING_EVERY_MS = 2000;

interface CaptureDrawerProps {
  openKey: string;
  nameOf: (providerId: string) => string;
  onClose: () => void;
}

export default function CaptureDrawer({ openKey, nameOf, onClose }: CaptureDrawerProps) {
  const path = `/activity/${encodeURIComponent(openKey)}`;
  const [pending, setPending] = useState(false);
  const { data, error, loading } = useResource<ActivityEntry>(path, pending ? PENDING_EVERY_MS : undefined);
  const isPending = data?.captureState === 'pending';
  if (isPending !== pending) setPending(isPending);
  return (
    <Drawer
      title={data ? data.row.model : 'Request'}
      onClose={onClose}
      aside={data && <Chip tone={statusOf(data.row).tone}>{statusOf(data.row).text}</Chip>}
    >
      <StaleNote />
      {data ? (
        <>
          <Facts row={data.row} nameOf={nameOf} />
          <Kept key={openKey} openKey={openKey} entry={data} />
        </>
      ) : error ? (
        <Notice
          title="Couldn't load the request"
          action={<Button onClick={() => refresh(path)}>Try again</Button>}
        >
          {error.message}
        </Notice>
      ) : (
        loading && <Awaiting>Loading the request from the history.</Awaiting>
      )}
    </Drawer>
  );
}

function Facts({ row, nameOf }: { row: ActivityRow; nameOf: (providerId: string) => string }) {
  const ms = instantToMs(row.ts);
  const figures = figuresOf(row);
  return (
    <>
      {row.errorMsg && (
        <p className="mb-4 rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
          {row.errorMsg}
        </p>
      )}
      <dl className="num grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
        <Fact name="Host">{nameOf(row.providerId)}</Fact>
        <Fact name="Consumer">
          <Consumer source={row.source} />
        </Fact>
        <Fact name="Path">
          <code className="font-mono text-xs">{row.reqPath}</code>
        </Fact>
        <Fact name="Duration">{spoken(duration(row.durationMs))}</Fact>
        <Fact name="Prompt">
          {withUnit(count(figures.promptTokens), 'tokens')}
          <span className="block text-xs text-fg2">{cacheText(row)}</span>
        </Fact>
        <Fact name="Generated">{withUnit(count(figures.outputTokens), 'tokens')}</Fact>
        <Fact name="Prompt speed">{withUnit(rate(figures.promptTps), 'tok/s')}</Fact>
        <Fact name="Generation speed">{withUnit(rate(figures.genTps), 'tok/s')}</Fact>
        {row.draftTokens !== null && (
          <Fact name="Drafted">
            {count(row.draftAcceptedTokens)} of {count(row.draftTokens)} accepted
          </Fact>
        )}
        {row.dispatchId && (
          <div className="col-span-2 sm:col-span-4">
            <dt className="eyebrow">Way</dt>
            <dd>{wayWords(row)}</dd>
          </div>
        )}
        <div className="col-span-2 sm:col-span-4">
          <dt className="eyebrow">Ended</dt>
          <dd>
            {exact(ms)} <span className="text-fg3">by the host’s clock,</span>{' '}
            <Ago atMs={ms} className="text-fg2" />
          </dd>
        </div>
      </dl>
    </>
  );
}

const withUnit = (value: string, unit: string): string => (value === NONE ? NONE : `${value} ${unit}`);

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

const NOT_KEPT = {
  none: [
    'The host kept no capture of this request.',
    'llama-swap keeps bodies only while captureBuffer in its config is above 0, and never for audio and image routes.',
  ],
  pending: ['The capture is on its way.', 'It appears here as soon as it is stored.'],
  gone: [
    'The capture is gone.',
    'It left the host’s buffer before it could be fetched, or the budget for captures pushed it out. A larger captureBuffer or CAPTURE_BUDGET_MB keeps more.',
  ],
} as const;

const VIEWS = ['Conversation', 'Raw', 'Headers'] as const;
type View = (typeof VIEWS)[number] | 'Routing';

/** A chat whose body is there in full. */
const canBeAskedAgain = ({ reqPath, reqBody }: Capture): boolean =>
  reqPath.endsWith('/chat/completions') && reqBody?.encoding === 'utf8' && !reqBody.cut;

/** The bodies, and beside them how a request through /v1 was decided. */
function Kept({ entry, openKey }: { entry: ActivityEntry; openKey: string }) {
  const { capture, captureState, row } = entry;
  const isKept = captureState === 'stored' && capture !== null;
  const [chosen, setView] = useState<View | null>(null);
  const { dispatchId } = row;
  if (!isKept && !dispatchId) return <NotKept state={captureState} />;
  const views: readonly View[] = dispatchId ? [...VIEWS, 'Routing'] : VIEWS;
  const view = chosen ?? (isKept ? 'Conversation' : 'Routing');
  return (
    <>
      <div role="group" aria-label="View of the request" className="mt-6 mb-4 flex gap-1 border-b">
        {views.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === view}
            onClick={() => setView(name)}
            className={`-mb-px border-b-2 px-3 py-1.5 text-sm pointer-coarse:py-2.5 ${name === view ? 'border-accent text-fg' : 'border-transparent text-fg2 hover:text-fg'}`}
          >
            {name}
          </button>
        ))}
      </div>
      {view === 'Routing' ? (
        dispatchId && <Routing id={dispatchId} row={row} />
      ) : isKept ? (
        <>
          {canBeAskedAgain(capture) && (
            <PageLink
              href={`/playground/?from=${encodeURIComponent(openKey)}`}
              className="mb-3 inline-flex items-center text-sm text-accent underline pointer-coarse:min-h-10"
            >
              Open in Playground
            </PageLink>
          )}
          <CaptureBody view={view} capture={capture} contentType={row.respContentType} />
        </>
      ) : (
        <NotKept state={captureState} />
      )}
    </>
  );
}

function NotKept({ state }: { state: ActivityEntry['captureState'] }) {
  const [what, why] = NOT_KEPT[state === 'stored' ? 'gone' : state];
  return (
    <div role="status" className="mt-6 rounded-lg border border-dashed px-4 py-6 text-center text-sm">
      <p className="font-medium">{what}</p>
      <p className="mt-1 text-fg2">{why}</p>
    </div>
  );
}

function Routing({ id, row }: { id: string; row: ActivityRow }) {
  return (
    <>
      <p className="mb-4 text-sm text-fg2">
        {joinWords(row)}{' '}
        <PageLink href={`/routing/?dispatch=${encodeURIComponent(id)}`} className="text-accent underline">
          Show it on the Routing page
        </PageLink>
      </p>
      <Suspense fallback={<Awaiting>Loading how it was decided.</Awaiting>}>
        <Dispatch id={id} />
      </Suspense>
    </>
  );
}

interface CaptureBodyProps {
  view: (typeof VIEWS)[number];
  capture: Capture;
  contentType: string | null;
}

function CaptureBody({ view, capture, contentType }: CaptureBodyProps) {
  if (view === 'Headers') return <HeadersView capture={capture} />;
  if (view === 'Raw') return <RawView capture={capture} />;
  return <ConversationView capture={capture} contentType={contentType} />;
}

'use client';
import { lazy, memo, Suspense, useState } from 'react';
import { useLive } from '../live';
import { Button } from '../ui/controls';
import { ChevronIcon } from '../ui/icons';
import { Menu } from '../ui/Menu';
import { shownModel } from './choices';
import { Conversation } from './Conversation';
import type { Desk } from './desk';
import type { Run } from './run';
import { newPane } from './turns';
import type { Pane } from './types';

const ModelPicker = lazy(() => import('./ModelPicker'));
const RawPane = lazy(() => import('./RawPane').then((module) => ({ default: module.RawPane })));

interface PaneViewProps {
  desk: Desk;
  pane: Pane;
  run: Run | undefined;
  /** From 1. */
  number: number;
  /** How many there are. */
  count: number;
  canFork: boolean;
  onWhy: (dispatchId: string) => void;
}

/** One conversation with one model. */
export const PaneView = memo(function PaneView(props: PaneViewProps) {
  const { desk, pane, run, number, count, canFork, onWhy } = props;
  const providers = useLive((state) => state.providers);
  const [isPicking, setPicking] = useState(false);
  const [isRaw, setRaw] = useState(false);
  const { name, host } = shownModel(pane.model, providers);
  const items = [
    ...(canFork
      ? [
          { label: 'Add a pane', run: () => desk.addPane(newPane(pane.model)) },
          { label: 'Fork', run: () => desk.fork(pane.id, null) },
        ]
      : []),
    ...(count > 1 ? [{ label: 'Close', danger: true, run: () => desk.closePane(pane.id) }] : []),
  ];
  return (
    <section
      aria-label={`Conversation ${number}`}
      className="flex min-h-0 min-w-0 flex-col bg-s1"
      data-testid="pane"
    >
      <div className="flex items-center gap-1 border-b px-2 py-1">
        {count > 1 && <span className="num px-1 font-mono text-xs text-fg3">{number}</span>}
        <button
          type="button"
          aria-haspopup="dialog"
          disabled={run !== undefined}
          title={pane.model}
          onClick={() => setPicking(true)}
          className="flex h-8 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm hover:bg-s3 pointer-coarse:h-10"
        >
          <span className="sr-only">Model of conversation {number}: </span>
          <span className="truncate font-medium">{name || 'Choose a model'}</span>{' '}
          {host && <span className="max-w-[45%] shrink-0 truncate text-xs text-fg3">{host}</span>}
          <ChevronIcon className="size-3.5 shrink-0 rotate-90 text-fg3" />
        </button>
        <span className="ml-auto" />
        <Button
          look="quiet"
          aria-pressed={isRaw}
          className={`h-7! px-2! text-xs! pointer-coarse:h-10! ${isRaw ? 'bg-s3 text-fg!' : ''}`}
          onClick={() => setRaw(!isRaw)}
        >
          Raw
        </Button>
        {items.length > 0 && <Menu label={`Conversation ${number}`} items={items} />}
      </div>
      {isRaw ? (
        <Suspense>
          <RawPane desk={desk} pane={pane} label={`Raw request and answer ${number}`} />
        </Suspense>
      ) : (
        <Conversation desk={desk} pane={pane} run={run} canFork={canFork} number={number} onWhy={onWhy} />
      )}
      {isPicking && (
        <Suspense>
          <ModelPicker
            label={`Model of conversation ${number}`}
            onChoose={(model) => desk.setModel(pane.id, model)}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      )}
    </section>
  );
});

'use client';
import type { DryRunChange, RouteTerms } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { useState, type MouseEvent } from 'react';
import { hostName } from '../control/names';
import { Ago } from '../live/Ago';
import { Button } from '../ui/controls';
import { whyWords } from './dry-run';

/** So many at first, and so many more each time. */
const STEP = 20;

interface DryRunChangesProps {
  /** Newest first. */
  changes: readonly DryRunChange[];
  /** So many there are; the list may be shorter. */
  all: number;
  /** Of the draft. */
  weights: RouteTerms;
  onOpen: (id: string) => void;
}

/** Requests that would have gone elsewhere; each opens its record. */
export function DryRunChanges({ changes, all, weights, onOpen }: DryRunChangesProps) {
  const [shown, setShown] = useState(STEP);
  const left = changes.length - shown;
  return (
    <>
      <ol aria-label="Chosen otherwise, newest first" className="divide-y rounded-lg border text-sm">
        {changes.slice(0, shown).map((change) => (
          <Change key={change.id} change={change} weights={weights} onOpen={() => onOpen(change.id)} />
        ))}
      </ol>
      {left > 0 && (
        <Button look="quiet" onClick={() => setShown(shown + STEP)}>
          Show {Math.min(STEP, left)} more of {changes.length}
        </Button>
      )}
      {left <= 0 && all > changes.length && (
        <p className="text-xs text-fg2">These are the newest {changes.length} of them.</p>
      )}
    </>
  );
}

interface ChangeProps {
  change: DryRunChange;
  weights: RouteTerms;
  onOpen: () => void;
}

function Change({ change, weights, onOpen }: ChangeProps) {
  const { id, at, source, was, wouldBe, becomes } = change;
  const open = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    // The editor stays open with what was not saved.
    event.preventDefault();
    onOpen();
  };
  return (
    <li className="min-w-0 px-3 py-2">
      <a
        href={`/routing/?dispatch=${id}`}
        onClick={open}
        className="flex flex-wrap items-baseline gap-x-3 text-accent hover:underline pointer-coarse:min-h-10 pointer-coarse:items-center"
      >
        <Ago atMs={instantToMs(at)} className="num text-xs" />
        <span className="min-w-0 truncate text-xs">{source}</span>
        <span className="sr-only">: open the request</span>
      </a>
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)_auto] gap-x-2">
        <Place name="was" of={was} />
        {wouldBe && <Place name="would be" of={wouldBe} isBetter />}
        {!wouldBe && (
          <>
            <dt className="text-xs leading-5 text-fg2">would be</dt>
            <dd className="col-span-2">{becomes === 'nobody' ? 'nobody: refused' : 'cannot be told'}</dd>
          </>
        )}
      </dl>
      <p className="mt-0.5 text-xs text-fg2 [overflow-wrap:anywhere]">{whyWords(change, weights)}</p>
    </li>
  );
}

interface PlaceProps {
  name: string;
  of: NonNullable<DryRunChange['wouldBe']>;
  isBetter?: boolean;
}

function Place({ name, of: { providerId, model, score }, isBetter = false }: PlaceProps) {
  return (
    <>
      <dt className="text-xs leading-5 text-fg2">{name}</dt>
      <dd className={`min-w-0 [overflow-wrap:anywhere] ${isBetter ? '' : 'text-fg2'}`}>
        {hostName(providerId)} <code className="font-mono text-xs">{model}</code>
      </dd>
      <dd className="num font-mono text-xs leading-5" title="Its score by the policy beside this">
        {score === null ? '' : score.toFixed(2)}
      </dd>
    </>
  );
}

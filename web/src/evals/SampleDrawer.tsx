'use client';
import type { EvalRun, EvalSample } from '@boocontrol/contracts';
import { useEffect, useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { count } from '../format/number';
import { isOpen } from '../runs/run-words';
import { Awaiting, Button, IconButton } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { ChevronIcon } from '../ui/icons';
import { tell } from '../ui/notices';
import { regrade, samplePath } from './calls';
import type { SampleAt } from './items';
import { SampleBody } from './SampleBody';
import { OUTCOME } from './words';

interface SampleDrawerProps {
  run: EvalRun;
  at: SampleAt;
  /** Among those that the arrows go over, from 0; negative: it is none of them. */
  place: number;
  of: number;
  version: number;
  /** null: there is none. */
  onBefore: (() => void) | null;
  onNext: (() => void) | null;
  onClose: () => void;
}

/** What scrolls sideways or takes text keeps its arrows. */
const KEEPS_ARROWS = 'input, select, textarea, pre, [role=group], [role=menu], [role=grid]';

/** The arrows to the left and right go from sample to sample. External system: the keyboard. */
function useArrows(onBefore: (() => void) | null, onNext: (() => void) | null): void {
  const newest = useRef({ onBefore, onNext });
  useEffect(() => {
    newest.current = { onBefore, onNext };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
      if (target instanceof Element && target.closest(KEEPS_ARROWS)) return;
      const go = key === 'ArrowLeft' ? newest.current.onBefore : newest.current.onNext;
      if (!go) return;
      event.preventDefault();
      go();
    };
    // On its way down: the drawer lets no arrow out again.
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, []);
}

/** All that is known of one sample: what was asked, what came, and every rule and test. */
export default function SampleDrawer(props: SampleDrawerProps) {
  const { run, at, place, of, version, onBefore, onNext, onClose } = props;
  const path = samplePath(run.id, at.item, at.sample);
  const { data, error } = useResource<EvalSample>(path);
  const [busy, setBusy] = useState(false);
  useArrows(onBefore, onNext);
  // What is not there yet comes with another version of the run.
  const isMissing = error instanceof ApiError && error.problem.code === 'unknown_sample';
  useEffect(() => {
    if (isMissing) refresh(path);
  }, [isMissing, path, version]);
  const again = async (): Promise<void> => {
    setBusy(true);
    try {
      const { outcome, regraded } = await regrade(run.id, at.item, at.sample);
      tell(
        regraded && regraded.was !== outcome
          ? `Graded again: it was “${OUTCOME[regraded.was].word}”, it is “${OUTCOME[outcome].word}”.`
          : `Graded again: it is still “${OUTCOME[outcome].word}”.`,
      );
    } catch (failure) {
      tell(`It was not graded again. ${messageOf(failure)}`, true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer
      wide
      isText
      title={`${at.item}, try ${at.sample + 1}`}
      aside={
        <span className="flex items-center gap-1 text-sm text-fg3">
          <IconButton label="Sample before (←)" disabled={!onBefore} onClick={() => onBefore?.()}>
            <ChevronIcon className="size-4 rotate-180" />
          </IconButton>
          {place >= 0 && (
            <span className="num max-sm:sr-only">
              {count(place + 1)} of {count(of)}
            </span>
          )}
          <IconButton label="Next sample (→)" disabled={!onNext} onClick={() => onNext?.()}>
            <ChevronIcon className="size-4" />
          </IconButton>
        </span>
      }
      onClose={onClose}
    >
      {!data && !error && <Awaiting>Loading the sample.</Awaiting>}
      {!data && error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          {isMissing && isOpen(run) ? 'It has no outcome yet.' : `Couldn’t load the sample. ${error.message}`}
          <Button onClick={() => refresh(path)}>Try again</Button>
        </p>
      )}
      {data && (
        <SampleBody
          sample={data}
          action={
            !isOpen(run) && (
              <Button disabled={busy} onClick={() => void again()}>
                {busy ? 'Grading…' : 'Grade again'}
              </Button>
            )
          }
        />
      )}
    </Drawer>
  );
}

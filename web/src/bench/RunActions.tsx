'use client';
import type { BenchRun, BenchRunDetail, Problem, RerunCells } from '@boocontrol/contracts';
import { lazy, Suspense, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh } from '../api/resource';
import { goWithin } from '../browser/query';
import { plural } from '../format/number';
import { Button } from '../ui/controls';
import { tell } from '../ui/notices';
import { cancel, dropBaseline, exportHref, remove, rerun, setBaseline } from './calls';
import { Insist } from '../runs/Insist';
import { CancelButton } from '../runs/CancelButton';
import { ExportButton } from '../runs/ExportButton';
import { isOpen } from '../runs/run-words';
import { unmeasured } from './words';

const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));

export interface Rerun {
  ask: (cells: RerunCells) => void;
  /** Between the buttons and what follows: a question, or what went wrong. */
  question: React.ReactNode;
}

const whatWill = (cells: RerunCells): string =>
  cells === 'contaminated'
    ? 'its contaminated cells will be measured again'
    : cells === 'unmeasured'
      ? 'it will be measured to its end'
      : 'the cell will be measured again';

/** Measures cells again, and asks where others would be disturbed. */
export function useRerun({ id, suiteName }: BenchRun, path: string): Rerun {
  const [wanted, setWanted] = useState<{ cells: RerunCells; problem: Problem } | null>(null);
  const [busy, setBusy] = useState(false);
  const go = async (cells: RerunCells, confirm: boolean): Promise<void> => {
    setBusy(true);
    try {
      await rerun(id, cells, confirm);
      setWanted(null);
      tell(`${suiteName} waits for its turn: ${whatWill(cells)}.`);
    } catch (error) {
      if (error instanceof ApiError && error.problem.requiresConfirmation)
        setWanted({ cells, problem: error.problem });
      else tell(`Nothing is measured. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
      refresh(path);
    }
  };
  return {
    ask: (cells) => void go(cells, false),
    question: wanted && (
      <Insist
        problem={wanted.problem}
        touched="cells"
        busy={busy}
        onInsist={() => void go(wanted.cells, true)}
        onLeave={() => setWanted(null)}
      />
    ),
  };
}

interface RunActionsProps {
  detail: BenchRunDetail;
  path: string;
  again: Rerun;
  isBaseline: boolean;
}

/** What can be done with a run. */
export function RunActions({ detail: { run }, path, again, isBaseline }: RunActionsProps) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const mark = async (): Promise<void> => {
    setBusy(true);
    try {
      if (isBaseline) await dropBaseline(run);
      else await setBaseline(run.id);
      tell(
        isBaseline
          ? 'It is no baseline any more: runs are held against the last clean one of the same setup.'
          : `Later runs of ${run.suiteName} with this model on this host are held against it.`,
      );
    } catch (error) {
      tell(`The baseline is as it was. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
      refresh(path);
    }
  };
  if (isOpen(run))
    return (
      <CancelButton name={run.suiteName} cancel={() => cancel(run.id)} onSettled={() => refresh(path)} />
    );
  const left = run.kind === 'measured' ? unmeasured(run) : 0;
  return (
    <>
      {left !== 0 && (
        <Button onClick={() => again.ask('unmeasured')}>
          {left === null ? 'Measure the rest' : `Measure the ${plural(left, 'missing cell')}`}
        </Button>
      )}
      {run.contaminated > 0 && (
        <Button onClick={() => again.ask('contaminated')}>
          Measure {plural(run.contaminated, 'contaminated cell')} again
        </Button>
      )}
      <Button disabled={busy || run.cellsDone === 0} onClick={() => void mark()}>
        {isBaseline ? 'No longer the baseline' : 'Set as baseline'}
      </Button>
      <ExportButton
        formats={FORMATS.map(({ format, text }) => ({ href: exportHref(run.id, format), text }))}
      />
      <Button look="quiet" onClick={() => setAsks(true)}>
        Remove
      </Button>
      {asks && (
        <Suspense>
          <Confirm
            title="Remove this run?"
            verb="Remove"
            doing="Removing…"
            keep="Keep it"
            openerLeaves
            onClose={() => setAsks(false)}
            run={async () => {
              await remove(run.id);
              tell('The run is removed.');
              goWithin('/bench/');
            }}
          >
            <p>
              Its figures and every request of it are gone for good; later runs can no longer be held against
              it.
            </p>
          </Confirm>
        </Suspense>
      )}
    </>
  );
}

const FORMATS = [
  { format: 'json', text: 'JSON: everything' },
  { format: 'csv', text: 'CSV: a line for each figure' },
  { format: 'md', text: 'Markdown: a table' },
] as const;

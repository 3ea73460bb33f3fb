'use client';
import type { EvalRunDetail, Problem } from '@boocontrol/contracts';
import { lazy, Suspense, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh } from '../api/resource';
import { goWithin } from '../browser/query';
import { count } from '../format/number';
import { CancelButton } from '../runs/CancelButton';
import { ExportButton } from '../runs/ExportButton';
import { Insist } from '../runs/Insist';
import { isOpen } from '../runs/run-words';
import { targetKey } from '../runs/targets';
import { Button } from '../ui/controls';
import { tell } from '../ui/notices';
import { cancel, remove, resume, runExportHref, runPath } from './calls';

const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));

const FORMATS = [
  { format: 'json', text: 'JSON: everything' },
  { format: 'csv', text: 'CSV: a line for each sample' },
  { format: 'md', text: 'Markdown: a table' },
] as const;

/** What can be done with a run. */
export function RunActions({ detail: { run } }: { detail: EvalRunDetail }) {
  const [asks, setAsks] = useState(false);
  const [objection, setObjection] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const path = runPath(run.id);
  if (isOpen(run))
    return (
      <CancelButton name={run.suiteName} cancel={() => cancel(run.id)} onSettled={() => refresh(path)} />
    );
  const faults = run.outcomes.harness_error ?? 0;
  const left = run.total - run.done + faults;
  const goOn = async (confirm: boolean): Promise<void> => {
    setBusy(true);
    try {
      await resume(run.id, confirm);
      setObjection(null);
      tell(`${run.suiteName} waits for its turn: what is missing will be asked.`);
    } catch (error) {
      if (error instanceof ApiError && error.problem.requiresConfirmation) setObjection(error.problem);
      else tell(`Nothing is asked. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
      refresh(path);
    }
  };
  const again = `/evals/?ask=new&suite=${encodeURIComponent(run.suiteName)}&target=${encodeURIComponent(targetKey(run))}`;
  return (
    <>
      {left > 0 && (
        <Button disabled={busy} onClick={() => void goOn(false)}>
          {run.done < run.total ? `Go on: ${count(left)} left` : `Ask ${count(left)} of our fault again`}
        </Button>
      )}
      <Button onClick={() => goWithin(again)}>Run again</Button>
      <ExportButton
        formats={FORMATS.map(({ format, text }) => ({ href: runExportHref(run.id, format), text }))}
      />
      <Button look="quiet" onClick={() => setAsks(true)}>
        Remove
      </Button>
      {objection && (
        <div className="basis-full">
          <Insist
            problem={objection}
            touched="samples"
            busy={busy}
            onInsist={() => void goOn(true)}
            onLeave={() => setObjection(null)}
          />
        </div>
      )}
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
              goWithin('/evals/?what=runs');
            }}
          >
            <p>Its score and every sample of it are gone for good; routing no longer counts it.</p>
          </Confirm>
        </Suspense>
      )}
    </>
  );
}

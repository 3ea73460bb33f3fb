'use client';
import type { EvalSandboxes, EvalStarted, EvalSuiteDetail, EvalSuites, Problem } from '@boocontrol/contracts';
import { useMemo, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useQuery } from '../browser/query';
import { plural } from '../format/number';
import { StaleNote } from '../live/StaleNote';
import { Insist } from '../runs/Insist';
import { TargetPicker } from '../runs/TargetPicker';
import { readTarget } from '../runs/targets';
import { useEstimate } from '../runs/use-estimate';
import { Awaiting, Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { estimate, SANDBOXES, start, suitePath, SUITES, type Wanted } from './calls';
import { EstimateView } from './EstimateView';
import { changesOf, itemsOf, NO_CHANGES, type LaunchForm } from './launch-form';
import { LaunchFields } from './LaunchFields';
import { NoSandbox } from './NoSandbox';
import { SuiteChoice } from './SuiteChoice';

interface LauncherProps {
  onClose: () => void;
  onStarted: () => void;
}

/** What the address said of the launcher and of the list behind it. */
const LEFT_BEHIND = { ask: null, target: null, suite: null, host: null, model: null, what: null, row: null };

/** What to ask and whom, how long it takes and whom it disturbs, and the button that begins it. */
export default function Launcher({ onClose, onStarted }: LauncherProps) {
  const { data, error } = useResource<EvalSuites>(SUITES);
  const sandboxes = useResource<EvalSandboxes>(SANDBOXES).data;
  const [query, setQuery] = useQuery();
  const [name, setName] = useState<string>(query.get('suite') ?? 'agent-coding');
  const [chosen, setChosen] = useState<readonly string[]>(query.getAll('target'));
  const [form, setForm] = useState<LaunchForm>(NO_CHANGES);
  const [objection, setObjection] = useState<Problem | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const suite = data?.suites.find((each) => each.name === name) ?? data?.suites[0];
  const { data: detail } = useResource<EvalSuiteDetail>(suite ? suitePath(suite.name) : null);
  const known = detail?.head.name === suite?.name ? detail : null;
  const changes = changesOf(form);
  const items = useMemo(() => (known ? itemsOf(known.suite, known.head.retired, form) : null), [known, form]);
  const isEmpty = items?.length === 0;
  const wanted: Wanted | null =
    !suite || chosen.length === 0 || changes === null || isEmpty
      ? null
      : { suite: suite.name, targets: chosen.map(readTarget), ...changes, ...(items ? { items } : {}) };
  const estimated = useEstimate(wanted, estimate);
  const hasCode = suite?.kinds.includes('coding') === true && (form.kind ?? 'coding') === 'coding';
  const isRefused = hasCode && sandboxes?.usable.length === 0;
  const settle = (): void => {
    setObjection(null);
    setProblem(null);
  };
  const set = (more: Partial<LaunchForm>): void => {
    setForm({ ...form, ...more });
    settle();
  };
  const begun = ({ runs }: EvalStarted): void => {
    onStarted();
    const [first] = runs;
    if (first && runs.length === 1) return setQuery({ ...LEFT_BEHIND, run: first.id }, true);
    tell(`${plural(runs.length, 'run')} wait for their turns. Hosts are asked side by side.`);
    setQuery({ ...LEFT_BEHIND, what: 'runs' }, true);
  };
  const begin = async (confirm: boolean): Promise<void> => {
    if (!wanted) return;
    setBusy(true);
    setProblem(null);
    try {
      begun(await start(wanted, confirm));
    } catch (failure) {
      setBusy(false);
      if (failure instanceof ApiError && failure.problem.requiresConfirmation) setObjection(failure.problem);
      else setProblem(messageOf(failure));
    }
  };
  return (
    <Drawer
      wide
      title="Ask a model"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            disabled={wanted === null || busy || objection !== null || isRefused}
            onClick={() => void begin(false)}
          >
            {busy && !objection ? 'Beginning…' : 'Start'}
          </Button>
        </>
      }
    >
      <StaleNote />
      {!data && !error && <Awaiting>Loading the suites.</Awaiting>}
      {!data && error && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          Couldn’t load the suites. {error.message}
          <Button onClick={() => refresh(SUITES)}>Try again</Button>
        </p>
      )}
      {data && suite && (
        <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-5">
            <SuiteChoice
              suites={data.suites}
              chosen={suite.name}
              onChange={(next) => {
                setName(next);
                set({ difficulty: null, kind: null });
              }}
            />
            <LaunchFields suite={suite} items={known?.suite.items ?? null} form={form} set={set} />
            {isEmpty && <p className="text-sm text-busy">No item is of this difficulty and kind.</p>}
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <fieldset className="flex min-w-0 flex-col gap-2">
              <legend className="mb-1 text-sm font-medium">Whom</legend>
              <TargetPicker
                chosen={chosen}
                onChange={(next) => {
                  setChosen(next);
                  settle();
                }}
              />
            </fieldset>
            {isRefused && sandboxes && <NoSandbox sandboxes={sandboxes} />}
            <section
              aria-label="Estimate"
              aria-live="polite"
              className={`min-h-24 ${estimated.isCurrent ? '' : 'opacity-60'}`}
            >
              {!wanted && (
                <p className="text-sm text-fg2">
                  {changes === null
                    ? 'Mend the fields beside, and how long it takes is told here.'
                    : 'Choose a model, and how long it takes is told here.'}
                </p>
              )}
              {wanted && estimated.data && <EstimateView estimate={estimated.data} />}
              {wanted && estimated.error && (
                <p className="text-sm text-error">
                  How long it takes is not known. {estimated.error.message}
                </p>
              )}
            </section>
            {objection && (
              <Insist
                problem={objection}
                touched="samples"
                busy={busy}
                onInsist={() => void begin(true)}
                onLeave={() => setObjection(null)}
              />
            )}
            {problem && (
              <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm">
                {problem}
              </p>
            )}
          </div>
        </div>
      )}
    </Drawer>
  );
}

'use client';
import type { BenchStarted, BenchSuites, Problem } from '@boocontrol/contracts';
import { useMemo, useState } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useQuery } from '../browser/query';
import { plural } from '../format/number';
import { useLive } from '../live';
import { StaleNote } from '../live/StaleNote';
import { usePlaces } from '../models/use-places';
import { Awaiting, Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { estimate, start, SUITES, type Wanted } from './calls';
import { Command } from './Command';
import { EstimateView } from './EstimateView';
import { Insist } from '../runs/Insist';
import { SuiteChoice } from './SuiteChoice';
import { TargetPicker } from '../runs/TargetPicker';
import { namedBy, readTarget } from '../runs/targets';
import { useEstimate } from '../runs/use-estimate';

interface LauncherProps {
  onClose: () => void;
  onStarted: () => void;
}

/** What the address said of the launcher and of the list behind it. */
const LEFT_BEHIND = { ask: null, target: null, suite: null, host: null, model: null };

/** What to measure and where, how long it takes and whom it disturbs, and the button that begins it. */
export default function Launcher({ onClose, onStarted }: LauncherProps) {
  const { data, error } = useResource<BenchSuites>(SUITES);
  const [query, setQuery] = useQuery();
  const [name, setName] = useState<string>(query.get('suite') ?? 'quick');
  const [chosen, setChosen] = useState<readonly string[]>(query.getAll('target'));
  const [own, setOwn] = useState(true);
  const [objection, setObjection] = useState<Problem | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const places = usePlaces();
  const providers = useLive((state) => state.providers);
  const suite = data?.suites.find((each) => each.name === name) ?? data?.suites[0];
  const hasOwn = (suite?.suite.targets.length ?? 0) > 0;
  const named = useMemo(() => (suite ? namedBy(suite.suite, places) : []), [suite, places]);
  const byItself = hasOwn && own;
  const targets = byItself ? named : chosen.map(readTarget);
  const wanted: Wanted | null =
    !suite || targets.length === 0 ? null : byItself ? { suite: suite.name } : { suite: suite.name, targets };
  const estimated = useEstimate(wanted, estimate);
  const settle = (): void => {
    setObjection(null);
    setProblem(null);
  };
  const begun = ({ runs }: BenchStarted): void => {
    onStarted();
    const [first] = runs;
    if (first && runs.length === 1) return setQuery({ ...LEFT_BEHIND, run: first.id }, true);
    tell(`${plural(runs.length, 'run')} wait for their turns. Hosts are measured side by side.`);
    onClose();
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
  const [first] = targets;
  const url = providers.find(({ id }) => id === first?.providerId)?.baseUrl;
  return (
    <Drawer
      wide
      title="Measure"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            disabled={wanted === null || busy || objection !== null}
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
                setOwn(true);
                settle();
              }}
            />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <fieldset className="flex min-w-0 flex-col gap-2">
              <legend className="mb-1 text-sm font-medium">Where</legend>
              {hasOwn && (
                <>
                  <Where
                    checked={own}
                    onChange={() => setOwn(true)}
                    text={`The models that the suite names: ${plural(named.length, 'model')} now`}
                    more={suite.suite.targets.map(({ provider, model }) => `${provider}/${model}`).join(', ')}
                  />
                  <Where checked={!own} onChange={() => setOwn(false)} text="Others" />
                </>
              )}
              {!byItself && (
                <TargetPicker
                  chosen={chosen}
                  onChange={(next) => {
                    setChosen(next);
                    settle();
                  }}
                />
              )}
            </fieldset>
            <section
              aria-label="Estimate"
              aria-live="polite"
              className={`min-h-24 ${estimated.isCurrent ? '' : 'opacity-60'}`}
            >
              {!wanted && (
                <p className="text-sm text-fg2">
                  {byItself
                    ? 'No model that is there now fits.'
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
                touched="cells"
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
            {first && url && (
              <Command suite={suite} url={url} model={first.model} isOne={targets.length === 1} />
            )}
          </div>
        </div>
      )}
    </Drawer>
  );
}

function Where({
  checked,
  onChange,
  text,
  more,
}: {
  checked: boolean;
  onChange: () => void;
  text: string;
  more?: string;
}) {
  return (
    <label className="flex items-start gap-2.5 text-sm pointer-coarse:min-h-10">
      <input type="radio" name="where" checked={checked} onChange={onChange} className="mt-1 accent-accent" />
      <span className="min-w-0">
        {text}
        {more !== undefined && (
          <code className="block font-mono text-xs text-fg2 [overflow-wrap:anywhere]">{more}</code>
        )}
      </span>
    </label>
  );
}

'use client';
import { NewRoutePolicySchema } from '@boocontrol/contracts';
import { useEffect, useRef } from 'react';
import { useDrawer } from '../browser/use-drawer';
import { Dispatch } from '../dispatch/Dispatch';
import { plural } from '../format/number';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { DryRunChanges } from './DryRunChanges';
import { gapWords, sumWords } from './dry-run';
import { askedName, policyProblems, toPolicyInput, type PolicyForm } from './policy-form';
import { useDryRun, type DryRunAnswer } from './use-dry-run';

/** What the policy as it is in the editor would have chosen for the requests of the last day. */
export default function DryRunPane({ form }: { form: PolicyForm }) {
  const checked = NewRoutePolicySchema.safeParse({ ...toPolicyInput(form), name: form.name.trim() });
  const draft = checked.success ? checked.data : null;
  const { answer, question, error, isAsking, ask, stop } = useDryRun();
  // Above the editor, which stays open with what was not saved.
  const drawer = useDrawer('dispatch');
  const isOld = question !== null && (draft === null || JSON.stringify(draft) !== question);
  // The pane was opened to see it: what is complete is asked at once, and later on demand.
  const first = useRef(draft);
  useEffect(() => {
    if (first.current !== null) ask(first.current);
  }, [ask]);
  return (
    <section aria-label="Against the last day" className="flex min-w-0 flex-col gap-4">
      <div>
        <h3 className="font-semibold">Against the last day</h3>
        <p className="text-xs text-fg2">
          The requests that {form.name ? askedName(form.name.trim()) : 'this policy'} has decided in the last
          24 hours, each decided anew by itself, on the fleet as its record saw it. What other choices would
          have changed (load, loaded models, where a session was) is not counted. Nothing is sent.
        </p>
      </div>
      {checked.error && <Incomplete problem={firstProblem(checked.error.issues)} />}
      {isAsking && (
        <p role="status" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
          Going through the requests of the last day…
          <Button onClick={stop}>Stop</Button>
        </p>
      )}
      {!isAsking && error !== null && (
        <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
          This could not be told. {error}
          <Button disabled={draft === null} onClick={() => draft && ask(draft)}>
            Try again
          </Button>
        </p>
      )}
      {!isAsking && error === null && draft !== null && (isOld || question === null) && (
        <p role="status" className="flex flex-wrap items-center gap-3 text-sm">
          {isOld && <span className="text-busy">The policy was changed since this was told.</span>}
          <Button onClick={() => ask(draft)}>
            {isOld ? 'Tell it anew' : 'Hold it against the last day'}
          </Button>
        </p>
      )}
      {answer && <Told answer={answer} isOld={isOld || isAsking} onOpen={drawer.open} />}
      {drawer.opened !== null && (
        <Drawer key={drawer.opened} title="A request of the last day" isText onClose={drawer.close}>
          <Dispatch id={drawer.opened} />
        </Drawer>
      )}
    </section>
  );
}

const firstProblem = (issues: Parameters<typeof policyProblems>[0]): string => {
  const { fields, rest } = policyProblems(issues);
  return Object.values(fields)[0] ?? rest ?? '';
};

function Incomplete({ problem }: { problem: string }) {
  return (
    <p role="status" className="text-sm text-busy">
      This goes on when the policy is complete. {problem}
    </p>
  );
}

interface ToldProps {
  answer: DryRunAnswer;
  isOld: boolean;
  onOpen: (id: string) => void;
}

function Told({ answer: { told, draft }, isOld, onOpen }: ToldProps) {
  const name = askedName(draft.name);
  if (told.requests === 0)
    return (
      <p role="status" className={`text-sm ${isOld ? 'stale' : ''}`}>
        Nobody has asked for {name} in the last 24 hours, so there is nothing to hold it against. Requests to{' '}
        <code className="font-mono text-xs">/v1</code> for the model{' '}
        <code className="font-mono text-xs">{name}</code> are recorded and counted here.
      </p>
    );
  return (
    <div aria-busy={isOld} className={`flex flex-col gap-4 ${isOld ? 'stale' : ''}`}>
      <p role="status" className="text-sm font-medium" data-testid="dry-run-sum">
        {sumWords(told)}
        {told.isCut && (
          <span className="font-normal text-fg2"> There were more; these are the newest of them.</span>
        )}
      </p>
      <Untold told={told} />
      {told.changes.length > 0 && (
        <DryRunChanges changes={told.changes} all={told.otherwise} weights={draft.weights} onOpen={onOpen} />
      )}
    </div>
  );
}

/** In how many requests it cannot be told, and what is missing. */
function Untold({ told: { untold, gaps } }: { told: DryRunAnswer['told'] }) {
  const [first] = gaps;
  if (first === undefined) return null;
  const words = `In ${plural(untold, 'request')} it cannot be told`;
  if (gaps.length === 1)
    return (
      <p className="text-sm text-fg2">
        {words}, because {gapWords(first.because)}.
      </p>
    );
  return (
    <div className="text-sm text-fg2">
      <p>{words}:</p>
      <ul className="list-disc pl-5">
        {gaps.map(({ because, requests }) => (
          <li key={because}>
            in {requests}, because {gapWords(because)}
          </li>
        ))}
      </ul>
    </div>
  );
}

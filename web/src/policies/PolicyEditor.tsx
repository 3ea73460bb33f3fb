'use client';
import { NewRoutePolicySchema, RoutePolicyInputSchema, type RoutePolicy } from '@boocontrol/contracts';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { ApiError, messageOf } from '../api/client';
import { useQuery } from '../browser/query';
import { StaleNote } from '../live/StaleNote';
import type { Complaints } from '../page/issues';
import { useFirstProblem } from '../page/use-first-problem';
import { ViewChoice } from '../page/ViewChoice';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { addPolicy, savePolicy } from './calls';
import { policyChanges } from './changes';
import { Conflict } from './Conflict';
import { ExplainPane } from './ExplainPane';
import {
  askedName,
  EMPTY_POLICY,
  formOfPolicy,
  inputOf,
  policyProblems,
  sentPolicyProblems,
  toPolicyInput,
  type PolicyField,
  type PolicyForm,
} from './policy-form';
import { PolicyFields } from './PolicyFields';
import { Versions } from './Versions';

const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));
const DryRunPane = lazy(() => import('./DryRunPane'));
const RemovePolicy = lazy(() => import('./RemovePolicy'));

const TOLD = [
  { name: 'now', text: 'Now' },
  { name: 'last-day', text: 'Against the last day' },
] as const;

interface PolicyEditorProps {
  /** As it is told now; null: a new one. */
  policy: RoutePolicy | null;
  onClose: () => void;
}

/** A policy to be changed, and beside it what it would decide. */
export default function PolicyEditor({ policy: newest, onClose }: PolicyEditorProps) {
  const [base, setBase] = useState(newest);
  const [form, setForm] = useState<PolicyForm>(
    newest ? formOfPolicy(newest.name, inputOf(newest)) : EMPTY_POLICY,
  );
  const [problems, setProblems] = useState<Partial<Record<PolicyField, string>>>({});
  const [rest, setRest] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [query, setQuery] = useQuery();
  const told = query.get('told') === 'last-day' ? 'last-day' : 'now';
  const [asks, setAsks] = useState<'leave' | 'remove' | null>(null);
  const fields = useFirstProblem(problems);

  const before = base ? inputOf(base) : toPolicyInput(EMPTY_POLICY);
  const changes = policyChanges(before, toPolicyInput(form)).length + Number(!base && form.name !== '');
  const isBehind = base !== null && newest !== null && newest.version > base.version;
  const set = (more: Partial<PolicyForm>): void => {
    setForm((was) => ({ ...was, ...more }));
    setProblems((was) => ({
      ...was,
      ...Object.fromEntries(Object.keys(more).map((name) => [name, undefined])),
    }));
  };
  const refuse = ({ fields: wrong, rest: other }: Complaints<PolicyField>): void => {
    setProblems(wrong);
    setRest(other);
    setBusy(false);
  };
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const input = toPolicyInput(form);
    const checked = base
      ? RoutePolicyInputSchema.safeParse(input)
      : NewRoutePolicySchema.safeParse({ ...input, name: form.name.trim() });
    if (!checked.success) return refuse(policyProblems(checked.error.issues));
    setBusy(true);
    setRest(null);
    try {
      const saved = base
        ? await savePolicy(base.name, base.version, input)
        : await addPolicy(form.name.trim(), input);
      tell(
        `${askedName(saved.name)} is saved as version ${saved.version}. Requests are decided by it from now on.`,
      );
      onClose();
    } catch (error) {
      refuse(
        error instanceof ApiError
          ? sentPolicyProblems(error.problem)
          : { fields: {}, rest: messageOf(error) },
      );
    }
  };
  const take = (policy: RoutePolicy): void => {
    setBase(policy);
    setForm(formOfPolicy(policy.name, inputOf(policy)));
    setRest(null);
  };
  const title = base ? askedName(base.name) : 'A new policy';
  return (
    <Drawer
      wide
      title={title}
      aside={<span className="text-sm text-fg3">{base ? `version ${base.version}` : ''}</span>}
      onClose={() => (changes > 0 ? setAsks('leave') : onClose())}
    >
      <StaleNote />
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        <form
          ref={fields}
          aria-label="The policy"
          noValidate
          onSubmit={(event) => void save(event)}
          className="flex min-w-0 flex-col gap-5"
        >
          {isBehind && (
            <Conflict
              base={base}
              newest={newest}
              onTake={() => take(newest)}
              onKeep={() => {
                setBase(newest);
                setRest(null);
              }}
            />
          )}
          <PolicyFields form={form} set={set} problems={problems} isNew={base === null} />
          {rest && !isBehind && (
            <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm">
              {rest}
            </p>
          )}
          <div className="sticky -bottom-4 z-10 flex flex-wrap items-center gap-2 border-t bg-s1 py-3">
            {base && !base.isBuiltIn && (
              <Button look="danger" className="mr-auto" onClick={() => setAsks('remove')}>
                Remove
              </Button>
            )}
            <span role="status" className="ml-auto text-xs text-fg2">
              {changes > 0 && (changes === 1 ? 'one change' : `${changes} changes`)}
            </span>
            <Button look="primary" type="submit" disabled={busy || isBehind || changes === 0}>
              {busy ? 'Saving…' : base ? 'Save' : 'Add the policy'}
            </Button>
          </div>
          {base && (
            <Versions name={base.name} onTake={(policy) => setForm(formOfPolicy(base.name, policy))} />
          )}
        </form>
        <div className="flex min-w-0 flex-col gap-4">
          <div className="self-start">
            <ViewChoice
              label="What is told of it"
              views={TOLD}
              value={told}
              onChange={(name) => setQuery({ told: name === 'now' ? null : name }, true)}
            />
          </div>
          {told === 'now' ? (
            <ExplainPane form={form} />
          ) : (
            <Suspense>
              <DryRunPane form={form} />
            </Suspense>
          )}
        </div>
      </div>
      <Suspense>
        {asks === 'leave' && (
          <Confirm
            title={`Leave ${title} as it was?`}
            verb="Leave it"
            doing="Leaving…"
            keep="Go on editing"
            run={() => {
              onClose();
              return Promise.resolve();
            }}
            onClose={() => setAsks(null)}
          >
            <p>What was changed here is not saved.</p>
          </Confirm>
        )}
        {asks === 'remove' && newest && (
          <RemovePolicy policy={newest} onRemoved={onClose} onClose={() => setAsks(null)} />
        )}
      </Suspense>
    </Drawer>
  );
}

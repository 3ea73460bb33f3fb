'use client';
import { NewRoutePolicySchema, type ApiKeys } from '@boocontrol/contracts';
import { useState } from 'react';
import { useResource } from '../api/resource';
import { Field } from '../page/Field';
import { Button } from '../ui/controls';
import { explainBody, FIRST_PROBE, type Probe } from './explain';
import { ExplainView } from './ExplainView';
import { askedName, toPolicyInput, type PolicyForm } from './policy-form';
import { useExplain } from './use-explain';

/** A new policy that has no name yet is explained by this one. */
const UNNAMED = 'draft';

/** What the policy would decide as it is in the editor, before it is saved. */
export function ExplainPane({ form }: { form: PolicyForm }) {
  const [probe, setProbe] = useState<Probe>(FIRST_PROBE);
  const set = (more: Partial<Probe>): void => setProbe((before) => ({ ...before, ...more }));
  const draft = NewRoutePolicySchema.safeParse({ ...toPolicyInput(form), name: form.name || UNNAMED });
  const question = draft.success
    ? JSON.stringify(explainBody(probe, askedName(draft.data.name), draft.data))
    : null;
  const { answer, error, isOld, again } = useExplain(question);
  return (
    <section aria-label="What it would decide" className="flex min-w-0 flex-col gap-4">
      <div>
        <h3 className="font-semibold">What it would decide now</h3>
        <p className="text-xs text-fg2">As the policy is beside this, before it is saved. Nothing is sent.</p>
      </div>
      <ProbeFields probe={probe} set={set} own={askedName(form.name || UNNAMED)} />
      <div aria-busy={isOld} className="flex flex-col gap-3">
        {question === null && (
          <p role="status" className="text-sm text-busy">
            This goes on when the policy is complete.
          </p>
        )}
        {error !== null && (
          <p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
            This could not be told. {error}
            <Button onClick={again}>Try again</Button>
          </p>
        )}
        {answer === null && error === null && question !== null && (
          <p role="status" className="text-sm text-fg2">
            Asking what would be decided…
          </p>
        )}
        {answer && <ExplainView explain={answer} isOld={isOld} />}
      </div>
    </section>
  );
}

interface ProbeFieldsProps {
  probe: Probe;
  set: (more: Partial<Probe>) => void;
  /** What is asked for where nothing is typed. */
  own: string;
}

function ProbeFields({ probe, set, own }: ProbeFieldsProps) {
  const { data: keys } = useResource<ApiKeys>('/keys');
  return (
    <details className="rounded-lg border px-3 py-2">
      <summary className="flex items-center gap-2 text-sm text-fg2 hover:text-fg pointer-coarse:min-h-10">
        <span aria-hidden>▸</span>
        For a request: {probe.asked.trim() || own}
        {probe.tools && ', tools'}
        {probe.pictures && ', a picture'}
        {probe.keyId && ', with a key'}
      </summary>
      <div className="mt-3 flex flex-col gap-3 pb-2">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field
            label="Asked for"
            value={probe.asked}
            onChange={(asked) => set({ asked })}
            problem={undefined}
            placeholder={own}
            mono
          />
          <Field
            label="Session"
            value={probe.session}
            onChange={(session) => set({ session })}
            problem={undefined}
            placeholder="chat-17"
            mono
          />
          <Field
            label="Message"
            value={probe.text}
            onChange={(text) => set({ text })}
            problem={undefined}
            hint={`${probe.text.length} characters: its length counts, not what it says.`}
          />
          <Field
            label="Tokens at most"
            value={probe.maxTokens}
            onChange={(maxTokens) => set({ maxTokens })}
            problem={undefined}
            inputMode="numeric"
            placeholder="not said"
          />
        </div>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
          {(['tools', 'pictures'] as const).map((need) => (
            <label key={need} className="flex items-center gap-2 pointer-coarse:h-10">
              <input
                type="checkbox"
                checked={probe[need]}
                onChange={(event) => set({ [need]: event.currentTarget.checked })}
                className="accent-accent"
              />
              Needs {need}
            </label>
          ))}
          <label className="flex min-w-0 items-center gap-2">
            Key
            <select
              value={probe.keyId}
              onChange={(event) => set({ keyId: event.currentTarget.value })}
              className="h-8 max-w-48 min-w-0 rounded-md border border-line-strong bg-bg px-2 pointer-coarse:h-10"
            >
              <option value="">none</option>
              {keys?.keys.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </details>
  );
}

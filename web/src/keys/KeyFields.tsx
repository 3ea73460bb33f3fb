'use client';
import { ApiKeyInputSchema, ApiKeyPatchSchema, type ApiKey, type CreatedApiKey } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { ApiError, messageOf } from '../api/client';
import { Field } from '../page/Field';
import { Matches } from '../models/Matches';
import type { Complaints } from '../page/issues';
import { useFirstProblem } from '../page/use-first-problem';
import { Button } from '../ui/controls';
import { tell } from '../ui/notices';
import { changeKey, makeKey } from './calls';
import {
  EMPTY_KEY,
  formOfKey,
  keyProblems,
  readList,
  sentKeyProblems,
  suggestLabel,
  toKeyInput,
  toKeyPatch,
  type KeyField,
  type KeyForm,
  type TextField,
} from './key-form';
import { PolicyChoice } from './PolicyChoice';

interface KeyFieldsProps {
  /** null: make one. */
  apiKey: ApiKey | null;
  onMade: (made: CreatedApiKey) => void;
  onClose: () => void;
}

export function KeyFields({ apiKey, onMade, onClose }: KeyFieldsProps) {
  const [form, setForm] = useState<KeyForm>(apiKey ? formOfKey(apiKey) : EMPTY_KEY);
  const [labelTouched, setLabelTouched] = useState(apiKey !== null);
  const [problems, setProblems] = useState<Partial<Record<KeyField, string>>>({});
  const [rest, setRest] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const fields = useFirstProblem(problems);
  const label = labelTouched ? form.label : suggestLabel(form.name);

  const set = (more: Partial<KeyForm>): void => {
    setForm((before) => ({ ...before, ...more }));
    setProblems((before) => ({
      ...before,
      ...Object.fromEntries(Object.keys(more).map((name) => [name, undefined])),
    }));
  };
  const field = (name: TextField) => ({
    value: form[name],
    onChange: (value: string) => set({ [name]: value }),
    problem: problems[name],
  });
  const refuse = ({ fields: wrong, rest: other }: Complaints<KeyField>): void => {
    setProblems(wrong);
    setRest(other);
    setBusy(false);
  };
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const whole = { ...form, label };
    const body = apiKey ? toKeyPatch(whole, apiKey) : toKeyInput(whole);
    const checked = (apiKey ? ApiKeyPatchSchema : ApiKeyInputSchema).safeParse(body);
    if (!checked.success) return refuse(keyProblems(checked.error.issues));
    setBusy(true);
    setRest(null);
    try {
      if (!apiKey) return onMade(await makeKey(toKeyInput(whole)));
      await changeKey(apiKey.id, body);
      tell(`${whole.name.trim()} is saved. It holds from the next request on.`);
      onClose();
    } catch (error) {
      refuse(
        error instanceof ApiError ? sentKeyProblems(error.problem) : { fields: {}, rest: messageOf(error) },
      );
    }
  };
  return (
    <form
      ref={fields}
      onSubmit={(event) => void save(event)}
      noValidate
      className="flex flex-col gap-4 px-5 py-4"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Name"
          {...field('name')}
          placeholder="Laptop of Ada"
          hint="What people call it."
          autoFocus
        />
        <Field
          label="Source"
          {...field('label')}
          value={label}
          onChange={(value) => {
            setLabelTouched(true);
            set({ label: value });
          }}
          placeholder="opencode"
          hint="The consumer that its requests count as, where the client says none."
          mono
        />
      </div>
      <Field
        label="Models"
        {...field('models')}
        placeholder="qwen*, tower/*"
        hint={
          <>
            Separated by commas, * for any text; also as host/model. Empty: all.{' '}
            <Matches globs={readList(form.models)} />
          </>
        }
        mono
      />
      <PolicyChoice chosen={form.policies} onChange={(policies) => set({ policies })} />
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="mb-2 text-sm font-medium">
          Limits <span className="font-normal text-fg3">(empty: none)</span>
        </legend>
        <Field
          label="Requests a minute"
          {...field('requestsPerMinute')}
          placeholder="60"
          inputMode="decimal"
        />
        <Field
          label="At the same time"
          {...field('concurrentRequests')}
          placeholder="4"
          inputMode="decimal"
        />
        <Field label="Tokens a minute" {...field('tokensPerMinute')} placeholder="200k" />
        <Field
          label="Tokens a month"
          {...field('monthlyTokens')}
          placeholder="50M"
          hint="Of a month by UTC, prompts and answers."
        />
      </fieldset>
      <Field
        label="Expires"
        type="datetime-local"
        {...field('expiresAt')}
        hint="By the clock of this browser. Empty: never."
      />
      <label className="flex items-start gap-2.5 text-sm pointer-coarse:min-h-10">
        <input
          type="checkbox"
          checked={form.frontier}
          onChange={(event) => set({ frontier: event.currentTarget.checked })}
          className="mt-1 accent-accent"
        />
        <span>
          May use frontier providers
          <span className="block text-xs text-fg2">Services of somebody else, which may cost money.</span>
        </span>
      </label>
      {rest && (
        <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm text-fg">
          {rest}
        </p>
      )}
      <div className="sticky bottom-0 -mx-5 -mb-4 flex flex-wrap items-center justify-end gap-2 border-t bg-s1 px-5 py-4">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? 'Saving…' : apiKey ? 'Save' : 'Make the key'}
        </Button>
      </div>
    </form>
  );
}

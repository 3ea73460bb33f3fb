'use client';
import type { Suite } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { Matches } from '../models/Matches';
import { Field } from '../page/Field';
import { Select } from '../page/Select';
import { TextArea } from '../page/TextArea';
import type { SuiteForm, SuiteProblems } from './suite-form';

const LOADS: readonly { value: Suite['load']['kind']; label: string }[] = [
  { value: 'closed', label: 'so many at once' },
  { value: 'open', label: 'so many a second, whatever became of those before' },
  { value: 'search', label: 'search the highest rate within the limits' },
  { value: 'replay', label: 'recorded traffic (in the JSON)' },
];
const HINT: Readonly<Record<Suite['load']['kind'], ReactNode>> = {
  closed: 'Requests at once, each a column: 1, 4, 16. The next is sent when one has ended.',
  open: 'Requests a second, each a column: 0.5, 1, 2.',
  search: 'From and to, requests a second: 0.5, 64. It needs a limit below.',
  replay: 'Its requests stand in the JSON.',
};

interface SuiteFieldsProps {
  form: SuiteForm;
  set: (more: Partial<SuiteForm>) => void;
  problems: SuiteProblems;
}

/** The fields that most suites need. */
export function SuiteFields({ form, set, problems }: SuiteFieldsProps) {
  const field = (name: keyof SuiteForm) => ({
    value: form[name],
    onChange: (value: string) => set({ [name]: value }),
  });
  return (
    <>
      <Field
        label="What it is for"
        {...field('description')}
        problem={problems.description}
        placeholder="As our agents ask at night"
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Lengths of prompts"
          {...field('promptTokens')}
          problem={problems.promptTokens}
          hint="Tokens, each a row: 128, 1024."
          inputMode="numeric"
        />
        <Field
          label="Lengths of answers"
          {...field('outputTokens')}
          problem={problems.outputTokens}
          hint="Tokens."
          inputMode="numeric"
        />
        <Field
          label="Cached before"
          {...field('depth')}
          problem={problems.depth}
          hint="Tokens that the cache has already: 0, 8000."
          inputMode="numeric"
        />
        <Field
          label="Repetitions"
          {...field('repetitions')}
          problem={problems.repetitions}
          hint="Verdicts need five."
          inputMode="numeric"
        />
      </div>
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">How requests come</legend>
        <Select
          label="How requests come"
          value={form.loadKind}
          options={LOADS}
          onChange={(kind) => set({ loadKind: (kind ?? 'closed') as Suite['load']['kind'], loads: '' })}
        />
        {form.loadKind === 'replay' ? (
          <p className="text-xs text-fg2">{HINT.replay}</p>
        ) : (
          <Field label="How many" {...field('loads')} problem={problems.load} hint={HINT[form.loadKind]} />
        )}
      </fieldset>
      <label className="flex items-start gap-2.5 text-sm pointer-coarse:min-h-10">
        <input
          type="checkbox"
          checked={form.cache === 'warm'}
          onChange={(event) => set({ cache: event.currentTarget.checked ? 'warm' : 'cold' })}
          className="mt-1 accent-accent"
        />
        <span>
          All prompts are the same
          <span className="block text-xs text-fg2">
            Else no prompt begins like another, so that nothing comes from the cache.
          </span>
        </span>
      </label>
      <fieldset className="grid gap-4 sm:grid-cols-3">
        <legend className="mb-2 text-sm font-medium">
          Limits <span className="font-normal text-fg3">(empty: none)</span>
        </legend>
        <Field label="TTFT, ms" {...field('sloTtft')} problem={problems.slo} inputMode="numeric" />
        <Field label="Time per token, ms" {...field('sloTpot')} problem={undefined} inputMode="numeric" />
        <Field label="Ends after, s" {...field('maxS')} problem={problems.stop} inputMode="numeric" />
      </fieldset>
      <TextArea
        label="Models"
        note="empty: chosen when it is started"
        {...field('targets')}
        problem={problems.targets}
        rows={3}
        placeholder={'tower/*\n*/qwen*'}
        hint={
          <>
            host/model, one a line, * for any text.{' '}
            <Matches globs={form.targets.split('\n').filter((line) => line.trim() !== '')} />
          </>
        }
      />
    </>
  );
}

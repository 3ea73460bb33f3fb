'use client';
import { useMemo } from 'react';
import { useLive } from '../live';
import { Choices } from '../page/Choices';
import { Field } from '../page/Field';
import { GlobPreview } from './GlobPreview';
import { readGlobs, type PolicyField, type PolicyForm } from './policy-form';
import { Weights } from './Weights';

interface PolicyFieldsProps {
  form: PolicyForm;
  set: (more: Partial<PolicyForm>) => void;
  problems: Partial<Record<PolicyField, string>>;
  isNew: boolean;
}

export function PolicyFields({ form, set, problems, isNew }: PolicyFieldsProps) {
  const providers = useLive((state) => state.providers);
  const tags = useMemo(() => [...new Set(providers.flatMap((each) => each.tags))].toSorted(), [providers]);
  const text = (
    name:
      'name' | 'description' | 'category' | 'models' | 'firstByteS' | 'budgetS' | 'hedgeAfterMs' | 'maxPrice',
  ) => ({
    value: form[name],
    onChange: (value: string) => set({ [name]: value }),
    problem: problems[name],
  });
  return (
    <>
      {isNew && (
        <Field
          label="Name"
          {...text('name')}
          placeholder="night"
          hint={`Clients ask for auto:${form.name || 'name'}. It can’t be changed later.`}
          mono
          autoFocus
        />
      )}
      <Field label="What it is for" {...text('description')} placeholder="Big models while we sleep" />
      <Weights value={form.weights} onChange={(weights) => set({ weights })} />
      <Field
        label="Category of quality"
        {...text('category')}
        placeholder="agent-coding"
        hint="Whose scores count as quality. Empty: the overall ones. What was not measured is guessed from a model’s name."
        mono
      />
      <div className="flex flex-col gap-2">
        <Field
          label="Models"
          {...text('models')}
          placeholder="*70b*, *120b*"
          hint="Separated by commas, * for any text. Empty: all."
          mono
        />
        <GlobPreview globs={readGlobs(form.models)} />
      </div>
      <Choices
        legend="Hosts"
        none="none chosen: all"
        offered={providers.map(({ id, label }) => ({ value: id, text: label }))}
        chosen={form.providers}
        onChange={(chosen) => set({ providers: chosen })}
      />
      {(tags.length > 0 || form.tags.length > 0) && (
        <Choices
          legend="Tags"
          none="only hosts with one of these; none chosen: all"
          offered={tags.map((tag) => ({ value: tag, text: tag }))}
          chosen={form.tags}
          onChange={(chosen) => set({ tags: chosen })}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <label className="flex min-w-0 flex-col gap-1 text-sm font-medium">
          Hosts tried at most
          <select
            value={form.attempts}
            onChange={(event) => set({ attempts: Number(event.currentTarget.value) })}
            className="h-9 rounded-md border border-line-strong bg-bg px-2 font-normal pointer-coarse:h-10"
          >
            {[1, 2, 3].map((attempts) => (
              <option key={attempts}>{attempts}</option>
            ))}
          </select>
        </label>
        <Field
          label="First byte within"
          {...text('firstByteS')}
          hint="Seconds at one host, a cold load included."
          inputMode="decimal"
        />
        <Field
          label="Content within"
          {...text('budgetS')}
          hint="Seconds for all hosts, queues and pauses together. Empty: no limit."
          inputMode="decimal"
        />
        <Field
          label="Ask a second host after"
          {...text('hedgeAfterMs')}
          hint="Milliseconds of silence; only one that has the model loaded and is idle. Empty: never."
          inputMode="numeric"
        />
        <Field
          label="Price at most"
          {...text('maxPrice')}
          hint="US dollars for a million generated tokens. Empty: any."
          inputMode="decimal"
        />
      </div>
    </>
  );
}

'use client';
import type { EvalItem, EvalSuiteHead } from '@boocontrol/contracts';
import { Field } from '../page/Field';
import { Select } from '../page/Select';
import { difficultiesIn, kindsIn, problemOf, type LaunchForm } from './launch-form';
import { KIND } from './words';

interface LaunchFieldsProps {
  suite: EvalSuiteHead;
  /** null: not known yet. */
  items: readonly EvalItem[] | null;
  form: LaunchForm;
  set: (more: Partial<LaunchForm>) => void;
}

/** Which items, how often, and what is sent instead of what the suite says. */
export function LaunchFields({ suite, items, form, set }: LaunchFieldsProps) {
  const kinds = kindsIn(items ?? []);
  const difficulties = difficultiesIn(items ?? []);
  const field = (name: 'samples' | 'concurrency' | 'temperature' | 'maxTokens' | 'seed') => ({
    value: form[name],
    onChange: (value: string) => set({ [name]: value }),
    problem: problemOf(name, form[name]),
  });
  return (
    <>
      {(difficulties.length > 1 || kinds.length > 1) && (
        <fieldset className="flex min-w-0 flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">Which items</legend>
          <div className="grid grid-cols-2 gap-2">
            {difficulties.length > 1 && (
              <Select
                label="Only this difficulty"
                all="All difficulties"
                value={form.difficulty}
                options={difficulties.map((value) => ({ value, label: `only ${value}` }))}
                onChange={(difficulty) => set({ difficulty })}
              />
            )}
            {kinds.length > 1 && (
              <Select
                label="Only this kind"
                all="All kinds"
                value={form.kind}
                options={kinds.map((value) => ({ value, label: `only ${KIND[value]}` }))}
                onChange={(kind) => set({ kind })}
              />
            )}
          </div>
          {(form.difficulty !== null || form.kind !== null) && (
            <p className="text-xs text-fg2">
              A run of some items has its score, but no place in the leaderboard.
            </p>
          )}
        </fieldset>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Tries of each item"
          {...field('samples')}
          placeholder={String(suite.samples)}
          hint="Empty: as the suite says."
          inputMode="numeric"
        />
        <Field
          label="Requests at once"
          {...field('concurrency')}
          placeholder="1"
          hint="To each host. More is sooner done; speeds are then those of so many."
          inputMode="numeric"
        />
      </div>
      <details>
        <summary className="text-sm text-fg2 hover:text-fg pointer-coarse:py-3">
          <span aria-hidden>▸</span> Another sampler than that of the suite
        </summary>
        <div className="mt-2 grid gap-4 sm:grid-cols-3">
          <Field label="Temperature" {...field('temperature')} inputMode="decimal" />
          <Field label="Longest answer" {...field('maxTokens')} hint="Tokens." inputMode="numeric" />
          <Field label="Seed" {...field('seed')} inputMode="numeric" />
        </div>
      </details>
    </>
  );
}

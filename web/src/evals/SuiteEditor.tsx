'use client';
import type { EvalSuite, EvalSuiteHead } from '@boocontrol/contracts';
import { useDeferredValue, useMemo, useState, type FormEvent } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh } from '../api/resource';
import { plural } from '../format/number';
import { StaleNote } from '../live/StaleNote';
import { Field } from '../page/Field';
import { TextArea } from '../page/TextArea';
import { ViewChoice } from '../page/ViewChoice';
import { useFirstProblem } from '../page/use-first-problem';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { saveSuite, SUITES } from './calls';
import { formIn, inNotation, notationOf, type ItemProblem, type Notation } from './items-text';
import type { SuiteField, SuiteForm } from './suite-form';
import { readItems, readSuite, type SuiteProblems } from './suite-read';

interface SuiteEditorProps {
  /** As it is stored; null: a new one. */
  stored: EvalSuiteHead | null;
  /** What the editor begins with. */
  start: SuiteForm;
  /** What there is no field for is kept from here; null: nothing. */
  before: EvalSuite | null;
  onClose: () => void;
}

const NOTATIONS = [
  { name: 'yaml', text: 'YAML' },
  { name: 'json', text: 'JSON' },
] as const satisfies readonly { name: Notation; text: string }[];

/** Past so many characters YAML takes too long to be read at every key. */
const MOST_YAML = 200_000;

/** A suite to be written: fields for what it is, and its items as YAML or JSON with what is wrong beside them. */
export default function SuiteEditor({ stored, start, before, onClose }: SuiteEditorProps) {
  const [form, setForm] = useState(() => ({
    ...start,
    items: (start.items.length < MOST_YAML ? inNotation(start.items, 'yaml') : null) ?? start.items,
  }));
  const [problems, setProblems] = useState<SuiteProblems>({});
  const [items, setItems] = useState<readonly ItemProblem[]>([]);
  const [rest, setRest] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const fields = useFirstProblem(problems);
  const typedItems = useDeferredValue(form.items);
  const read = useMemo(() => readItems(typedItems), [typedItems]);
  const set = (more: Partial<SuiteForm>): void => {
    setForm({ ...form, ...more });
    setProblems({});
    setItems([]);
    setRest(null);
  };
  const field = (name: SuiteField) => ({
    value: form[name],
    onChange: (value: string) => set({ [name]: value }),
  });
  /** The file of a suite, pasted whole, fills the fields as well; its name only where there is none yet. */
  const typed = (text: string): void => {
    const whole = formIn(text);
    if (whole === null) return set({ items: text });
    set({ ...whole, ...(stored ? { name: form.name } : {}) });
    tell('That is a whole suite: its fields are filled in from it.');
  };
  const rewrite = (notation: Notation): void => {
    const text = inNotation(form.items, notation);
    if (text === null) tell('The items cannot be read as they are: mend them first.', true);
    else set({ items: text });
  };
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const result = readSuite(form, before);
    if (!('suite' in result)) {
      setProblems(result.fields);
      setItems(result.items);
      return setRest(result.rest);
    }
    setBusy(true);
    setRest(null);
    try {
      await saveSuite(result.suite, stored?.hash ?? null);
      tell(`${result.suite.name} is saved.`);
      onClose();
    } catch (error) {
      setBusy(false);
      setRest(messageOf(error));
      if (error instanceof ApiError && error.problem.code === 'suite_changed') refresh(SUITES);
    }
  };
  const told = 'problems' in read ? read.problems : items;
  return (
    <Drawer
      wide
      title={stored ? `Edit ${stored.name}` : 'A new suite'}
      aside={stored && <span className="text-sm text-fg3">{stored.hash.slice(0, 8)}</span>}
      onClose={onClose}
    >
      <StaleNote />
      <form
        ref={fields}
        aria-label="The suite"
        noValidate
        onSubmit={(event) => void save(event)}
        className="flex flex-col gap-5"
      >
        <div className="grid gap-x-8 gap-y-5 lg:grid-cols-[2fr_3fr]">
          <div className="flex min-w-0 flex-col gap-4">
            {!stored && (
              <Field
                label="Name"
                {...field('name')}
                problem={problems.name}
                hint="a-z, 0-9 and hyphen; it cannot be changed later."
                mono
                autoFocus
              />
            )}
            <Field
              label="Title"
              {...field('title')}
              problem={problems.title}
              placeholder="What our team asks"
            />
            <Field label="What it measures" {...field('description')} problem={problems.description} />
            <div className="grid gap-4 sm:grid-cols-2">
              <Field
                label="Category"
                {...field('category')}
                problem={problems.category}
                hint="What its score says a model is good at."
                mono
              />
              <Field label="Licence" {...field('licence')} problem={problems.licence} hint="Of its items." />
              <Field
                label="Tries of each item"
                {...field('samples')}
                problem={problems.samples}
                inputMode="numeric"
              />
              <Field
                label="Longest wait"
                {...field('timeoutS')}
                problem={problems.timeoutS}
                hint="Seconds for an answer."
                inputMode="numeric"
              />
              <Field
                label="Temperature"
                {...field('temperature')}
                problem={problems.sampler}
                hint="0: the likeliest token."
                inputMode="decimal"
              />
              <Field
                label="Longest answer"
                {...field('maxTokens')}
                problem={undefined}
                hint="Tokens, reasoning included."
                inputMode="numeric"
              />
            </div>
            <TextArea
              label="System prompt"
              note="empty: none"
              {...field('system')}
              problem={problems.system}
              rows={3}
            />
          </div>
          <div className="relative flex min-w-0 flex-col gap-2 pt-3 lg:pt-0">
            <div className="absolute -top-3 right-0 max-lg:top-0">
              <ViewChoice
                label="Items are written as"
                views={NOTATIONS}
                value={notationOf(form.items)}
                onChange={rewrite}
              />
            </div>
            <TextArea
              label="Items"
              {...('items' in read ? { note: plural(read.items.length, 'item') } : {})}
              value={form.items}
              onChange={typed}
              problem={
                told.length > 0
                  ? `${told.length === 1 ? 'One thing has' : `${told.length} things have`} to be mended:`
                  : undefined
              }
              hint="A list, as YAML or JSON, or the file of a whole suite; docs/evals.md shows every kind."
              rows={22}
              fills
            />
            {told.length > 0 && (
              <ul
                aria-label="What is wrong with the items"
                className="flex flex-col gap-1 text-xs text-error"
              >
                {told.map(({ line, message }) => (
                  <li key={`${line} ${message}`} className="[overflow-wrap:anywhere]">
                    {line !== null && <span className="num text-fg2">line {line}: </span>}
                    {message}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
        {rest && (
          <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
            {rest}
          </p>
        )}
        <div className="sticky -bottom-4 z-10 flex flex-wrap items-center justify-end gap-2 border-t bg-s1 py-3">
          {stored && (
            <span className="mr-auto text-xs text-fg2">
              Runs keep the version that they were asked by; what is changed here is a new one.
            </span>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Drawer>
  );
}

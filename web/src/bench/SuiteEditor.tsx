'use client';
import { SuiteNameSchema, SuiteSchema, type BenchSuite, type Suite } from '@boocontrol/contracts';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { ApiError, messageOf } from '../api/client';
import { refresh } from '../api/resource';
import { StaleNote } from '../live/StaleNote';
import { Field } from '../page/Field';
import { useFirstProblem } from '../page/use-first-problem';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { removeSuite, saveSuite, SUITES } from './calls';
import { SuiteFields } from './SuiteFields';
import { TextArea } from '../page/TextArea';
import { SuiteVersions } from './SuiteVersions';
import {
  draftOf,
  formOf,
  jsonOf,
  readJson,
  suiteProblems,
  type Draft,
  type SuiteForm,
  type SuiteProblems,
} from './suite-form';

const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));

interface SuiteEditorProps {
  /** As it is stored; null: a new one. */
  stored: BenchSuite | null;
  /** What the editor begins with. */
  start: Suite;
  onClose: () => void;
}

/** A suite to be written: fields for what most need, and beside them the whole as JSON; each follows the other. */
export default function SuiteEditor({ stored, start, onClose }: SuiteEditorProps) {
  const [base, setBase] = useState(stored);
  const [name, setName] = useState(start.name);
  const [draft, setDraft] = useState<Draft>({ ...start });
  const [form, setForm] = useState<SuiteForm>(() => formOf({ ...start }));
  const [json, setJson] = useState(() => jsonOf({ ...start }));
  const [problems, setProblems] = useState<SuiteProblems>({});
  const [rest, setRest] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const fields = useFirstProblem(problems);
  const isReadable = readJson(json) !== null;
  const isBehind = base !== null && stored !== null && stored.hash !== base.hash;

  const take = (next: Draft): void => {
    setDraft(next);
    setForm(formOf(next));
    setJson(jsonOf(next));
    setProblems({});
    setRest(null);
  };
  const fill = (more: Partial<SuiteForm>): void => {
    const typed = { ...form, ...more };
    const next = draftOf(typed, draft);
    setForm(typed);
    setDraft(next);
    setJson(jsonOf(next));
    setProblems({});
  };
  const write = (typed: string): void => {
    setJson(typed);
    const next = readJson(typed);
    if (!next) return;
    setDraft(next);
    setForm(formOf(next));
    setProblems({});
  };
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!isReadable) return setRest('What stands in the JSON cannot be read: mend it first.');
    const named = SuiteNameSchema.safeParse(name);
    if (!named.success)
      return setProblems({ name: 'Use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends.' });
    const checked = SuiteSchema.safeParse({ ...draft, name });
    if (!checked.success) {
      const { fields: wrong, rest: other } = suiteProblems(checked.error.issues);
      setProblems(wrong);
      return setRest(other);
    }
    setBusy(true);
    setRest(null);
    try {
      await saveSuite(name, checked.data, base?.hash ?? null);
      tell(`${name} is saved.`);
      onClose();
    } catch (error) {
      setBusy(false);
      setRest(messageOf(error));
      if (error instanceof ApiError && error.problem.code === 'suite_changed') refresh(SUITES);
    }
  };
  return (
    <Drawer
      wide
      title={base ? base.name : 'A new suite'}
      aside={base && <span className="text-sm text-fg3">{base.hash.slice(0, 8)}</span>}
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
        {isBehind && (
          <div
            role="alert"
            className="flex flex-wrap items-center gap-3 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm"
          >
            <span className="min-w-0 flex-1">Somebody else has changed it since it was opened here.</span>
            <Button
              onClick={() => {
                setBase(stored);
                take({ ...stored.suite });
              }}
            >
              Take theirs
            </Button>
            <Button onClick={() => setBase(stored)}>Keep mine</Button>
          </div>
        )}
        <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            {!base && (
              <Field label="Name" value={name} onChange={setName} problem={problems.name} mono autoFocus />
            )}
            <SuiteFields form={form} set={fill} problems={problems} />
          </div>
          <TextArea
            label="All of it"
            note="JSON; sampling and warm-up stand here"
            value={json}
            onChange={write}
            problem={isReadable ? undefined : 'This is not JSON yet.'}
            rows={20}
            fills
          />
        </div>
        {rest && (
          <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
            {rest}
          </p>
        )}
        <div className="sticky -bottom-4 z-10 flex flex-wrap items-center justify-end gap-2 border-t bg-s1 py-3">
          {base && (
            <Button look="danger" className="mr-auto" onClick={() => setAsks(true)}>
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy || isBehind}>
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </div>
        {base && <SuiteVersions name={base.name} onTake={(suite) => take({ ...suite })} />}
      </form>
      <Suspense>
        {asks && base && (
          <Confirm
            title={`Remove ${base.name}?`}
            verb="Remove"
            doing="Removing…"
            keep="Keep it"
            openerLeaves
            onClose={() => setAsks(false)}
            run={async () => {
              await removeSuite(base.name);
              tell(`${base.name} is removed. Its runs stay.`);
              onClose();
            }}
          >
            <p>The suite goes with all its versions. Runs that were measured by it stay.</p>
          </Confirm>
        )}
      </Suspense>
    </Drawer>
  );
}

'use client';
import type { ImportedEvalSuite } from '@boocontrol/contracts';
import { EvalSuiteNameSchema } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { count, plural } from '../format/number';
import { Field } from '../page/Field';
import { Select } from '../page/Select';
import { TextArea } from '../page/TextArea';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { importSuite } from './calls';

const FORMATS = [
  { value: 'jsonl', label: 'Items of a suite, one a line' },
  { value: 'humaneval', label: 'HumanEval: tasks in Python with assertions' },
  { value: 'mbpp', label: 'MBPP: tasks in Python with assertions' },
  { value: 'gsm8k', label: 'GSM8K: questions whose answers end with #### and a number' },
] as const;

/** Of the contract, in characters. */
const MOST = 700_000;

interface ImportDialogProps {
  onOpen: (suite: string) => void;
  onClose: () => void;
}

/** Makes a suite of a file of tasks that somebody has; nothing is fetched from anywhere. */
export default function ImportDialog({ onOpen, onClose }: ImportDialogProps) {
  const [made, setMade] = useState<ImportedEvalSuite | null>(null);
  return (
    <Dialog title="Import tasks" onClose={onClose}>
      {made ? (
        <Made
          made={made}
          onClose={onClose}
          onOpen={() => {
            onClose();
            onOpen(made.head.name);
          }}
        />
      ) : (
        <ImportForm onMade={setMade} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ImportForm({ onMade, onClose }: { onMade: (made: ImportedEvalSuite) => void; onClose: () => void }) {
  const [format, setFormat] = useState<string>('jsonl');
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const [licence, setLicence] = useState('');
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<{ name?: string; title?: string; licence?: string; text?: string }>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const found = {
      ...(EvalSuiteNameSchema.safeParse(name).success
        ? {}
        : { name: 'Use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends.' }),
      ...(title.trim() === '' ? { title: 'Enter a title.' } : {}),
      ...(licence.trim() === ''
        ? { licence: 'Enter the licence of the tasks, as their makers say it.' }
        : {}),
      ...(text.trim().length < 2
        ? { text: 'Choose a file, or paste its lines.' }
        : text.length > MOST
          ? {
              text: `This has ${count(text.length)} characters; at most ${count(MOST)} fit. Import it in parts.`,
            }
          : {}),
    };
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      onMade(await importSuite({ format, text, name, title: title.trim(), licence: licence.trim() }));
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4 px-5 py-4">
      <Select
        label="Format"
        value={format}
        options={FORMATS}
        onChange={(value) => setFormat(value ?? 'jsonl')}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" value={name} onChange={setName} problem={wrong.name} mono />
        <Field label="Title" value={title} onChange={setTitle} problem={wrong.title} />
      </div>
      <Field
        label="Licence"
        value={licence}
        onChange={setLicence}
        problem={wrong.licence}
        hint="Of the tasks, as their makers say it: MIT."
      />
      <label className="flex flex-col gap-1 text-sm font-medium">
        File
        <input
          type="file"
          accept=".jsonl,.json,.txt,application/json"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void file.text().then(setText, () => setProblem('The file could not be read.'));
          }}
          className="text-sm font-normal text-fg2 file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-s2 file:px-3 file:text-fg"
        />
      </label>
      <TextArea
        label="Its lines"
        note="or paste them"
        value={text}
        onChange={setText}
        problem={wrong.text}
        rows={7}
      />
      {problem && (
        <p role="alert" className="text-sm text-error">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2 border-t pt-4">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? 'Importing…' : 'Import'}
        </Button>
      </div>
    </form>
  );
}

/** Past so many reasons nobody reads them. */
const TOLD_MOST = 50;

function Made({
  made: { head, leftOut },
  onOpen,
  onClose,
}: {
  made: ImportedEvalSuite;
  onOpen: () => void;
  onClose: () => void;
}) {
  return (
    <div className="flex flex-col gap-4 px-5 py-4 text-sm">
      <p role="status">
        <strong className="font-semibold">{head.name}</strong> has {plural(head.items, 'item')}.{' '}
        {leftOut.length === 0
          ? 'Every line is in it.'
          : `${plural(leftOut.length, 'line')} ${leftOut.length === 1 ? 'is' : 'are'} not in it:`}
      </p>
      {leftOut.length > 0 && (
        <ul
          tabIndex={0}
          aria-label="Lines that were left out"
          className="max-h-64 overflow-y-auto rounded-md border px-3 py-2 text-xs"
        >
          {leftOut.slice(0, TOLD_MOST).map(({ line, reason }) => (
            <li key={line} className="[overflow-wrap:anywhere]">
              <span className="num text-fg3">line {line}: </span>
              {reason}
            </li>
          ))}
          {leftOut.length > TOLD_MOST && (
            <li className="text-fg3">and {count(leftOut.length - TOLD_MOST)} more</li>
          )}
        </ul>
      )}
      <div className="flex justify-end gap-2 border-t pt-4">
        <Button onClick={onClose}>Close</Button>
        <Button look="primary" onClick={onOpen}>
          Read it
        </Button>
      </div>
    </div>
  );
}

'use client';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { useQuery } from '../browser/query';
import { useHost, useLive, useMarks } from '../live';
import { isHidden } from '../live/marks';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { importRun } from './calls';
import { Select } from '../page/Select';
import { TextArea } from '../page/TextArea';

/** Keeps what llama-bench printed beside what is measured over HTTP. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const shown = providers.filter(({ id }) => !isHidden(marks, id));
  const [, setQuery] = useQuery();
  const [providerId, setProvider] = useState<string | null>(shown[0]?.id ?? null);
  const { models } = useHost(providerId ?? '');
  const [model, setModel] = useState<string | null>(null);
  const [output, setOutput] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (providerId === null || model === null)
      return setProblem('Choose the host and the model that were measured.');
    if (output.trim().length < 2) return setProblem('Paste what llama-bench -o json printed.');
    setBusy(true);
    setProblem(null);
    try {
      const run = await importRun({ providerId, model }, output);
      setQuery({ ask: null, run: run.id }, true);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Import llama-bench" onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4 px-5 py-4">
        <p className="text-sm text-fg2">
          What <code className="font-mono">llama-bench -o json</code> printed: the engine alone, without its
          server and the network.
        </p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Select
            label="Host"
            value={providerId}
            options={shown.map(({ id, label }) => ({ value: id, label }))}
            onChange={(next) => {
              setProvider(next);
              setModel(null);
            }}
          />
          <Select
            label="Model"
            all="Which model?"
            value={model}
            options={models.map(({ id }) => ({ value: id, label: id }))}
            onChange={setModel}
          />
        </div>
        <TextArea label="Its output" value={output} onChange={setOutput} rows={8} />
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
    </Dialog>
  );
}

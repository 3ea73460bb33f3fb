'use client';
import { MaintenanceInputSchema } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { plainWords } from '../api/problem-words';
import { useOpenActions } from '../live';
import { Field } from '../page/Field';
import { plural } from '../format/number';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { tell } from '../ui/notices';
import { beginMaintenance } from './calls';
import { useHostName } from './names';

interface MaintenanceDialogProps {
  providerId: string;
  onClose: () => void;
}

export default function MaintenanceDialog({ providerId, onClose }: MaintenanceDialogProps) {
  const host = useHostName(providerId);
  const open = useOpenActions(providerId).length;
  const [note, setNote] = useState('');
  const [end, setEnd] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [wrongEnd, setWrongEnd] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const begin = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const untilMs = end === '' ? null : Date.parse(end);
    if (untilMs !== null && !(untilMs > Date.now())) return setWrongEnd('Choose a time to come, or none.');
    const checked = MaintenanceInputSchema.safeParse({
      ...(note.trim() === '' ? {} : { note }),
      ...(untilMs === null ? {} : { until: new Date(untilMs).toISOString() }),
    });
    if (!checked.success) return setProblem(plainWords(checked.error.issues[0]?.message ?? ''));
    setBusy(true);
    setFailed(null);
    try {
      await beginMaintenance(providerId, checked.data);
      tell(`${host} is in maintenance.`);
      onClose();
    } catch (error) {
      setFailed(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Begin maintenance of ${host}?`} onClose={onClose}>
      <form noValidate onSubmit={(event) => void begin(event)} className="flex flex-col gap-4 px-5 py-4">
        <p>
          Until it ends, BooControl asks nothing of {host} and routes nothing to it. It is still followed, and
          requests that go to it directly are answered as before.
          {open > 0 && ` Of its queue, ${plural(open, 'action')} will be skipped unless already running.`}
        </p>
        <Field
          label="Note"
          value={note}
          onChange={(text) => {
            setNote(text);
            setProblem(null);
          }}
          problem={problem ?? undefined}
          hint="Optional: why, for whoever looks at it."
          placeholder="new power supply"
          autoFocus
        />
        <Field
          label="Until"
          type="datetime-local"
          value={end}
          onChange={(text) => {
            setEnd(text);
            setWrongEnd(null);
          }}
          problem={wrongEnd ?? undefined}
          hint="Optional: when it ends by itself. Without it, when somebody ends it."
        />
        {failed && (
          <p role="alert" className="text-sm text-error">
            {failed}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {busy ? 'Beginning…' : 'Begin maintenance'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

'use client';
import type { EvalSuiteHead } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { Field } from '../page/Field';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { tell } from '../ui/notices';
import { retireItem } from './calls';

interface RetireDialogProps {
  head: EvalSuiteHead;
  item: string;
  onClose: () => void;
}

/** Asks why an item is to be asked no more: the reason stands beside it for everyone. */
export default function RetireDialog({ head, item, onClose }: RetireDialogProps) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (reason.trim() === '') return setProblem('Enter a reason: others want to know.');
    setBusy(true);
    try {
      await retireItem(head, item, reason.trim());
      tell(`${item} is asked no more.`);
      onClose();
    } catch (error) {
      setBusy(false);
      setProblem(messageOf(error));
    }
  };
  return (
    <Dialog title={`Retire ${item}?`} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4 px-5 py-4">
        <p className="text-sm">
          It is asked no more and is in no score, those of runs that have ended included. It can be taken
          back.
        </p>
        <Field
          label="Why"
          value={reason}
          onChange={(value) => {
            setReason(value);
            setProblem(undefined);
          }}
          problem={problem}
          placeholder="Its second test expects what the task does not say"
          autoFocus
        />
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" type="submit" disabled={busy}>
            {busy ? 'Retiring…' : 'Retire'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

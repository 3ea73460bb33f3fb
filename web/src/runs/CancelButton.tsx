'use client';
import { useState } from 'react';
import { messageOf } from '../api/client';
import { Button } from '../ui/controls';
import { tell } from '../ui/notices';

interface CancelButtonProps {
  /** What the run is called. */
  name: string;
  /** Thrown: ApiError. */
  cancel: () => Promise<unknown>;
  /** It has ended, or has not. */
  onSettled: () => void;
}

/** Ends a run before its end. */
export function CancelButton({ name, cancel, onSettled }: CancelButtonProps) {
  const [busy, setBusy] = useState(false);
  const end = async (): Promise<void> => {
    setBusy(true);
    try {
      await cancel();
      tell(`${name} is ended. What was measured stands.`);
    } catch (error) {
      tell(`${name} was not ended. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
      onSettled();
    }
  };
  return (
    <Button look="quiet" disabled={busy} onClick={() => void end()}>
      {busy ? 'Ending…' : 'Cancel'}
      <span className="sr-only"> the run of {name}</span>
    </Button>
  );
}

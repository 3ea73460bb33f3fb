'use client';
import { useState, type ReactNode } from 'react';
import { Button } from './controls';
import { Dialog } from './Dialog';

interface ConfirmProps {
  /** A question: "Remove Tower?" */
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The button that does it, and while it does. */
  verb: string;
  doing: string;
  /** The button that does not. */
  keep: string;
  /** A rejection is shown and the dialog stays; else it closes. */
  run: () => Promise<void>;
  onClose: () => void;
  /** What opened it leaves the page when it is done. */
  openerLeaves?: boolean;
}

/** Asks before what cannot be taken back; what can be is done at once and offers to undo. Import it lazily. */
export function Confirm({
  title,
  children,
  verb,
  doing,
  keep,
  run,
  onClose,
  openerLeaves = false,
}: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = (): void => {
    setBusy(true);
    setProblem(null);
    run().then(onClose, (error: unknown) => {
      setProblem(error instanceof Error ? error.message : 'Something unexpected happened.');
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose} openerLeaves={openerLeaves && busy}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {children}
        {problem && (
          <p role="alert" className="text-sm text-error">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>{keep}</Button>
          <Button look="danger" disabled={busy} onClick={confirm}>
            {busy ? doing : verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

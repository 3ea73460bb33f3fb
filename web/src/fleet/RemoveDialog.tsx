'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { useState } from 'react';
import { api, messageOf } from '../api/client';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { tell } from '../ui/notices';

export default function RemoveDialog({
  provider,
  onClose,
}: {
  provider: PublicProvider;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await api(`/providers/${provider.id}`, { method: 'DELETE' });
      tell(`${provider.label} is removed.`);
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Remove ${provider.label}?`} onClose={onClose} openerLeaves={busy}>
      <div className="flex flex-col gap-4 px-5 py-4">
        <p>
          BooControl stops following it at once and its card goes away. The requests and charts it already has
          stay in the history. To pause it only, disable it instead.
        </p>
        {provider.origin === 'file' && (
          <p className="text-fg2">
            It is declared in boocontrol.yaml. Take it out there too, or it may come back when the file
            changes.
          </p>
        )}
        {problem && (
          <p role="alert" className="text-sm text-error">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" disabled={busy} onClick={() => void remove()}>
            {busy ? 'Removing…' : 'Remove'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

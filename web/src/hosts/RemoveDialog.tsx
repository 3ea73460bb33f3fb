'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { api } from '../api/client';
import { Confirm } from '../ui/Confirm';
import { tell } from '../ui/notices';

interface RemoveDialogProps {
  provider: PublicProvider;
  onClose: () => void;
}

export default function RemoveDialog({ provider: { id, label, origin }, onClose }: RemoveDialogProps) {
  return (
    <Confirm
      title={`Remove ${label}?`}
      verb="Remove"
      doing="Removing…"
      keep="Keep it"
      openerLeaves
      onClose={onClose}
      run={async () => {
        await api(`/providers/${id}`, { method: 'DELETE' });
        tell(`${label} is removed.`);
      }}
    >
      <p>
        BooControl stops following it at once and its card goes away. The requests and charts it already has
        stay in the history. To only pause it, disable it instead; to only have it out of sight, hide it.
      </p>
      {origin === 'file' && (
        <p className="text-fg2">
          It is declared in boocontrol.yaml. Take it out there too, or it may come back when the file changes.
        </p>
      )}
    </Confirm>
  );
}

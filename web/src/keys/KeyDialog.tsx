'use client';
import type { ApiKey, CreatedApiKey } from '@boocontrol/contracts';
import { useEffect, useState } from 'react';
import { Dialog } from '../ui/Dialog';
import { KeyFields } from './KeyFields';
import { NewKey } from './NewKey';

interface KeyDialogProps {
  /** null: make one. */
  apiKey: ApiKey | null;
  /** There is a key in it that would be lost with it. */
  onHeld?: () => void;
  onClose: () => void;
}

/** Makes a key and shows it once, or changes what a key may do. The key itself is nowhere but in here, and goes with it. */
export default function KeyDialog({ apiKey, onHeld, onClose }: KeyDialogProps) {
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const [copied, setCopied] = useState(false);
  const [asks, setAsks] = useState(false);
  const atRisk = made !== null && !copied;
  useStay(atRisk);
  const leave = (): void => (atRisk ? setAsks(true) : onClose());
  const title = made ? `The key of ${made.apiKey.name}` : apiKey ? `Edit ${apiKey.name}` : 'Make a key';
  return (
    <Dialog title={title} onClose={leave}>
      {made ? (
        <NewKey
          made={made}
          copied={copied}
          onCopied={() => {
            setCopied(true);
            setAsks(false);
          }}
          asks={asks}
          onStay={() => setAsks(false)}
          onDone={leave}
          onLeave={onClose}
        />
      ) : (
        <KeyFields
          apiKey={apiKey}
          onMade={(key) => {
            setMade(key);
            onHeld?.();
          }}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

/** External system: the browser, which asks before it closes or reloads the page. */
function useStay(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [wanted]);
}

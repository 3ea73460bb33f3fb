'use client';
import { useState } from 'react';
import { keep, kept } from '../browser/kept';
import { useLease, useTick } from '../live';
import { Field } from '../page/Field';
import { Button } from '../ui/controls';
import { Confirm } from '../ui/Confirm';
import { Dialog } from '../ui/Dialog';
import { tell } from '../ui/notices';
import { endLease } from './calls';
import { useHostName } from './names';
import { leaseWords } from './refusal';

interface TakeOverDialogProps {
  providerId: string;
  onClose: () => void;
}

const NAME_KEY = 'boo-name';
const NOBODY = 'somebody at the cockpit';
/** Of the contracts' holder. */
const NAME_MOST = 80;

export default function TakeOverDialog({ providerId, onClose }: TakeOverDialogProps) {
  const host = useHostName(providerId);
  const now = useLease(providerId);
  // The one that was asked about: when it ends meanwhile, that is said; another that follows is not taken over unseen.
  const [lease] = useState(now);
  const [name, setName] = useState(() => kept(NAME_KEY) ?? '');
  const words = useTick((nowMs) => (now ? leaseWords(now, nowMs, ', ') : ''));
  if (!lease || now?.id !== lease.id) {
    return (
      <Dialog title={`Take over ${host}?`} onClose={onClose} openerLeaves>
        <div className="flex flex-col gap-4 px-5 py-4">
          <p role="status">
            {lease ? `${lease.holder} no longer has ${host}.` : `Nobody has ${host}.`}{' '}
            {now ? `${now.holder} has it now.` : 'It is free.'}
          </p>
          <div className="flex justify-end border-t pt-4">
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Confirm
      title={`Take over ${host}?`}
      verb="Take over"
      doing="Taking over…"
      keep="Leave it"
      openerLeaves
      onClose={onClose}
      run={async () => {
        keep(NAME_KEY, name.trim() || null);
        await endLease(lease.id, name.trim() || NOBODY);
        tell(`${host} is free. ${lease.holder} is told.`);
      }}
    >
      <p>
        <strong className="font-semibold">{lease.holder}</strong> has {host} for “{lease.purpose}”, {words}.
      </p>
      <p className="text-fg2">
        They lose it and are told. What they have begun on the host runs on until they stop it; the host is
        free for everybody.
      </p>
      <Field
        label="Your name"
        value={name}
        onChange={setName}
        problem={undefined}
        hint="Told to whoever loses the host. Kept in this browser."
        placeholder={NOBODY}
        maxLength={NAME_MOST}
      />
    </Confirm>
  );
}

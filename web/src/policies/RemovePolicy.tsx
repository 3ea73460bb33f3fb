'use client';
import type { RoutePolicy } from '@boocontrol/contracts';
import { Confirm } from '../ui/Confirm';
import { tell } from '../ui/notices';
import { removePolicy } from './calls';
import { askedName } from './policy-form';

interface RemovePolicyProps {
  policy: RoutePolicy;
  onRemoved: () => void;
  onClose: () => void;
}

export default function RemovePolicy({ policy: { name, version }, onRemoved, onClose }: RemovePolicyProps) {
  return (
    <Confirm
      title={`Remove ${askedName(name)}?`}
      verb="Remove"
      doing="Removing…"
      keep="Keep it"
      openerLeaves
      onClose={onClose}
      run={async () => {
        await removePolicy(name, version);
        onRemoved();
        tell(`${askedName(name)} is removed.`);
      }}
    >
      <p>
        Clients that ask for it are told from then on that there is no such policy. Records of requests that
        it decided stay.
      </p>
    </Confirm>
  );
}

'use client';
import type { ApiKey } from '@boocontrol/contracts';
import { Confirm } from '../ui/Confirm';
import { tell } from '../ui/notices';
import { changeKey, removeKey } from './calls';

interface QuestionProps {
  apiKey: ApiKey;
  onClose: () => void;
}

export function RevokeQuestion({ apiKey: { id, name }, onClose }: QuestionProps) {
  return (
    <Confirm
      title={`Revoke ${name}?`}
      verb="Revoke"
      doing="Revoking…"
      keep="Keep it"
      onClose={onClose}
      run={async () => {
        await changeKey(id, { isDisabled: true });
        tell(`${name} is revoked.`);
      }}
    >
      <p>
        Whoever has this key is refused from their next request on, with 401. Answers that are under way come
        to their end. The key stays in this list, with what it used, and can be let in again.
      </p>
    </Confirm>
  );
}

export function RemoveQuestion({
  apiKey: { id, name },
  onRemoved,
  onClose,
}: QuestionProps & { onRemoved: () => void }) {
  return (
    <Confirm
      title={`Remove ${name}?`}
      verb="Remove"
      doing="Removing…"
      keep="Keep it"
      openerLeaves
      onClose={onClose}
      run={async () => {
        await removeKey(id);
        onRemoved();
        tell(`${name} is removed.`);
      }}
    >
      <p>
        Whoever has this key is refused from their next request on, and it can’t be brought back: it would
        have to be replaced by a new one. Records of its requests stay. To only lock it out, revoke it
        instead.
      </p>
    </Confirm>
  );
}

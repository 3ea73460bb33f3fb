import { Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';

/** Says when one needs keys at all. */
export function NoKeys({ isNeeded, onMake }: { isNeeded: boolean; onMake: () => void }) {
  return (
    <Notice
      title={isNeeded ? 'No keys yet, so nobody can use /v1' : 'No keys, and none is needed'}
      action={
        <Button look="primary" onClick={onMake}>
          <PlusIcon className="size-4" aria-hidden />
          Make a key
        </Button>
      }
    >
      {isNeeded ? (
        <p>
          Other machines reach this gateway, so it refuses every request without a key. Make one for each
          program or person, and it can be limited, and revoked, on its own.
        </p>
      ) : (
        <p>
          While BooControl listens on this machine alone, programs here use /v1 without one. Where other
          machines reach it (<code className="font-mono">BOOCONTROL_HOST</code>), it refuses every request
          without a key. A key is of use here, too: it gives a program limits, and a name in the records.
        </p>
      )}
    </Notice>
  );
}

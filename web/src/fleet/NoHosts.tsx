import { Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';

export function NoHosts({ onAdd }: { onAdd: () => void }) {
  return (
    <Notice
      title="No hosts yet"
      action={
        <Button look="primary" onClick={onAdd}>
          <PlusIcon className="size-4" aria-hidden />
          Add a host
        </Button>
      }
    >
      <p>Add the address of a machine that runs llama-swap, and BooControl follows it from then on.</p>
      <p className="mt-3 text-sm">
        Or declare hosts in <code className="font-mono">boocontrol.yaml</code>, or start with
        <br />
        <code className="font-mono">npm start -- --host http://192.168.1.20:8080</code>
      </p>
    </Notice>
  );
}

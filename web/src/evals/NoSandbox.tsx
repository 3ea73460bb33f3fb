import type { EvalSandboxes } from '@boocontrol/contracts';
import { WarningIcon } from '../ui/icons';

/** Why code of models is run nowhere on this machine, and what to do about it. */
export function NoSandbox({ sandboxes: { refused } }: { sandboxes: EvalSandboxes }) {
  return (
    <div
      role="alert"
      className="flex flex-col gap-2 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm"
    >
      <p className="flex gap-2">
        <WarningIcon className="mt-0.5 size-4 shrink-0 text-busy" />
        <span>
          This suite has items whose answers are code, and no sandbox of this machine passed all its trials.
          Such code is not run, so these items are not asked.
        </span>
      </p>
      <ul className="list-disc pl-8 text-fg2 [overflow-wrap:anywhere]">
        {refused.map(({ name, reason }) => (
          <li key={name}>
            <span className="font-medium text-fg">{name}</span>: {reason}
          </li>
        ))}
      </ul>
      <p className="text-fg2">
        <code className="font-mono text-xs">npm run canaries</code> tries them again and says what each trial
        did. Until then choose another kind of items, or another suite.
      </p>
    </div>
  );
}

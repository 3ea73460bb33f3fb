'use client';
import type { RoutePolicy } from '@boocontrol/contracts';
import { Button } from '../ui/controls';
import { policyChanges } from './changes';
import { inputOf } from './policy-form';

interface ConflictProps {
  /** What the editing began with. */
  base: RoutePolicy;
  newest: RoutePolicy;
  /** The newest in place of one's own. */
  onTake: () => void;
  /** One's own, to be saved over the newest. */
  onKeep: () => void;
}

/** Somebody else has changed the policy meanwhile: what, and the two ways on. */
export function Conflict({ base, newest, onTake, onKeep }: ConflictProps) {
  const changes = policyChanges(inputOf(base), inputOf(newest));
  return (
    <div
      role="alert"
      className="flex flex-col gap-2 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm"
    >
      <p>
        Somebody else has changed this policy meanwhile: you began with version {base.version}, it is at
        version {newest.version} now.{' '}
        {changes.length > 0 ? 'What they changed:' : 'It says the same as before.'}
      </p>
      {changes.length > 0 && (
        <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onTake}>Take theirs</Button>
        <Button onClick={onKeep}>Keep mine, to save it over theirs</Button>
      </div>
    </div>
  );
}

'use client';
import type { ActionRequest, Problem } from '@boocontrol/contracts';
import { useHost, useOpenActions, useProvider, useTick } from '../live';
import { Button } from '../ui/controls';
import { WarningIcon } from '../ui/icons';
import { endMaintenance } from './calls';
import { useHostName } from './names';
import { QueueChips } from './QueueChips';
import { holderOf, protectedVictims, untilWords } from './refusal';

interface RefusalViewProps {
  problem: Problem;
  request: ActionRequest;
  /** What stood in the way may be gone. */
  onSettled: () => void;
}

/** What stands against an action, and what can be done about it. */
export function RefusalView({ problem, request, onSettled }: RefusalViewProps) {
  const { providerId } = request;
  const provider = useProvider(providerId);
  const { models } = useHost(providerId);
  const host = useHostName(providerId);
  const holder = holderOf(problem);
  const until = useTick((nowMs) => (holder ? untilWords(holder.until, nowMs) : ''));
  const open = useOpenActions(providerId);
  const victims = provider ? protectedVictims(request, provider, models) : [];
  return (
    <div className="flex flex-col gap-2 rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm">
      <p className="flex gap-2">
        <WarningIcon className="mt-0.5 size-4 shrink-0 text-busy" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {holder ? (
            <>
              <strong className="font-semibold">{holder.holder}</strong> has {host}
              {holder.purpose !== null && <> for “{holder.purpose}”</>}, {until}. Who takes over ends that;
              they are told.
              {victims.length > 0 && ` It would also stop ${victims.join(', ')}: protected on ${host}.`}
            </>
          ) : (
            problem.message
          )}
        </span>
      </p>
      {problem.code === 'queue_full' && open.length > 0 && <QueueChips providerId={providerId} />}
      {problem.code === 'in_maintenance' && (
        <Button className="self-start" onClick={() => void endMaintenance(providerId, host).then(onSettled)}>
          End maintenance
        </Button>
      )}
    </div>
  );
}

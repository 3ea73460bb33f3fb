'use client';
import type { Lease, PublicProvider } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { clock } from '../format/time';
import { useIsLost, useLease, useLive, useTick } from '../live';
import { Button } from '../ui/controls';
import { HandIcon, WrenchIcon } from '../ui/icons';
import { asked } from './asked';
import { endMaintenance } from './calls';
import { leaseWords } from './refusal';
import { QueueChips } from './QueueChips';

/** What is being done with a host besides answering requests: maintenance, who has it, its queue. Often nothing. */
export function HostControl({
  provider,
  detailed = false,
}: {
  provider: PublicProvider;
  detailed?: boolean;
}) {
  const lease = useLease(provider.id);
  return (
    <div className="flex min-w-0 flex-col gap-2 empty:hidden">
      {provider.maintenance && <MaintenanceNote provider={provider} maintenance={provider.maintenance} />}
      {lease && <LeaseBanner lease={lease} />}
      <QueueChips providerId={provider.id} detailed={detailed} />
    </div>
  );
}

interface MaintenanceNoteProps {
  provider: PublicProvider;
  maintenance: NonNullable<PublicProvider['maintenance']>;
}

/** Hatched, as a road that is closed. */
function MaintenanceNote({
  provider: { id, label },
  maintenance: { since, note, until },
}: MaintenanceNoteProps) {
  const when = useTick((nowMs) =>
    until === undefined
      ? `since ${clock(instantToMs(since), nowMs)}`
      : `until ${clock(instantToMs(until), nowMs)}`,
  );
  return (
    <div
      data-testid="maintenance"
      className="hatched flex items-center gap-2 rounded-md border border-line-strong p-1 text-sm"
    >
      <p className="flex min-w-0 flex-1 items-start gap-2 rounded bg-s1 px-2 py-1">
        <WrenchIcon className="mt-0.5 size-4 shrink-0 text-busy" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className="font-medium">In maintenance</span>
          <span className="text-fg2"> {when}</span>
          {note !== null && <span className="text-fg2">: {note}</span>}
        </span>
      </p>
      <Button
        className="h-7! px-2! text-xs! pointer-coarse:h-10!"
        onClick={() => void endMaintenance(id, label)}
      >
        End<span className="sr-only"> maintenance of {label}</span>
      </Button>
    </div>
  );
}

/** Who has a host to themselves, what for, since when, until when, and who disturbs it. */
function LeaseBanner({ lease }: { lease: Lease }) {
  const { providerId, holder, purpose } = lease;
  const words = useTick((nowMs) => leaseWords(lease, nowMs));
  const trouble = useLive(({ leases }) => leases?.trouble ?? null);
  const stale = useIsLost() || trouble !== null;
  return (
    <div
      data-testid="lease"
      title={trouble ?? undefined}
      className={`flex items-center gap-2 rounded-md border border-own/50 bg-own/8 py-1 pr-1 pl-3 text-sm ${stale ? 'stale' : ''}`}
    >
      <HandIcon className="size-4 shrink-0 text-own" />
      <p className="min-w-0 flex-1">
        <span className="flex flex-wrap gap-x-1.5">
          <span className="max-w-full truncate" title={holder}>
            Held by <span className="font-medium">{holder}</span>
          </span>{' '}
          <span className="max-w-full truncate text-fg2" title={purpose}>
            for “{purpose}”
          </span>
        </span>
        <span className="block text-xs text-fg2">{words}</span>
      </p>
      <Button
        className="h-7! px-2! text-xs! pointer-coarse:h-10!"
        onClick={() => asked.show({ what: 'take-over', providerId })}
      >
        Take over…<span className="sr-only"> from {holder}</span>
      </Button>
    </div>
  );
}

'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { showAgain } from '../hosts/marks';
import { useMarks } from '../live';
import { isHidden } from '../live/marks';
import { Button } from '../ui/controls';

/** A hidden host is still to be seen by its address; here it says that it is hidden. */
export function HiddenNote({ provider: { id, label } }: { provider: PublicProvider }) {
  if (!isHidden(useMarks(), id)) return null;
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-s2 px-4 py-2 text-sm"
    >
      <span className="min-w-0 flex-1 basis-64">
        This host is hidden from lists and pickers. It is followed as before, and its history stays.
      </span>
      <Button onClick={() => void showAgain({ providerId: id, model: null, label })}>Show again</Button>
    </p>
  );
}

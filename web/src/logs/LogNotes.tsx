'use client';
import type { PublicProvider } from '@boocontrol/contracts';
import { isStale } from '../hosts/liveness';
import { LivenessText } from '../hosts/LivenessLine';
import { useHost, useLive } from '../live';
import { count, plural } from '../format/number';
import type { LogView } from './desk';
import { KEPT_LINES } from './keeper';

const NOTE = 'flex flex-wrap items-center gap-x-3 border-t bg-s2 px-4 py-1.5 text-sm md:px-6';

/** What is kept, and what is not shown. */
export function KeptLine({ view, filtered }: { view: LogView; filtered: boolean }) {
  const { shown, kept, dropped, remaining } = view;
  return (
    <p className="num flex min-h-5 flex-wrap gap-x-4 text-xs text-fg2" aria-label="What is shown">
      <span className="text-fg">
        {filtered ? `${count(shown)} of ${plural(kept, 'line')}` : plural(kept, 'line')}
      </span>
      {remaining > 0 && <span>looking through {count(remaining)} more</span>}
      <span
        className="text-fg3"
        title="As many as BooControl has for a page that is opened later. The hosts’ own files have the rest."
      >
        the newest {count(KEPT_LINES)} of each log are kept
        {dropped > 0 && `; ${count(dropped)} older ones have left`}
      </span>
    </p>
  );
}

interface HostNotesProps {
  hosts: readonly PublicProvider[];
  /** Followed no longer, because they are too many. */
  others: number;
  wanted: string | null;
}

/** Whose lines are missing, and why. */
export function HostNotes({ hosts, others, wanted }: HostNotesProps) {
  const chosen = hosts.find(({ id }) => id === wanted);
  return (
    <>
      {chosen ? <DownNote host={chosen} /> : wanted === null ? <DownCount hosts={hosts} /> : null}
      {others > 0 && (
        <p role="status" className={NOTE}>
          The logs of {plural(hosts.length, 'host')} are read at once. Choose a host to read one of the other{' '}
          {count(others)}.
        </p>
      )}
    </>
  );
}

function DownNote({ host }: { host: PublicProvider }) {
  const { liveness } = useHost(host.id);
  if (host.enabled && !isStale(liveness)) return null;
  return (
    <p role="status" className={NOTE}>
      <span>
        {host.label}: <LivenessText provider={host} liveness={liveness} />.
      </span>
      <span className="text-fg2">New lines come when it is back.</span>
    </p>
  );
}

function DownCount({ hosts }: { hosts: readonly PublicProvider[] }) {
  const names = useLive(({ fleet }) =>
    hosts
      .filter(({ id }) => isStale(fleet?.hosts[id]?.liveness ?? null))
      .map(({ label }) => label)
      .join(', '),
  );
  if (names === '') return null;
  return (
    <p role="status" className={NOTE}>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        Not connected, so without new lines: <span className="font-medium">{names}</span>
      </span>
    </p>
  );
}

'use client';
import type { Room } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useQuery } from '../browser/query';
import { count } from '../format/number';
import { useIsLost, useLive, useMarks } from '../live';
import { isOpen } from '../live/actions';
import { isHidden } from '../live/marks';
import { useRooms } from '../live/rooms';
import { PageHead } from '../page/PageHead';
import { ViewChoice } from '../page/ViewChoice';
import { ActionHistory, LeaseHistory } from './History';
import { HostsNow } from './HostsNow';

const ROOMS: readonly Room[] = ['fleet'];

const VIEWS = [
  { name: 'actions', text: 'Actions' },
  { name: 'leases', text: 'Leases' },
] as const;

/** What hosts are told to do, now and before; who has which host, and who had. */
export default function ActionsBoard() {
  useRooms(ROOMS);
  const [query, setQuery] = useQuery();
  const of = query.get('host');
  const what = query.get('what') === 'leases' ? 'leases' : null;
  const open = useLive(({ actions }) => actions?.open);
  const note = useMemo(() => {
    const all = Object.values(open ?? {})
      .flat()
      .filter(isOpen);
    const running = all.filter(({ state }) => state === 'started').length;
    return all.length === 0 ? undefined : `${count(running)} running, ${count(all.length - running)} waiting`;
  }, [open]);
  const lost = useIsLost();
  return (
    <div className="flex min-h-full flex-col">
      <PageHead
        title="Actions"
        note={note}
        filters={<HostChoice value={of} onChange={(host) => setQuery({ host, open: null }, true)} />}
      />
      <HostsNow of={of} />
      <div className="flex flex-wrap items-center gap-3 px-4 pb-2 md:px-6">
        <h2 className="font-semibold">Ended</h2>
        <ViewChoice
          label="What has ended"
          views={VIEWS}
          value={what ?? 'actions'}
          onChange={(name) => setQuery({ what: name === 'actions' ? null : name, open: null }, true)}
        />
      </div>
      {/* The table fills what is left of the screen; where that is little, the page is longer. */}
      <div className={`relative min-h-96 flex-1 ${lost ? 'stale' : ''}`}>
        <div className="absolute inset-0 flex flex-col">
          {what === 'leases' ? <LeaseHistory key={of} of={of} /> : <ActionHistory key={of} of={of} />}
        </div>
      </div>
    </div>
  );
}

function HostChoice({ value, onChange }: { value: string | null; onChange: (host: string | null) => void }) {
  const providers = useLive((state) => state.providers);
  const marks = useMarks();
  const offered = providers.filter(({ id }) => id === value || !isHidden(marks, id));
  const isKnown = value === null || offered.some(({ id }) => id === value);
  return (
    <label className="flex items-center gap-2 text-sm text-fg2">
      Host
      <select
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value || null)}
        className="h-8 max-w-56 rounded-md border border-line-strong bg-s1 px-2 text-sm text-fg"
      >
        <option value="">All hosts</option>
        {!isKnown && <option value={value}>{value}</option>}
        {offered.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

'use client';
import type { Room } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { useRouter } from 'next/navigation';
import { plural } from '../../format/number';
import { hostHref } from '../../hosts/address';
import { live, useIsLost, useTick } from '../../live';
import { useRooms } from '../../live/rooms';
import { PageHead } from '../../page/PageHead';
import { useSorting } from '../../page/sorting';
import Table from '../../page/Table';
import { Awaiting, Notice } from '../../ui/controls';
import { ActivityViews } from '../ActivityViews';
import { FLIGHT_COLUMNS } from './columns';
import { inFlightNow, type Flight } from './flights';
import { Unknowns } from './Unknowns';

const ROOMS: readonly Room[] = ['fleet', 'routing'];
const keyOf = ({ key }: Flight): string => key;

/** Everything that is under way in the fleet, through /v1 or straight to a host, each once. */
export default function InFlightBoard() {
  useRooms(ROOMS);
  const router = useRouter();
  const order = useSorting();
  const lost = useIsLost();
  // Once a second is enough to look at; thousands of hosts tell of theirs far more often.
  const second = useTick((nowMs) => nowMs);
  const now = useMemo(() => {
    const { fleet, providers, routing } = live.get();
    return fleet === null ? null : inFlightNow(providers, fleet.hosts, routing);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is live is read anew every second
  }, [second, lost]);
  const flights = now?.flights ?? [];
  const unlisted = now?.unlisted.reduce((sum, { requests }) => sum + requests, 0) ?? 0;
  const total = flights.length + unlisted + (now?.untold ?? 0);
  return (
    <div className="flex h-full flex-col">
      <PageHead
        title="Activity"
        note={now === null ? undefined : `${plural(total, 'request')} in flight`}
        filters={<ActivityViews />}
        below={now && <Unknowns now={now} />}
      />
      <div className={`flex min-h-96 flex-1 flex-col ${lost ? 'stale' : ''}`}>
        {now === null ? (
          <Awaiting>Waiting for what the hosts have under way.</Awaiting>
        ) : (
          <Table
            label="Requests in flight, the longest first"
            name="in-flight"
            rows={flights}
            columns={FLIGHT_COLUMNS}
            keyOf={keyOf}
            onOpen={(flight) => router.push(hrefOf(flight))}
            order={order}
            empty={<NoFlights unlisted={unlisted} />}
          />
        )}
      </div>
    </div>
  );
}

/** Where more is said of it: how it was decided, or its host. */
function hrefOf({ cancel, providerId }: Flight): string {
  if (cancel.by === 'route') return `/routing/?dispatch=${encodeURIComponent(cancel.id)}`;
  return hostHref(providerId ?? '');
}

function NoFlights({ unlisted }: { unlisted: number }) {
  return unlisted > 0 ? (
    <Notice title="Nothing that is listed">
      {plural(unlisted, 'request')} in flight, on hosts that tell only how many there are.
    </Notice>
  ) : (
    <Notice title="Nothing is in flight">
      Requests appear here while they wait, load or are being answered, and leave when they end.
    </Notice>
  );
}

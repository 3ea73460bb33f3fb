'use client';
import type { HostState, InflightRequest } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { askFor } from '../control/asked';
import { NONE, plural } from '../format/number';
import { exact, span } from '../format/time';
import { isStale } from '../hosts/liveness';
import { useFleetTick, useIsLost } from '../live';
import { Button } from '../ui/controls';
import { Mark } from '../ui/marks';

/** More than these nobody reads here; Activity has them. */
const MOST = 12;

/** The requests under way on a host, longest first, each with its end. */
export function InFlight({ host: { providerId, inflight, liveness } }: { host: HostState }) {
  const total = inflight?.total ?? 0;
  const requests = (inflight?.requests ?? []).toSorted((a, b) =>
    (a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1,
  );
  if (isStale(liveness))
    return <p className="py-2 text-sm text-fg3">Not known while nobody is connected to the host.</p>;
  if (total === 0) return <p className="py-2 text-sm text-fg3">No request is in flight.</p>;
  if (requests.length === 0)
    return (
      <p className="py-2 text-sm text-fg2">
        {plural(total, 'request')} in flight.
        {liveness?.generation === 'A' && ' This llama-swap version doesn’t list them.'}
      </p>
    );
  return (
    <ul aria-label="Requests in flight">
      {requests.slice(0, MOST).map((request) => (
        <Row key={request.id} providerId={providerId} request={request} />
      ))}
      {total > Math.min(MOST, requests.length) && (
        <li className="py-1 text-xs text-fg3">
          and {plural(total - Math.min(MOST, requests.length), 'other')}
        </li>
      )}
    </ul>
  );
}

function Row({ providerId, request }: { providerId: string; request: InflightRequest }) {
  const { id, model, source, sourceKnown, startedAt } = request;
  const sinceMs = startedAt === null ? null : instantToMs(startedAt);
  const elapsed = useFleetTick((nowMs) =>
    sinceMs === null ? NONE : span(nowMs - sinceMs).replace('now', '0 s'),
  );
  const lost = useIsLost();
  return (
    <li className="flex h-9 items-center gap-2 text-xs pointer-coarse:h-12" data-inflight={id}>
      <Mark tone="busy" pulses={!lost} />
      <span className="min-w-0 flex-1 truncate font-mono" title={model}>
        {model}
      </span>
      <span className="max-w-32 truncate text-fg2" title={source}>
        {sourceKnown === false ? NONE : source}
      </span>
      <span
        className="num w-14 shrink-0 text-right text-busy"
        title={sinceMs === null ? undefined : `since ${exact(sinceMs)}`}
      >
        {elapsed}
      </span>
      <Button
        look="quiet"
        className="h-7! px-2! text-xs! pointer-coarse:h-10!"
        onClick={() => askFor({ kind: 'cancel', providerId, inflightId: id })}
      >
        Cancel…<span className="sr-only"> the request of {model}</span>
      </Button>
    </li>
  );
}

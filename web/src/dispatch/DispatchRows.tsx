'use client';
import type { ActivityPage, RouteFact } from '@boocontrol/contracts';
import { withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { hostName } from '../control/names';
import { duration, spoken } from '../format/number';
import { PageLink } from '../shell/PageLink';
import { Part } from '../ui/Part';

/** A host tells of a request when it has ended; its row is joined a moment later. */
const EVERY_MS = 5_000;
/** More than a request has attempts. */
const MOST = 10;

/** Where the hosts' own rows of a request to /v1 are: each attempt that a host took has one. */
export function DispatchRows({ dispatch: { id, attempts } }: { dispatch: RouteFact }) {
  const path = withQuery('/activity', { dispatchId: id, limit: MOST });
  const { data, error } = useResource<ActivityPage>(attempts.length === 0 ? null : path, EVERY_MS);
  if (attempts.length === 0 || (!data && !error)) return null;
  return (
    <Part title="In the activity">
      {!data && <p className="text-sm text-fg2">{error?.message}</p>}
      {data?.rows.length === 0 && (
        <p className="text-sm text-fg2">No host has told of it yet, or its row is no longer kept.</p>
      )}
      <ul className="flex flex-col gap-1 text-sm">
        {data?.rows.map(({ key, providerId, statusCode, durationMs }) => (
          <li key={key}>
            <PageLink
              href={`/activity/?open=${encodeURIComponent(key)}`}
              className="text-accent underline [overflow-wrap:anywhere]"
            >
              {hostName(providerId)}: {statusCode === 0 ? 'no answer' : statusCode},{' '}
              {spoken(duration(durationMs))}
            </PageLink>
          </li>
        ))}
      </ul>
    </Part>
  );
}

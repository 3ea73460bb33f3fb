'use client';
import { hostName } from '../../control/names';
import { count, plural } from '../../format/number';
import { hostHref } from '../../hosts/address';
import { Ago } from '../../live/Ago';
import { PageLink } from '../../shell/PageLink';
import { Mark } from '../../ui/marks';
import type { InFlightNow } from './flights';

/** More names than these nobody reads. */
const MOST = 2;

/** What of the fleet's requests in flight is not in the list, and why. */
export function Unknowns({ now: { unlisted, away, untold } }: { now: InFlightNow }) {
  if (unlisted.length + away.length + untold === 0) return null;
  return (
    <ul
      aria-label="What is not listed"
      className="num flex flex-wrap gap-x-5 gap-y-1 text-xs text-fg2"
      data-testid="unknowns"
    >
      {unlisted.slice(0, MOST).map(({ providerId, requests, generation }) => (
        <li key={providerId}>
          <Host id={providerId} />: {plural(requests, 'request')},{' '}
          {generation === 'A'
            ? 'not listed by this host: its llama-swap tells only how many, and cannot cancel one'
            : 'beyond the 200 that are listed of a host'}
        </li>
      ))}
      {unlisted.length > MOST && (
        <li>
          and {count(unlisted.slice(MOST).reduce((sum, { requests }) => sum + requests, 0))} on{' '}
          {plural(unlisted.length - MOST, 'other host')} that do not list them
        </li>
      )}
      {away.slice(0, MOST).map(({ providerId, lastSeenMs }) => (
        <li key={providerId} className="inline-flex items-center gap-1.5">
          <Mark tone="error" />
          <span>
            <Host id={providerId} /> is not connected
            {lastSeenMs === null ? (
              ', and never was'
            ) : (
              <>
                , last seen <Ago atMs={lastSeenMs} />
              </>
            )}
            : what runs there is not known
          </span>
        </li>
      ))}
      {away.length > MOST && <li>and {plural(away.length - MOST, 'other host')} not connected</li>}
      {untold > 0 && <li>{plural(untold, 'more request')} through /v1: a gateway tells of its 200 oldest</li>}
    </ul>
  );
}

function Host({ id }: { id: string }) {
  return (
    <PageLink
      href={hostHref(id)}
      className="items-center justify-center text-fg underline hover:text-accent pointer-coarse:inline-flex pointer-coarse:min-h-10 pointer-coarse:min-w-10"
    >
      {hostName(id)}
    </PageLink>
  );
}

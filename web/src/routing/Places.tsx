'use client';
import { count, duration, plural, spoken } from '../format/number';
import { PageLink } from '../shell/PageLink';
import type { HostNow } from './hosts-now';

/** How many dots stay countable. */
const MOST_DOTS = 16;

/** Requests under way against the places of a host, and who waits for one. */
export function Places({ now: { providerId, running, slots, waiting } }: { now: HostNow }) {
  const queued = waiting.reduce((sum, { requests }) => sum + requests, 0);
  const longestMs = Math.max(0, ...waiting.map((each) => each.longestMs));
  return (
    <div className="num ml-auto flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      {slots !== null && (
        <PageLink
          href={`/routing/?host=${encodeURIComponent(providerId)}`}
          className="inline-flex items-center gap-2 hover:text-accent pointer-coarse:min-h-10"
        >
          {slots <= MOST_DOTS && (
            <span aria-hidden className="flex gap-0.5">
              {Array.from({ length: slots }, (_, i) => (
                <span key={i} className={`h-3 w-1.5 rounded-xs ${i < running ? 'bg-accent' : 'bg-s3'}`} />
              ))}
            </span>
          )}
          <span>
            {count(running)} of {count(slots)} <span className="unit">under way</span>
          </span>
        </PageLink>
      )}
      {queued > 0 && (
        <span className="text-busy">
          {plural(queued, 'waits', 'wait')}, the longest {spoken(duration(longestMs))}
        </span>
      )}
      {queued > 0 && (
        <span className="min-w-0 text-xs text-fg2 [overflow-wrap:anywhere]">
          {waiting
            .slice(0, 5)
            .map(({ source, requests }) => `${source} ${count(requests)}`)
            .join(', ')}
          {waiting.length > 5 && `, and ${count(waiting.length - 5)} more consumers`}
        </span>
      )}
    </div>
  );
}

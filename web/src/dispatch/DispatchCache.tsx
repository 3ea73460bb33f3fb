'use client';
import type { PrefixDrifts, RouteFact } from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { causeWords, costWords, hitRate, share } from '../cache/words';
import { driftHref, sessionHref } from '../cache/address';
import { capital } from '../format/text';
import { PageLink } from '../shell/PageLink';
import { Part } from '../ui/Part';

/** What of the prompt was in the cache, and what stood in the way; absent of requests that are of no session. */
export function DispatchCache({ dispatch }: { dispatch: RouteFact }) {
  const { id, at, prefix, promptTokens, cacheTokens } = dispatch;
  const atMs = instantToMs(at);
  const path = withQuery('/prompt-cache/drifts', {
    session: prefix?.session,
    from: instantFromMs(atMs),
    to: instantFromMs(atMs + 1),
  });
  const { data, error } = useResource<PrefixDrifts>(prefix === undefined ? null : path);
  if (prefix === undefined) return null;
  const drift = data?.drifts.find((each) => each.dispatchId === id);
  const rate = hitRate(cacheTokens, promptTokens);
  return (
    <Part title="The prompt cache">
      <div className="flex flex-col gap-1 text-sm">
        {drift ? (
          <p>
            <PageLink href={driftHref(drift.id)} className="text-accent underline">
              {capital(causeWords(drift.cause).name)}
            </PageLink>
            . {costWords(drift)}
          </p>
        ) : (
          <p className="text-fg2">
            {rate === null
              ? 'The host did not say how much of the prompt came from its cache.'
              : `${share(rate)} of the prompt came from the cache.`}{' '}
            {error ? error.message : data && RELATION[prefix.relation]}
          </p>
        )}
        <p>
          <PageLink href={sessionHref(prefix.session)} className="text-accent underline">
            All requests of its session
          </PageLink>
        </p>
      </div>
    </Part>
  );
}

const RELATION: Readonly<Record<NonNullable<RouteFact['prefix']>['relation'], string>> = {
  first: 'It begins a conversation.',
  continued: 'It goes on from the request before.',
  rewound: 'It goes back to an earlier point of its conversation.',
  changed: 'It began otherwise than the request before.',
};

'use client';
import type { RouteBreaker } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { count, plural } from '../format/number';
import { span } from '../format/time';
import { useFleetTick } from '../live';
import { Ago } from '../live/Ago';
import { Chip } from '../ui/marks';

/** Models of a host that have failed lately, and when those that are left alone are tried again. */
export function Breakers({ breakers }: { breakers: readonly RouteBreaker[] }) {
  return (
    <ul className="mt-2 divide-y rounded-md border text-sm">
      {breakers.map((breaker) => (
        <Breaker key={breaker.model} breaker={breaker} />
      ))}
    </ul>
  );
}

function Breaker({ breaker }: { breaker: RouteBreaker }) {
  const { model, state, failuresInARow, failures, of, lastFailure } = breaker;
  return (
    <li className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[minmax(0,1fr)_auto]">
      <code className="min-w-0 font-mono text-xs leading-5 [overflow-wrap:anywhere]">{model}</code>
      <State breaker={breaker} />
      <p className="num text-xs text-fg2 [overflow-wrap:anywhere] md:col-span-2">
        {failuresInARow > 1
          ? `${count(failuresInARow)} failures in a row`
          : `${plural(failures, 'failure')} among the last ${plural(of, 'answer')}`}
        {state === 'closed' && '; it is asked as ever'}
        {lastFailure && (
          <>
            . The last <Ago atMs={instantToMs(lastFailure.at)} />: {lastFailure.message}
          </>
        )}
      </p>
    </li>
  );
}

function State({ breaker: { state, retryAt } }: { breaker: RouteBreaker }) {
  const retryMs = retryAt === null ? 0 : instantToMs(retryAt);
  const wait = useFleetTick((nowMs) => (nowMs >= retryMs ? '' : span(retryMs - nowMs)));
  if (state === 'closed') return <span className="text-xs text-fg3">closed</span>;
  return (
    <span className="justify-self-start">
      {state === 'open' && wait !== '' && wait !== 'now' ? (
        <Chip tone="error">open, next try in {wait}</Chip>
      ) : (
        <Chip tone="busy">half-open: the next request tries it</Chip>
      )}
    </span>
  );
}

'use client';
import type { Totals } from '@boocontrol/contracts';
import { useMemo } from 'react';
import { withQuery } from '../api/client';
import { allPages, type Rows } from '../api/pages';
import { refresh, useResource, type Resource } from '../api/resource';
import { useKept } from '../api/use-kept';
import { rangeSpan, rangeStepMs, type TimeRange } from '../browser/range';
import { isHost } from '../hosts/service';
import { useLive, useTick } from '../live';
import { consumersOf, type Consumer, type Group } from './figures';
import { bucketS } from './over-time';

const pages = (path: string): Promise<Rows<Group>> => allPages<Totals, Group>(path, ({ groups }) => groups);

/** What the API takes as most hosts of a filter. */
const MOST_HOSTS = 64;

interface Asked {
  /** The range's beginning and end, to the step; null: it has no beginning. */
  span: { fromMs: number | null; toMs: number };
  /** Of the question, for withQuery. */
  from: string | undefined;
  to: string | undefined;
  stepMs: number | null;
}

/** The range as a question that stays the same for a step. */
function useAsked(range: TimeRange): Asked {
  const stepMs = rangeStepMs(range);
  const nowMs = useTick((now) => (stepMs === null ? 0 : Math.floor(now / stepMs) * stepMs));
  const span = rangeSpan(range, nowMs);
  return {
    span,
    from: span.fromMs === null ? undefined : new Date(span.fromMs).toISOString(),
    // A range that ends now is asked without an end: a host whose clock is ahead has rows after it.
    to: range.kind === 'last' ? undefined : new Date(span.toMs).toISOString(),
    stepMs,
  };
}

/** llama-swap hosts, where there are services beside them; undefined: everything is theirs. */
function useHostsOnly(): readonly string[] | undefined {
  const text = useLive(({ providers }) =>
    providers.every(isHost)
      ? ''
      : providers
          .filter(isHost)
          .slice(0, MOST_HOSTS)
          .map(({ id }) => id)
          .join(' '),
  );
  return useMemo(() => (text === '' ? undefined : text.split(' ')), [text]);
}

/** Sums of each consumer over the range. */
export function useConsumers(range: TimeRange): Resource<Consumer[]> & { retry: () => void } {
  const { from, to, stepMs } = useAsked(range);
  const hosts = useHostsOnly();
  const path = withQuery('/activity/totals', { groupBy: 'source', from, to });
  const hostPath = withQuery('/activity/totals', { groupBy: 'source', from, to, providerId: hosts });
  const question = JSON.stringify(range);
  const all = useKept(useResource(path, stepMs ?? undefined, pages), question);
  const onHosts = useKept(useResource(hostPath, stepMs ?? undefined, pages), question);
  const data = useMemo(
    () => (all.data && onHosts.data ? consumersOf(all.data.rows, onHosts.data.rows) : null),
    [all.data, onHosts.data],
  );
  return {
    data,
    error: all.error ?? onHosts.error,
    loading: all.loading || onHosts.loading,
    retry: () => {
      refresh(path);
      refresh(hostPath);
    },
  };
}

interface OverTime extends Resource<Rows<Group>> {
  stepMs: number;
  span: Asked['span'];
  retry: () => void;
}

/** Sums of each consumer over the steps of the range. @param hostsOnly of llama-swap hosts alone */
export function useConsumersOverTime(range: TimeRange, hostsOnly: boolean): OverTime {
  const { to, stepMs, span } = useAsked(range);
  const hosts = useHostsOnly();
  const seconds = bucketS(span.fromMs === null ? null : span.toMs - span.fromMs);
  // A range that moves on begins with a whole step, or its first would be less than it was.
  const beginMs =
    span.fromMs === null || stepMs === null
      ? span.fromMs
      : Math.floor(span.fromMs / (seconds * 1000)) * seconds * 1000;
  const from = beginMs === null ? undefined : new Date(beginMs).toISOString();
  const path = withQuery('/activity/totals', {
    groupBy: 'source',
    bucketS: seconds,
    from,
    to,
    providerId: hostsOnly ? hosts : undefined,
  });
  const resource = useKept(useResource(path, stepMs ?? undefined, pages), JSON.stringify([range, hostsOnly]));
  return {
    ...resource,
    stepMs: seconds * 1000,
    span: { fromMs: beginMs, toMs: span.toMs },
    retry: () => refresh(path),
  };
}

'use client';
import type { HostState, ModelEvent, PerfSeries } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, withQuery } from '../api/client';
import { eventsOf, gapsOf } from '../api/history';
import { rangeStepMs, type TimeRange } from '../browser/range';
import { live, serverNow } from '../live';
import { createHostHistory, type HistorySource, type HostHistory } from './host-history';

const EVENTS_OF_A_PAGE = 2000;
/** Enough to meet the last event of each model of most hosts. */
const EVENTS_BEFORE = 300;

const queryOf = (providerId: string, { fromMs, toMs }: { fromMs: number; toMs?: number | undefined }) => ({
  providerId,
  from: instantFromMs(fromMs),
  to: toMs === undefined ? undefined : instantFromMs(toMs),
});

const sourceOf = (providerId: string): HistorySource => ({
  now: serverNow,
  perf: (span, maxPoints) => api<PerfSeries>(withQuery('/perf', { ...queryOf(providerId, span), maxPoints })),
  gaps: (span) => gapsOf(withQuery('/gaps', queryOf(providerId, span))),
  events: (span) =>
    eventsOf(withQuery('/model-events', { ...queryOf(providerId, span), limit: EVENTS_OF_A_PAGE })),
  eventsBefore: async (ms) => {
    const query = { providerId, to: instantFromMs(ms), limit: EVENTS_BEFORE };
    return (await api<{ events: ModelEvent[] }>(withQuery('/model-events', query))).events;
  },
});

/** Changes when there is something new among the events and gaps of the host. */
function markOf(host: HostState | undefined): string {
  if (!host) return '';
  const { models, liveness, gap } = host;
  const states = models.map(({ id, state, failedAt }) => `${id} ${state} ${failedAt}`);
  return [liveness?.state, liveness?.since, gap?.at, ...states].join('\n');
}

/** The history of a host, followed while somebody can see it: not in a hidden tab, and not without a live connection. */
export function useHostHistory(
  providerId: string,
  asked: TimeRange,
): { history: HostHistory; retry: () => void } {
  const store = useMemo(() => createHostHistory(asked, sourceOf(providerId)), [providerId, asked]);
  // External systems: the gateway's history, the clock, whether the tab is in sight.
  useEffect(() => {
    const refresh = (): void => {
      const { link, fleet } = live.get();
      if (document.hidden || link.phase === 'lost') return;
      void store.refresh(markOf(fleet?.hosts[providerId]));
    };
    refresh();
    const stepMs = rangeStepMs(asked);
    const timer = stepMs === null ? null : setInterval(refresh, stepMs);
    document.addEventListener('visibilitychange', refresh);
    const stop = live.onSnapshot(refresh);
    return () => {
      if (timer !== null) clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
      stop();
    };
  }, [store, asked, providerId]);
  const history = useSyncExternalStore(store.subscribe, store.get, store.get);
  const retry = (): void => void store.refresh('');
  return { history, retry };
}

'use client';
import type { ActivityEntry, Gaps, ModelEvent, Provider, RouteFact } from '@boocontrol/contracts';
import { findModel, instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { withQuery } from '../../api/client';
import { useGaps } from '../../api/history';
import type { Rows } from '../../api/pages';
import { useResource, type Resource } from '../../api/resource';
import { dispatchPath } from '../../dispatch/use-dispatch';
import { useHost, useProvider } from '../../live';
import { loadSeen, type LoadSeen } from './load-seen';
import { overlapMs, ownSpan, withMargin, type Span } from './span';

type Gap = Gaps['gaps'][number];

/** A llama-swap tells what its models do and writes logs; of a provider that is gone from the registry, too, it is asked. */
export const tellsOfModels = (provider: Pick<Provider, 'kind'> | undefined): boolean =>
  provider === undefined || provider.kind === 'llama-swap';

/** What is missing of the host within the request's span, with a margin. */
export function useGapsIn({ row, endedAt }: ActivityEntry): Resource<Rows<Gap>> {
  const { beginMs, endMs } = withMargin(ownSpan({ row, endedAt }));
  return useGaps({ providerId: row.providerId, from: instantFromMs(beginMs), to: instantFromMs(endMs) });
}

/** Whether nothing says that the host could not be followed within the span. */
export const isFollowed = (gaps: readonly Gap[], span: Span): boolean =>
  !gaps.some(
    ({ kind, fromTs, toTs }) =>
      kind === 'unreachable' &&
      overlapMs({ beginMs: instantToMs(fromTs), endMs: toTs === null ? Infinity : instantToMs(toTs) }, span) >
        0,
  );

/** Enough to see how a model stood before a request and what it did while that waited. */
const EVENTS = 20;

/** What is known of the load of its model; null: its provider tells of no loads; undefined: not known yet. */
export function useLoadSeen(entry: ActivityEntry): LoadSeen | null | undefined {
  const { row } = entry;
  const { models } = useHost(row.providerId);
  const tells = tellsOfModels(useProvider(row.providerId));
  const span = ownSpan(entry);
  const path = withQuery('/model-events', {
    providerId: row.providerId,
    // Events are by ids, requests may use other names.
    model: findModel(models, row.model)?.id ?? row.model,
    to: instantFromMs(span.endMs),
    limit: EVENTS,
  });
  const events = useResource<{ events: ModelEvent[] }>(tells ? path : null);
  const gaps = useGapsIn(entry);
  if (!tells) return null;
  const error = events.error ?? gaps.error;
  if (error) return { kind: 'unknown', why: 'the history does not answer' };
  if (events.data === null || gaps.data === null) return undefined;
  return loadSeen(events.data.events, span, isFollowed(gaps.data.rows, span));
}

/** The request to /v1 that it belongs to; null: none, or it is not kept; undefined: not known yet. */
export function useDispatchOf({ row }: ActivityEntry): RouteFact | null | undefined {
  const { data, error } = useResource<RouteFact>(row.dispatchId ? dispatchPath(row.dispatchId) : null);
  if (!row.dispatchId || error) return null;
  return data ?? undefined;
}

import type { InflightRoute, RouteFact, RoutingState } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { Tone } from '../ui/tone';
import { matchesUnderWay, type DispatchFilter } from './filters';
import { outcomeWords } from '../dispatch/dispatch-words';

/** A request to /v1: under way, or ended. */
export type RequestRow =
  { kind: 'live'; id: string; request: InflightRoute } | { kind: 'past'; id: string; fact: RouteFact };

const pastRows = new WeakMap<RouteFact, RequestRow>();
/** The same row as long as the record is the same. */
function pastRow(fact: RouteFact): RequestRow {
  const row = pastRows.get(fact) ?? { kind: 'past', id: fact.id, fact };
  pastRows.set(fact, row);
  return row;
}

/** Requests under way of all gateways that the filter lets through, newest first. */
export const underWay = (routing: RoutingState | null, filter: DispatchFilter): InflightRoute[] =>
  (routing?.gateways ?? [])
    .flatMap(({ inflight }) => inflight)
    .filter((request) => matchesUnderWay(request, filter))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1));

/** What is under way on top, then what has ended; what is told as both has ended. */
export function requestRows(live: readonly InflightRoute[], past: readonly RouteFact[]): RequestRow[] {
  const ended = new Set(past.map(({ id }) => id));
  return [
    ...live
      .filter(({ id }) => !ended.has(id))
      .map((request): RequestRow => ({ kind: 'live', id: request.id, request })),
    ...past.map(pastRow),
  ];
}

const STATE: Readonly<Record<InflightRoute['state'], string>> = {
  receiving: 'being sent',
  queued: 'queued',
  loading: 'loading',
  waiting: 'waiting',
  streaming: 'streaming',
};
export const stateWord = (state: InflightRoute['state']): string => STATE[state];

const STATE_HINT: Readonly<Record<InflightRoute['state'], string>> = {
  receiving: 'The client is still sending its request.',
  queued: 'It waits for a place at the host.',
  loading: 'The host was asked, and has to load the model first.',
  waiting: 'The host was asked, and has sent no content yet.',
  streaming: 'The answer is going out.',
};
export const stateHint = (state: InflightRoute['state']): string => STATE_HINT[state];

/** Whether it was ended here, and who did it; null: it was not. */
export function cancelledBy({ error }: Pick<RouteFact, 'error'>): string | null {
  if (error?.code !== 'cancelled') return null;
  const { by } = (error.details ?? {}) as { by?: unknown };
  return typeof by === 'string' ? by : 'somebody';
}

/** What became of it, in a word or two. */
export function endedWords(fact: Pick<RouteFact, 'outcome' | 'error'>): { tone: Tone; text: string } {
  return cancelledBy(fact) === null ? outcomeWords(fact) : { tone: 'down', text: 'cancelled' };
}

/** Where it went last; null: nowhere yet. */
export function targetOf(row: RequestRow): { providerId: string; model: string } | null {
  if (row.kind === 'past') return row.fact.attempts.at(-1) ?? null;
  const { providerId, model } = row.request;
  return providerId === null || model === null ? null : { providerId, model };
}

/** Attempts that came to nothing before the last one. */
export const failovers = (row: RequestRow): number =>
  row.kind === 'past' ? Math.max(0, row.fact.attempts.length - 1) : row.request.attempts.length;

export const cameMs = (row: RequestRow): number =>
  instantToMs(row.kind === 'past' ? row.fact.at : row.request.at);

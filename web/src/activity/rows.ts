import {
  outcomeOf,
  type ActivityRow,
  type Gaps,
  type HostState,
  type InflightRequest,
  type PublicProvider,
} from '@boocontrol/contracts';
import { instantToMs, toldPrompt } from '@boocontrol/fleet-model';
import { plural } from '../format/number';
import { clock } from '../format/time';
import { gapWords } from '../hosts/gap';
import type { Tone } from '../ui/tone';
import { matchesRunning, type FeedFilter } from './filters';

export type FeedItem =
  | { kind: 'row'; key: string; row: ActivityRow }
  | { kind: 'running'; key: string; providerId: string; startedMs: number | null; request: InflightRequest }
  /** A sentence between the rows. */
  | { kind: 'note'; key: string; text: string };

export function statusView(code: number): { tone: Tone; text: string } {
  const outcome = outcomeOf(code);
  if (outcome === 'ok') return { tone: code < 300 ? 'ready' : 'neutral', text: String(code) };
  if (outcome === 'client_left') return { tone: 'down', text: `${code} client left` };
  if (code === 0) return { tone: 'error', text: 'no answer' };
  const word = code === 429 ? 'busy' : code >= 500 ? 'failed' : 'refused';
  return { tone: 'error', text: `${code} ${word}` };
}

/** Paths that generate text: each whole answer of theirs has tokens. */
const GENERATES = /\/(chat\/completions|completions|responses|messages)$/;

/**
 * Whether the answer ended before it was whole. The gateway knows it of what went through it; a llama-swap whose model was
 * unloaded in the middle of a stream says 200 and 0 tokens.
 */
export function isCut(row: ActivityRow): boolean {
  if (row.dispatch) return row.dispatch.outcome === 'incomplete';
  const { reqPath, respContentType, statusCode, inputTokens, outputTokens } = row;
  return (
    statusCode === 200 &&
    inputTokens === 0 &&
    outputTokens === 0 &&
    GENERATES.test(reqPath) &&
    respContentType?.startsWith('text/event-stream') === true
  );
}

/** How a request came out, in a word and a colour. */
export const statusOf = (row: ActivityRow): { tone: Tone; text: string } =>
  isCut(row) ? { tone: 'error', text: `${row.statusCode || ''} cut`.trim() } : statusView(row.statusCode);

type Figure = 'promptTokens' | 'cacheTokens' | 'outputTokens' | 'promptTps' | 'genTps';

/**
 * What was measured. llama-swap says 0 of a request that had no answer to measure, and of an answer in which it found no
 * figures; that is no measurement: every prompt has a token.
 */
export function figuresOf(row: ActivityRow): Record<Figure, number | null> {
  const { statusCode, cacheTokens, outputTokens, promptTps, genTps } = row;
  const { promptTokens } = toldPrompt(row);
  const isMeasured = outcomeOf(statusCode) === 'ok' && ![promptTokens, outputTokens].every((n) => n === 0);
  const measured = (value: number | null): number | null => (value === 0 && !isMeasured ? null : value);
  return {
    promptTokens: promptTokens || null,
    cacheTokens: measured(cacheTokens),
    outputTokens: measured(outputTokens),
    promptTps: measured(promptTps),
    genTps: measured(genTps),
  };
}

/** "/v1/chat/completions" is shown as "chat/completions". */
export const shortPath = (path: string): string => path.replace(/^\/(v1\/)?/, '');

const MOST_RUNNING = 30;

/** Requests under way that the filter lets through, newest first. */
export function runningItems(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  filter: FeedFilter,
): Extract<FeedItem, { kind: 'running' }>[] {
  return providers
    .flatMap(({ id }) => {
      const host = hosts[id];
      if (host?.liveness?.state !== 'connected') return [];
      return (host.inflight?.requests ?? [])
        .filter((request) => matchesRunning(id, request, filter))
        .map((request) => ({
          kind: 'running' as const,
          key: `run ${id} ${request.id}`,
          providerId: id,
          startedMs: request.startedAt === null ? null : instantToMs(request.startedAt),
          request,
        }));
    })
    .sort((a, b) => (b.startedMs ?? 0) - (a.startedMs ?? 0))
    .slice(0, MOST_RUNNING);
}

/** Hosts of the oldest generation tell how many requests are under way, not which. */
export function unlistedNotes(
  providers: readonly PublicProvider[],
  hosts: Readonly<Record<string, HostState>>,
  filter: FeedFilter,
): FeedItem[] {
  const { model, consumer, path, status } = filter;
  if (filter.range.kind === 'between' || filter.text !== '') return [];
  if ([model, consumer, path, status].some((facet) => facet.length > 0)) return [];
  return providers.flatMap(({ id, label }): FeedItem[] => {
    const { liveness, inflight } = hosts[id] ?? {};
    const unlisted = inflight ? inflight.total - inflight.requests.length : 0;
    if (unlisted <= 0 || liveness?.state !== 'connected' || liveness.generation !== 'A') return [];
    if (filter.host.length > 0 && !filter.host.includes(id)) return [];
    const text = `${label}: ${plural(unlisted, 'request')} in flight. This llama-swap version doesn't list them.`;
    return [{ kind: 'note', key: `note ${id}`, text }];
  });
}

interface GapContext {
  /** All rows of the range are loaded. */
  complete: boolean;
  /** Of gaps that began before this nothing is known, because there are too many; null: all are known. */
  toldFrom: string | null;
  /** Where the range begins; null: it has no beginning. */
  fromMs: number | null;
  nameOf: (providerId: string) => string;
  nowMs: number;
}

const itemsOfRows = new WeakMap<ActivityRow, FeedItem>();

/** The same item as long as the row is the same, so that a list that grew draws only what is new. */
function itemOf(row: ActivityRow): FeedItem {
  const item = itemsOfRows.get(row) ?? { kind: 'row', key: row.key, row };
  itemsOfRows.set(row, item);
  return item;
}

const OF_ROWS = ['ring_overflow', 'host_restarted', 'projection_behind_log'] as const;
const isOfRows = (reason: string): reason is (typeof OF_ROWS)[number] =>
  (OF_ROWS as readonly string[]).includes(reason);

/** Gaps in which rows were lost, as lines between the rows; only those within what is loaded. */
export function withGaps(
  rows: readonly ActivityRow[],
  gaps: Gaps['gaps'],
  { complete, toldFrom, fromMs, nameOf, nowMs }: GapContext,
): FeedItem[] {
  const oldest = rows.at(-1)?.ts ?? '';
  const lost = gaps
    .filter(
      ({ kind, reason, toTs }) =>
        kind === 'lost' &&
        isOfRows(reason) &&
        toTs !== null &&
        (fromMs === null || instantToMs(toTs) >= fromMs) &&
        (complete || toTs >= oldest),
    )
    .toSorted((a, b) => ((a.toTs ?? '') < (b.toTs ?? '') ? 1 : -1));
  const items: FeedItem[] = [];
  let next = 0;
  const putGapsBefore = (ts: string): void => {
    for (let gap = lost[next]; gap && (gap.toTs ?? '') >= ts; gap = lost[++next]) {
      items.push({
        kind: 'note',
        key: `gap ${gap.providerId} ${gap.fromTs}`,
        text: `${nameOf(gap.providerId)}: ${gapText(gap, nowMs)}`,
      });
    }
  };
  for (const row of rows) {
    putGapsBefore(row.ts);
    items.push(itemOf(row));
  }
  putGapsBefore(complete ? '' : oldest);
  if (toldFrom !== null && (complete || oldest < toldFrom)) {
    const since = clock(instantToMs(toldFrom), nowMs);
    items.push({
      kind: 'note',
      key: 'more gaps',
      text: `Gaps from before ${since} are not shown: there are too many.`,
    });
  }
  return items;
}

function gapText({ reason, fromTs, toTs, missingRows = null }: Gaps['gaps'][number], nowMs: number): string {
  if (!isOfRows(reason)) return reason;
  const { full } = gapWords({ reason, fromTs, toTs: toTs ?? fromTs, missing: missingRows }, nowMs);
  return full.charAt(0).toLowerCase() + full.slice(1);
}

import type { Contamination } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { entryIdIn, type Heard } from './heard.js';
import {
  match,
  SPREAD_MS,
  TOLERANCE_MS,
  type Expected,
  type Matched,
  type Ours,
  type Row,
} from './matching.js';
import { throttledAmong } from './throttling.js';

/** When a cell was measured: from its first send to its last end, warm-up left out. Unix milliseconds. */
export interface Window {
  index: number;
  fromMs: number;
  untilMs: number;
}

/** What the log told of a host while a run was under way, and what we sent there. */
export interface Evidence {
  windows: readonly Window[];
  /** The model that is measured. */
  model: string;
  sent: readonly Ours[];
  /**
   * Since when another run of ours is under way at this host; null: none is. What it sends is known when its cells are whole:
   * until then nobody can tell whether a row without a name is of it.
   */
  besideSinceMs: number | null;
  /** When a worker was at it that is gone: what it sent meanwhile was not written down. */
  cuts: readonly Cut[];
  heard: readonly Heard[];
  expected: Expected;
}

/** From the last cell that was stored, or the beginning, until another worker went on. */
export interface Cut {
  fromMs: number;
  untilMs: number;
  model: string;
  /** How the path of what was sent ends. */
  path: string;
}

/** A cell says no more. */
const MARKS = 100;
const WHAT = 300;

/**
 * What else happened to the host while each cell was measured; a cell that had it to itself has no entry. Pure, and made
 * anew from all that is known: whatever comes late, twice or in another order comes to the same.
 */
export function judge({
  windows,
  model,
  sent,
  besideSinceMs,
  cuts,
  heard,
  expected,
}: Evidence): Map<number, Contamination[]> {
  const rows = heard.flatMap(rowOf);
  const matched = match(rows, sent, expected);
  const found = [
    ...foreignAmong(
      rows,
      matched,
      (row) => isUndecided(row, besideSinceMs, expected) || isOfCut(row, cuts, matched.offset, expected),
    ),
    ...underWay(heard, rows, expected),
    ...changesOf(heard, model),
  ];
  const readings = heard.flatMap((one) => (one.kind === 'gpu' ? [{ atMs: one.endedMs, ...one.body }] : []));
  const marks = new Map<number, Contamination[]>();
  for (const { index, fromMs, untilMs } of windows) {
    const own = found
      .filter((one) => one.endedMs >= fromMs && one.startedMs <= untilMs)
      .map(({ kind, atMs, what }) => markOf(kind, atMs, what));
    const hot = throttledAmong(readings, fromMs, untilMs).map(({ gpu, atMs, fromW, toW }) =>
      markOf(
        'throttled',
        atMs,
        `${gpu} fell from ${Math.round(fromW)} W to ${Math.round(toW)} W at full load`,
      ),
    );
    const all = [...own, ...hot].toSorted((a, b) =>
      a.at < b.at ? -1 : a.at > b.at ? 1 : a.what < b.what ? -1 : 1,
    );
    if (all.length > 0) marks.set(index, all.slice(0, MARKS));
  }
  return marks;
}

interface Happened {
  kind: Contamination['kind'];
  startedMs: number;
  endedMs: number;
  atMs: number;
  what: string;
}

/** The row of a request that was heard of. */
export const rowOf = ({ key, kind, startedMs, endedMs, body }: Heard): Row[] =>
  kind === 'request' ? [{ key, entryId: entryIdIn(key), startedMs, endedMs, ...body }] : [];

/** The clock of the host is learnt from rows of ours: so much earlier, or later, it may have been. */
function foreignAmong(
  rows: readonly Row[],
  { foreign, offset }: Matched,
  isLeftOut: (row: Row) => boolean,
): Happened[] {
  return foreign.flatMap((index) => {
    const row = rows[index];
    if (row === undefined || isLeftOut(row)) return [];
    const [startedMs, endedMs] = [row.startedMs - offset.highMs, row.endedMs - offset.lowMs];
    const tokens = row.outputTokens === null ? '' : `, ${row.outputTokens} tokens`;
    const what = `${row.source} asked ${row.model} (${row.path}${tokens}), from ${clock(row.startedMs)} to ${clock(row.endedMs)} UTC`;
    return [{ kind: 'foreign_request', startedMs, endedMs, atMs: row.endedMs, what }];
  });
}

const isUndecided = ({ source, endedMs }: Row, besideSinceMs: number | null, expected: Expected): boolean =>
  besideSinceMs !== null &&
  endedMs >= besideSinceMs - TOLERANCE_MS &&
  (source === expected.source || source === expected.unknown);

/**
 * It may have begun while somebody was at it whose list of requests is lost, and names nobody else. The rows that were
 * learnt from are a few of all that there could be: another one may be a whole second before the last of them.
 */
function isOfCut(
  row: Row,
  cuts: readonly Cut[],
  { lowMs, highMs }: Matched['offset'],
  expected: Expected,
): boolean {
  if (row.source !== expected.source && row.source !== expected.unknown) return false;
  return cuts.some(
    ({ fromMs, untilMs, model, path }) =>
      row.model === model &&
      row.path.endsWith(path) &&
      row.startedMs - Math.min(lowMs, highMs - SPREAD_MS) >= fromMs &&
      row.startedMs - Math.max(highMs, lowMs + SPREAD_MS) <= untilMs,
  );
}

/** Requests of others that were seen and of whose end nothing has been told yet. */
function underWay(heard: readonly Heard[], rows: readonly Row[], expected: Expected): Happened[] {
  return heard.flatMap(({ kind, startedMs, endedMs, body }) => {
    if (kind !== 'inflight' || body.source === expected.source) return [];
    const isTold = rows.some(
      (row) =>
        row.model === body.model &&
        (row.source === body.source || row.source === expected.unknown) &&
        Math.abs(row.startedMs - startedMs) <= TOLERANCE_MS,
    );
    if (isTold) return [];
    const what = `${body.source} asked ${body.model} (${body.path}), from ${clock(startedMs)} UTC`;
    return [{ kind: 'foreign_request', startedMs, endedMs, atMs: endedMs, what }];
  });
}

const IS_GONE: ReadonlySet<string> = new Set(['stopping', 'stopped', 'shutdown', 'absent']);
const IS_THERE: ReadonlySet<string> = new Set(['starting', 'ready']);

/** The measured model going, or another one coming or going. */
function changesOf(heard: readonly Heard[], measured: string): Happened[] {
  return heard.flatMap(({ kind, startedMs, endedMs, body }): Happened[] => {
    if (kind !== 'model') return [];
    const { model, from, to } = body;
    const at = { startedMs, endedMs, atMs: endedMs };
    if (model === measured)
      return IS_GONE.has(to) ? [{ kind: 'swap', ...at, what: `${model} went from ${from} to ${to}` }] : [];
    const isLoad = IS_THERE.has(to) && !IS_THERE.has(from);
    const isEnd = IS_GONE.has(to) && (IS_THERE.has(from) || from === 'stopping') && to !== 'absent';
    if (!isLoad && !isEnd) return [];
    return [{ kind: 'other_model', ...at, what: `${model} went from ${from} to ${to}` }];
  });
}

const markOf = (kind: Contamination['kind'], atMs: number, what: string): Contamination => ({
  kind,
  at: instantFromMs(Math.max(0, atMs)),
  what: what.slice(0, WHAT),
});

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 23);

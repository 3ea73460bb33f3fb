import { FAR_MS } from '@boocontrol/fleet-model';
import type { EntityManager } from 'typeorm';
import type { RowSpan as Span } from '../projection/new-rows.js';
import { tellFromCaptures } from '../projection/told-rows.repository.js';
import {
  attemptsIn,
  attemptsOfDispatches,
  holdersOf,
  lockHost,
  rejoin,
  rowsIn,
  rowsOfDispatches,
  type HeldAttempt,
} from './join.repository.js';
import { matchAttempts, type Join, type OpenRow } from './match.js';

/** Attempts this near to the time are joined anew … */
const NEAR_MS = 30_000;
/** … and these are looked at with them, as they may have the same rows. */
const AROUND_MS = 60_000;

/**
 * Joins a host's attempts of a time with its rows, as matchAttempts has it: what was joined before counts for nothing, so
 * it is the same in whatever order they came, and however often this runs. Call in a transaction of its own.
 * @returns how many attempts changed
 */
export async function joinHost(tx: EntityManager, providerId: string, span: Span): Promise<number> {
  await lockHost(tx, providerId);
  const near = await attemptsIn(tx, providerId, widened(span, AROUND_MS));
  if (near.length === 0 && !(await hasClaims(tx, providerId, span))) return 0;
  const times = [...near.flatMap(({ startMs, endMs }) => [startMs, endMs]), span.fromMs, span.toMs];
  const around = { fromMs: least(times) - FAR_MS, toMs: most(times) + AROUND_MS };
  await tellFromCaptures(tx, providerId, around);
  const rows = merged(
    await rowsIn(tx, providerId, around),
    await rowsOfDispatches(
      tx,
      providerId,
      near.map(({ dispatchId }) => dispatchId),
    ),
    keyOfRow,
  );
  const claimed = rows.flatMap(({ dispatchId }) => dispatchId ?? []);
  const attempts = merged(near, await attemptsOfDispatches(tx, providerId, claimed), keyOfAttempt);
  const { fromMs, toMs } = widened(span, NEAR_MS);
  const isNear = ({ startMs, endMs }: HeldAttempt): boolean => endMs >= fromMs && startMs <= toMs;
  return apply(tx, providerId, attempts, rows, isNear);
}

async function hasClaims(tx: EntityManager, providerId: string, span: Span): Promise<boolean> {
  await tellFromCaptures(tx, providerId, span);
  return (await rowsIn(tx, providerId, span)).some(({ dispatchId }) => dispatchId != null);
}

async function apply(
  tx: EntityManager,
  providerId: string,
  attempts: readonly HeldAttempt[],
  rows: readonly OpenRow[],
  isNear: (attempt: HeldAttempt) => boolean,
): Promise<number> {
  const joins = new Map(matchAttempts(attempts, rows).map((join) => [keyOfAttempt(join.attempt), join]));
  const loaded = new Set(rows.map(keyOfRow));
  const changed = attempts.filter((attempt) => {
    const join = joins.get(keyOfAttempt(attempt));
    if (isSame(attempt, join)) return false;
    // A guess is made, or taken back, only where all that it depends on was looked at.
    return join?.joined === 'exact' || (isNear(attempt) && isLoaded(attempt, loaded));
  });
  const wanted = changed.flatMap((attempt) => joins.get(keyOfAttempt(attempt)) ?? []);
  const changing = new Set(changed.map(keyOfAttempt));
  const others = (
    await holdersOf(
      tx,
      providerId,
      wanted.map(({ row }) => row),
    )
  ).filter((holder) => !changing.has(keyOfAttempt(holder)));
  // A row that somebody has who is not joined anew here goes to who is named in it, and to nobody by a guess.
  const held = new Map(others.map((holder) => [keyOfRow(holder), holder]));
  const set = wanted.filter(({ row, joined }) => joined === 'exact' || !held.has(keyOfRow(row)));
  const losing = set.flatMap(({ row }) => held.get(keyOfRow(row)) ?? []);
  await rejoin(tx, [...changed, ...losing], set);
  return changed.length;
}

type AttemptKey = Pick<HeldAttempt, 'dispatchId' | 'attempt'>;
const keyOfAttempt = ({ dispatchId, attempt }: AttemptKey): string => `${dispatchId} ${attempt}`;
const keyOfRow = ({ entryId, ts }: Pick<OpenRow, 'entryId' | 'ts'>): string => `${entryId} ${ts}`;

function isSame({ held }: HeldAttempt, join: Join | undefined): boolean {
  if (held === null || join === undefined) return held === null && join === undefined;
  return keyOfRow(held) === keyOfRow(join.row) && held.joined === join.joined;
}

const isLoaded = ({ held }: HeldAttempt, loaded: ReadonlySet<string>): boolean =>
  held === null || loaded.has(keyOfRow(held));

function merged<T>(some: readonly T[], more: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map([...some, ...more].map((item) => [keyOf(item), item])).values()];
}

const widened = ({ fromMs, toMs }: Span, byMs: number): Span => ({
  fromMs: fromMs - byMs,
  toMs: toMs + byMs,
});
const least = (times: readonly number[]): number => times.reduce((a, b) => Math.min(a, b));
const most = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b));

import type { Leaderboard, LeaderboardEntry, LeaderboardRow } from '@boocontrol/contracts';
import type { XyPoint, XyView } from '../charts/xy';
import { niceTop } from '../charts/views';
import { rate } from '../format/number';
import { share } from './words';

/** Which rows are shown. */
export interface BoardFilter {
  category: string | null;
  host: string | null;
  size: SizeName | null;
  text: string;
}

/** Billions of parameters. */
export const SIZES = [
  { value: 'small', label: 'up to 8 B', from: 0, to: 8 },
  { value: 'medium', label: '8 to 40 B', from: 8, to: 40 },
  { value: 'large', label: 'over 40 B', from: 40, to: Infinity },
] as const;
export type SizeName = (typeof SIZES)[number]['value'];
export const sizeOf = (text: string | null): SizeName | null =>
  SIZES.find(({ value }) => value === text)?.value ?? null;

export const rowKey = ({ providerId, model }: Pick<LeaderboardRow, 'providerId' | 'model'>): string =>
  `${providerId}/${model}`;

/** Rows that fit; of another category they are left out, and so are its scores. @param nameOf a host, as people call it */
export function shownRows(
  { rows }: { rows: readonly LeaderboardRow[] },
  { category, host, size, text }: BoardFilter,
  nameOf: (providerId: string) => string,
): LeaderboardRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const range = SIZES.find(({ value }) => value === size);
  return rows
    .filter(({ providerId }) => (host ?? providerId) === providerId)
    .filter(({ sizeB }) => !range || (sizeB !== null && sizeB > range.from && sizeB <= range.to))
    .filter(({ providerId, model, quant }) => {
      const said = `${nameOf(providerId)} ${providerId} ${model} ${quant ?? ''}`.toLowerCase();
      return words.every((word) => said.includes(word));
    })
    .map((row) =>
      category === null ? row : { ...row, scores: row.scores.filter((each) => each.category === category) },
    )
    .filter(({ scores }) => scores.length > 0);
}

/** A suite that has scores: scores of different suites stand in columns of their own, since they are never compared. */
export interface BoardSuite {
  name: string;
  category: string;
  /** It is not the only one of its category. */
  isOneOfSeveral: boolean;
}

/** By category, then by name. */
export function suitesOf(rows: readonly LeaderboardRow[]): BoardSuite[] {
  const found = new Map<string, string>();
  for (const { scores } of rows) for (const { suiteName, category } of scores) found.set(suiteName, category);
  const all = [...found].map(([name, category]) => ({ name, category }));
  return all
    .map((each) => ({
      ...each,
      isOneOfSeveral: all.filter(({ category }) => category === each.category).length > 1,
    }))
    .toSorted((a, b) => compare(a.category, b.category) || compare(a.name, b.name));
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const entryOf = ({ scores }: LeaderboardRow, suite: string): LeaderboardEntry | null =>
  scores.find(({ suiteName }) => suiteName === suite) ?? null;

/** The score that stands for a row where there is room for one: of the suite, or the first. */
export const mainEntry = (row: LeaderboardRow, suite: string | null): LeaderboardEntry | null =>
  (suite === null ? null : entryOf(row, suite)) ?? row.scores[0] ?? null;

/** Best places first; those without a score of the suite last. */
export const ranked = (rows: readonly LeaderboardRow[], suite: string | null): LeaderboardRow[] =>
  suite === null
    ? [...rows]
    : rows.toSorted(
        (a, b) => (entryOf(b, suite)?.score.pass1.mean ?? -1) - (entryOf(a, suite)?.score.pass1.mean ?? -1),
      );

/** Suites of which both have a score of the same version: only those can be held against each other. */
export const commonSuites = (a: LeaderboardRow, b: LeaderboardRow): string[] =>
  a.scores
    .filter(({ suiteName, suiteHash }) => entryOf(b, suiteName)?.suiteHash === suiteHash)
    .map(({ suiteName }) => suiteName);

export interface Placed {
  row: LeaderboardRow;
  entry: LeaderboardEntry;
  genTps: number;
  isFront: boolean;
}

/** What has both a score of a suite and a speed, slowest first. */
export function placed(
  rows: readonly LeaderboardRow[],
  suite: string,
  pareto: Leaderboard['pareto'],
): Placed[] {
  const front = new Set(pareto.flatMap(({ runIds }) => runIds));
  return rows
    .flatMap((row): Placed[] => {
      const entry = entryOf(row, suite);
      const genTps = entry?.speed.genTps;
      return entry && genTps != null ? [{ row, entry, genTps, isFront: front.has(entry.runId) }] : [];
    })
    .toSorted((a, b) => a.genTps - b.genTps);
}

const QUARTERS = [0, 0.25, 0.5, 0.75, 1] as const;
/** Labels nearer than that, as shares of the plot, would lie on each other. */
const APART = { x: 0.16, y: 0.07 } as const;

/** Speed × quality: every model a dot with its interval, and the front that no other is beyond in both. */
export function scatterView(
  points: readonly Placed[],
  nameOf: (row: LeaderboardRow) => string,
): XyView | null {
  if (points.length === 0) return null;
  const to = niceTop(Math.max(...points.map(({ genTps }) => genTps)));
  const labelled: { x: number; y: number }[] = [];
  const make = ({ row, entry, genTps, isFront }: Placed): XyPoint => {
    const { mean, low, high } = entry.score.pass1;
    const at = { x: genTps / to, y: mean };
    const isFree = !labelled.some(
      (other) => Math.abs(other.x - at.x) < APART.x && Math.abs(other.y - at.y) < APART.y,
    );
    if (isFront && isFree) labelled.push(at);
    return {
      x: genTps,
      y: 100 * mean,
      low: 100 * low,
      high: 100 * high,
      name: nameOf(row),
      ...(isFront && isFree ? { label: row.model } : {}),
    };
  };
  const front = points.filter(({ isFront }) => isFront);
  const rest = points.filter(({ isFront }) => !isFront);
  return {
    title: 'Speed and quality',
    unit: '% passed',
    xName: 'tokens a second of an answer',
    marks: QUARTERS.map((part) => ({ at: part * to, text: rate(part * to) })),
    from: 0,
    to,
    series: [
      ...(front.length > 0
        ? [
            {
              name: 'the front: none is both better and faster',
              looks: 'line' as const,
              color: 0,
              points: front.map(make),
            },
          ]
        : []),
      ...(rest.length > 0
        ? [{ name: 'the others', looks: 'points' as const, color: 1, points: rest.map(make) }]
        : []),
    ],
    sayX: (x) => `${rate(x)} tokens/s`,
    sayY: (y) => share(y / 100),
  };
}

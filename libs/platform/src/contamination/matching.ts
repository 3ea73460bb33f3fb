/** Which of the requests that a host tells of were ours. Pure: times are Unix milliseconds. */

/** A request of ours. */
export interface Ours {
  endedMs: number;
  model: string;
  /** How its path ends. */
  path: string;
  /** null: not known, as of a request that failed. */
  promptTokens: number | null;
  outputTokens: number | null;
}

/** A finished request as the host's row tells it. */
export interface Row {
  key: string;
  /** Counts up in the order in which requests ended; tells apart those of one whole second. */
  entryId: number;
  /** By the clock of the host, or corrected where that is far off. */
  startedMs: number;
  endedMs: number;
  source: string;
  model: string;
  path: string;
  /** null: not told. */
  promptTokens: number | null;
  outputTokens: number | null;
}

export interface Expected {
  /** X-Boo-Source of our requests. */
  source: string;
  /** What stands in a row of which nobody knows who sent it. */
  unknown: string;
}

export interface Matched {
  /** Indices into the rows and into ours. Each is there at most once. */
  pairs: { row: number; ours: number }[];
  /** Indices of rows that are nobody of ours. */
  foreign: number[];
  /** How much later than by our clock rows of ours ended by theirs, at least and at most. */
  offset: { lowMs: number; highMs: number };
}

/** Hosts cut whole seconds off, and their clocks may be 2 s off before that is corrected. */
export const TOLERANCE_MS = 3_500;
/** Whole seconds that are cut off put rows of one host so far apart. */
export const SPREAD_MS = 1_000;
/** Where no row of ours tells: whole seconds are cut off. */
const UNTOLD = { lowMs: -1_000, highMs: 0 };

/**
 * One to one, by model, path, end and tokens. A row that names another source is never ours; one that differs in tokens is
 * ours only where it names our source and nothing better is left for it.
 */
export function match(rows: readonly Row[], ours: readonly Ours[], expected: Expected): Matched {
  const isOurSource = ({ source }: Row): boolean => source === expected.source;
  const mayBeOurs = (row: Row): boolean => isOurSource(row) || row.source === expected.unknown;
  const order = rows.map((_, index) => index).sort((a, b) => byEndOf(at(rows, a), at(rows, b)));
  const candidates = order.filter((index) => mayBeOurs(at(rows, index)));
  const [named, unnamed] = [
    candidates.filter((index) => isOurSource(at(rows, index))),
    candidates.filter((index) => !isOurSource(at(rows, index))),
  ];
  const byEnd = ours.map((_, index) => index).sort((a, b) => at(ours, a).endedMs - at(ours, b).endedMs);
  const [told, untold] = [
    byEnd.filter((index) => isTold(at(ours, index))),
    byEnd.filter((index) => !isTold(at(ours, index))),
  ];
  const taken = new Pairs(rows, ours);
  for (const some of [named, unnamed]) taken.pair(some, told, isSame);
  for (const some of [named, unnamed]) taken.pair(some, told, isCompatible);
  for (const some of [named, unnamed]) taken.pair(some, untold, isCompatible);
  taken.pair(named, byEnd, isAlike);
  const foreign = order.filter((index) => !taken.rows.has(index));
  return { pairs: taken.pairs, foreign, offset: taken.offset() };
}

/** Pairs that are made so far; made in the order of their ends, so that none crosses another in time. */
class Pairs {
  readonly rows = new Set<number>();
  readonly ours = new Set<number>();
  readonly pairs: { row: number; ours: number }[] = [];

  constructor(
    private readonly allRows: readonly Row[],
    private readonly allOurs: readonly Ours[],
  ) {}

  /** Both in the order of their ends. Each of ours takes the first row that fits and is free. */
  pair(rows: readonly number[], ours: readonly number[], fits: (row: Row, one: Ours) => boolean): void {
    let from = 0;
    for (const index of ours) {
      if (this.ours.has(index)) continue;
      const one = at(this.allOurs, index);
      while (from < rows.length && at(this.allRows, at(rows, from)).endedMs < one.endedMs - TOLERANCE_MS)
        from++;
      for (let next = from; next < rows.length; next++) {
        const candidate = at(rows, next);
        const row = at(this.allRows, candidate);
        if (row.endedMs > one.endedMs + TOLERANCE_MS) break;
        if (this.rows.has(candidate) || !fits(row, one)) continue;
        this.rows.add(candidate);
        this.ours.add(index);
        this.pairs.push({ row: candidate, ours: index });
        break;
      }
    }
  }

  offset(): Matched['offset'] {
    if (this.pairs.length === 0) return UNTOLD;
    const offsets = this.pairs
      .map(({ row, ours }) => at(this.allRows, row).endedMs - at(this.allOurs, ours).endedMs)
      .sort((a, b) => a - b);
    // Requests that are alike may be paired one off, which is none of the host's clock.
    const middle = at(offsets, Math.floor(offsets.length / 2));
    return {
      lowMs: Math.max(at(offsets, 0), middle - SPREAD_MS),
      highMs: Math.min(at(offsets, offsets.length - 1), middle + SPREAD_MS),
    };
  }
}

const byEndOf = (a: Row, b: Row): number => a.endedMs - b.endedMs || a.entryId - b.entryId;

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`there is nothing at ${index}`);
  return found;
}

const isTold = ({ promptTokens, outputTokens }: Ours): boolean =>
  promptTokens !== null && outputTokens !== null;

const isAlike = (row: Row, one: Ours): boolean => row.model === one.model && row.path.endsWith(one.path);

const isSame = (row: Row, one: Ours): boolean =>
  isAlike(row, one) && row.promptTokens === one.promptTokens && row.outputTokens === one.outputTokens;

/** What one of the two does not know does not speak against it. A row of an answer without an account has zeros. */
function isCompatible(row: Row, one: Ours): boolean {
  if (!isAlike(row, one)) return false;
  if (!row.promptTokens && !row.outputTokens) return true;
  const fits = (told: number | null, is: number | null): boolean =>
    told === null || is === null || told === is;
  return fits(row.promptTokens, one.promptTokens) && fits(row.outputTokens, one.outputTokens);
}

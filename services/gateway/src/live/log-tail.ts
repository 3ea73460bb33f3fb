import type { ControlLog } from '@boocontrol/contracts';

export type Line = ControlLog['lines'][number];

const TAIL_LINES = 2_000;
/** Half of what may wait in a connection: a tail alone must not make its reader a laggard. */
const TAIL_CHARS = 4 * 1024 * 1024;

/** The newest lines, at most 2,000 and 4 MB, none behind `seq`. */
export function tailUpTo(lines: readonly Line[], seq: number): Line[] {
  const newest = lines.filter((line) => line.seq <= seq).slice(-TAIL_LINES);
  let chars = 0;
  let from = newest.length;
  while (from > 0) {
    chars += newest[from - 1]?.line.length ?? 0;
    if (chars > TAIL_CHARS) break;
    from--;
  }
  return newest.slice(from);
}

/** Sequence of the last line; 0 when there is none. */
export function lastOf(lines: readonly Line[]): number {
  return lines.at(-1)?.seq ?? 0;
}

import type { ControlLog } from '@boocontrol/contracts';

export type Line = ControlLog['lines'][number];

const TAIL_LINES = 2_000;
/** Half of what may wait in a connection: a tail alone must not make its reader a laggard. */
const TAIL_CHARS = 4 * 1024 * 1024;

/** The newest lines, at most 2,000 and 4 MB, none behind `seq`. */
function tailUpTo(lines: readonly Line[], seq: number): Line[] {
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

/**
 * What a newcomer is sent so that, with the lines behind `seq` that will come, it has every line once.
 * @param lines what the stream had when it was read, all of it up to some line at or behind the first one held
 * @param held what came while it was read
 * @param seq the last line that came: those behind it are still to come
 */
export function handover(
  lines: readonly Line[],
  held: readonly Line[],
  seq: number,
): { tail: Line[]; missed: Line[] } {
  const tail = tailUpTo(lines, seq);
  const last = tail.at(-1)?.seq ?? 0;
  return { tail, missed: held.filter((line) => line.seq > last) };
}

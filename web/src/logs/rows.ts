import type { Line } from './line';

/** What the list shows: lines, and between them when it was. */
export type Row = Line | Minute | SetMark;

interface Minute {
  readonly kind: 'minute';
  /** Of the line below it. */
  readonly seq: number;
  readonly atMs: number;
  /** How long nothing was written before, in ms; 0: less than a minute. */
  readonly silentMs: number;
}
interface SetMark {
  readonly kind: 'mark';
  readonly atMs: number;
}

/** What a reader set at a moment: what came before is above it. */
export interface Mark {
  /** Of the last line that was here. */
  seq: number;
  atMs: number;
}

const MINUTE_MS = 60_000;

/** The same for the same row, whatever comes or goes around it. */
export const rowKey = (row: Row): string =>
  row.kind === 'mark' ? `mark-${row.atMs}` : `${row.kind}-${row.seq}`;

/** The lines with a row wherever another minute begins, and the marks in their places. */
export function rowsOf(lines: readonly Line[], marks: readonly Mark[]): Row[] {
  const rows: Row[] = [];
  let minute = Number.NaN;
  let beforeMs = Number.NaN;
  let next = 0;
  const setMarks = (toSeq: number): void => {
    for (let mark = marks[next]; mark && mark.seq < toSeq; mark = marks[++next])
      rows.push({ kind: 'mark', atMs: mark.atMs });
  };
  for (const line of lines) {
    setMarks(line.seq);
    const its = Math.floor(line.atMs / MINUTE_MS);
    if (its !== minute) {
      const silentMs = line.atMs - beforeMs;
      rows.push({
        kind: 'minute',
        seq: line.seq,
        atMs: line.atMs,
        silentMs: silentMs >= MINUTE_MS ? silentMs : 0,
      });
    }
    minute = its;
    beforeMs = line.atMs;
    rows.push(line);
  }
  setMarks(Infinity);
  return rows;
}

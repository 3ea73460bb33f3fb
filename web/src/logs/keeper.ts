import type { ControlLog } from '@boocontrol/contracts';
import { toLine, type Line } from './line';

/** As the gateway: what it has of a log for those who come late. */
export const KEPT_LINES = 2_000;
/** Of one log, in characters: what the gateway sends of one at most. */
const KEPT_CHARS = 4 * 1024 * 1024;
/** Of all logs together. */
const ALL_CHARS = 32 * 1024 * 1024;

interface Kept {
  /** In the order of their sequence. */
  lines: Line[];
  chars: number;
}

const nameOf = ({ providerId, source }: Pick<ControlLog, 'providerId' | 'source'>): string =>
  `${providerId} ${source}`;

/** Two lists in the order of their sequence as one. What goes on where the first ends costs no more than itself. */
export function merged(into: readonly Line[], more: readonly Line[]): readonly Line[] {
  const [first, last] = [more[0], into.at(-1)];
  if (!first) return into;
  if (!last || first.seq > last.seq) return [...into, ...more];
  const all: Line[] = [];
  let at = 0;
  for (const line of into) {
    for (let next = more[at]; next && next.seq < line.seq; next = more[at]) {
      all.push(next);
      at++;
    }
    all.push(line);
  }
  return [...all, ...more.slice(at)];
}

/**
 * The newest lines of every log, in bounded memory: of each 2,000 and 4 MB of text, of all together 32 MB. What leaves
 * is marked as gone and counted.
 */
export class Keeper {
  private readonly logs = new Map<string, Kept>();
  private lines: readonly Line[] = [];
  private left = 0;
  private taken = 0;

  /** All lines, in the order in which they came. Another array when they have changed. */
  get all(): readonly Line[] {
    return this.lines;
  }
  /** Lines that left because newer ones came. */
  get dropped(): number {
    return this.left;
  }
  /** Lines that came, those that have left again too. */
  get came(): number {
    return this.taken;
  }
  /** Whether the lines so far of a log have come. */
  hasTail(providerId: string, source: ControlLog['source']): boolean {
    return this.logs.has(nameOf({ providerId, source }));
  }

  /**
   * Frames in the order of their arrival.
   * @returns what is new, in the order of the sequence
   */
  take(frames: readonly ControlLog[]): Line[] {
    const added = frames.flatMap((frame) =>
      frame.type === 'tail' ? this.takeTail(frame) : this.takeLines(frame),
    );
    this.taken += added.length;
    for (const kept of this.logs.values()) this.bound(kept);
    const fresh = added.filter(({ gone }) => !gone).toSorted((a, b) => a.seq - b.seq);
    const isAnyGone = this.lines.some(({ gone }) => gone);
    this.lines = merged(isAnyGone ? this.lines.filter(({ gone }) => !gone) : this.lines, fresh);
    return fresh;
  }

  /** It replaces what is shown of this log; lines that are in it stay what they were. */
  private takeTail(frame: ControlLog): Line[] {
    const before = new Map((this.logs.get(nameOf(frame))?.lines ?? []).map((line) => [line.seq, line]));
    const added: Line[] = [];
    const lines = frame.lines.map((told) => {
      const known = before.get(told.seq);
      if (known?.raw === told.line) {
        before.delete(told.seq);
        return known;
      }
      const line = toLine(told, frame.providerId, frame.source);
      added.push(line);
      return line;
    });
    for (const line of before.values()) line.gone = true;
    this.logs.set(nameOf(frame), { lines, chars: charsOf(lines) });
    return added;
  }

  private takeLines(frame: ControlLog): Line[] {
    const kept = this.logs.get(nameOf(frame));
    // Before its tail nothing of a log is known to be whole.
    if (!kept) return [];
    const last = kept.lines.at(-1)?.seq ?? 0;
    const added = frame.lines
      .filter(({ seq }) => seq > last)
      .map((told) => toLine(told, frame.providerId, frame.source));
    for (const line of added) kept.lines.push(line);
    kept.chars += charsOf(added);
    return added;
  }

  private bound(kept: Kept): void {
    const most = Math.min(KEPT_CHARS, ALL_CHARS / this.logs.size);
    let from = Math.max(0, kept.lines.length - KEPT_LINES);
    let { chars } = kept;
    for (const line of kept.lines.slice(0, from)) chars -= line.raw.length;
    for (; chars > most; from++) chars -= kept.lines[from]?.raw.length ?? chars;
    if (from === 0) return;
    for (const line of kept.lines.splice(0, from)) line.gone = true;
    kept.chars = chars;
    this.left += from;
  }
}

const charsOf = (lines: readonly Line[]): number => lines.reduce((sum, { raw }) => sum + raw.length, 0);

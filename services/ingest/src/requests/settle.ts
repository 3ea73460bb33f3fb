import type { HostRow } from '@boocontrol/llama-swap';

const REMEMBERED = 5_000;

/**
 * llama-swap writes a row, then stores its capture, then sends its event. A row that is listed between the first two says
 * `has_capture: false` and may yet get one: it is settled when its event came, or when it has been listed for a while
 * without (the event was dropped).
 */
export class Settling {
  private readonly announced = new Set<number>();
  private firstListedMs = new Map<number, number>();
  private openUntilMs = Infinity;

  constructor(private readonly settleMs: number) {}

  announce(entryId: number): void {
    this.announced.add(entryId);
    if (this.announced.size <= REMEMBERED) return;
    for (const oldest of this.announced) {
      this.announced.delete(oldest);
      break;
    }
  }

  isAnnounced(entryId: number): boolean {
    return this.announced.has(entryId);
  }

  /** Milliseconds until the first open row is settled even without its event; Infinity when none is open. */
  dueInMs(nowMs: number): number {
    return Math.max(0, this.openUntilMs - nowMs);
  }

  /** The rows up to the first that is not settled. */
  settled<T extends Pick<HostRow, 'entryId' | 'hasCapture'>>(rows: readonly T[], nowMs: number): T[] {
    const listed = new Map<number, number>();
    for (const { entryId } of rows) listed.set(entryId, this.firstListedMs.get(entryId) ?? nowMs);
    this.firstListedMs = listed;
    const open = rows.findIndex(
      ({ entryId, hasCapture }) =>
        !hasCapture && !this.announced.has(entryId) && nowMs - (listed.get(entryId) ?? nowMs) < this.settleMs,
    );
    const first = rows[open];
    this.openUntilMs = first === undefined ? Infinity : (listed.get(first.entryId) ?? nowMs) + this.settleMs;
    return open < 0 ? [...rows] : rows.slice(0, open);
  }
}

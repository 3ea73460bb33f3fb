import type { Clocks } from '../leases/clocks.js';

interface Event {
  atMs: number;
  order: number;
  run: () => void;
}

/** Simulated time, in which events happen one after the other. */
export class World {
  nowMs = 0;
  private readonly events: Event[] = [];
  private order = 0;

  at(atMs: number, run: () => void): void {
    this.events.push({ atMs: Math.max(atMs, this.nowMs), order: this.order++, run });
  }

  /** Lets time pass; `check` is called after each event. */
  async runUntil(endMs: number, check: () => void): Promise<void> {
    for (;;) {
      const next = this.events.reduce<Event | null>(
        (first, event) => (first === null || isBefore(event, first) ? event : first),
        null,
      );
      if (next === null || next.atMs > endMs) break;
      this.events.splice(this.events.indexOf(next), 1);
      this.nowMs = next.atMs;
      next.run();
      // What was waiting for it goes on.
      await new Promise((resolve) => setImmediate(resolve));
      check();
    }
    this.nowMs = endMs;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A computer with a process on it: it may stand still, sleep, and have its clock set. */
export class Machine {
  private wallOffsetMs: number;
  private sleptMs = 0;
  private sleepsSinceMs: number | null = null;
  private resumesAtMs = 0;

  constructor(
    private readonly world: World,
    wallOffsetMs: number,
  ) {
    this.wallOffsetMs = wallOffsetMs;
  }

  readonly clocks: Clocks = {
    wallMs: () => this.world.nowMs + this.wallOffsetMs,
    monotonicMs: () => (this.sleepsSinceMs ?? this.world.nowMs) - this.sleptMs,
    after: (delayMs, run) => {
      const timer = { isOff: false };
      const dueMs = this.clocks.monotonicMs() + delayMs;
      const ring = (): void => {
        const missingMs = dueMs - this.clocks.monotonicMs();
        if (missingMs > 1e-6) this.world.at(this.world.nowMs + missingMs, () => this.awake(ring));
        else if (!timer.isOff) run();
      };
      this.world.at(this.world.nowMs + delayMs, () => this.awake(ring));
      return () => {
        timer.isOff = true;
      };
    },
  };

  /** Runs it now, or as soon as the process runs again. */
  awake(run: () => void): void {
    if (this.world.nowMs < this.resumesAtMs) this.world.at(this.resumesAtMs, () => this.awake(run));
    else run();
  }

  /** SIGSTOP for a while. */
  stall(forMs: number): void {
    this.resumesAtMs = Math.max(this.resumesAtMs, this.world.nowMs + forMs);
  }

  /** Its monotonic clock stands still meanwhile. */
  sleep(forMs: number): void {
    if (this.sleepsSinceMs !== null) return;
    const sinceMs = this.world.nowMs;
    this.sleepsSinceMs = sinceMs;
    this.stall(forMs);
    this.world.at(sinceMs + forMs, () => {
      this.sleepsSinceMs = null;
      this.sleptMs += forMs;
    });
  }

  setWall(byMs: number): void {
    this.wallOffsetMs += byMs;
  }
}

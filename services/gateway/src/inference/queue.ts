import type { HaltSignal } from './halt.js';

import { MAX_INFLIGHT_TOLD, type RouteQueue } from '@boocontrol/contracts';

const MAX_WAITING = 256;
const MAX_WAIT_MS = 60_000;

export interface QueueLimits {
  /** Requests that wait at most, for each host. */
  maxWaiting: number;
  maxWaitMs: number;
}

export type Place =
  | { ok: true; leave: () => void }
  /** gone: the client left while it waited. */
  | { ok: false; why: 'full' | 'too_long' | 'gone' };

interface Waiting {
  call: () => void;
  /** Of the monotonic clock. */
  sinceMs: number;
}

interface Line {
  running: number;
  slots: number;
  /** By source; the first one is next. */
  waiting: Map<string, Waiting[]>;
  waitingCount: number;
}

/** Places at a host: as many requests at once as it has slots, the others wait. Sources take turns. */
export class HostQueue {
  private readonly lines = new Map<string, Line>();
  private readonly limits: QueueLimits;

  constructor(limits: Partial<QueueLimits> = {}) {
    this.limits = { maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS, ...limits };
  }

  /** Requests that a host has of us, those that wait included. */
  load(host: string): number {
    const line = this.lines.get(host);
    return line === undefined ? 0 : line.running + line.waitingCount;
  }

  /** Every host with requests of ours, at most `most`. */
  describe(most: number): RouteQueue[] {
    const nowMs = performance.now();
    const queues: RouteQueue[] = [];
    for (const [providerId, { running, slots, waiting }] of this.lines) {
      if (queues.length === most) break;
      queues.push({
        providerId,
        running,
        slots,
        waiting: [...waiting].slice(0, MAX_INFLIGHT_TOLD).map(([source, queue]) => ({
          source,
          requests: queue.length,
          longestMs: Math.round(nowMs - (queue[0]?.sinceMs ?? nowMs)),
        })),
      });
    }
    return queues;
  }

  /** @param signal fires when the client leaves */
  enter(host: string, slots: number, source: string, signal: HaltSignal): Place | Promise<Place> {
    const line = this.line(host);
    // It may have changed since the last request.
    line.slots = Math.max(1, slots);
    if (signal.aborted) return this.refused(host, line, 'gone');
    if (line.running < line.slots && line.waitingCount === 0) return this.place(host, line);
    if (line.waitingCount >= this.limits.maxWaiting) return { ok: false, why: 'full' };
    return this.wait(host, line, source, signal);
  }

  /** A place at a host that has no request of ours, and what gives it back; null: it has one. */
  enterIdle(host: string, slots: number): (() => void) | null {
    if (this.load(host) > 0) return null;
    const line = this.line(host);
    line.slots = Math.max(1, slots);
    return this.place(host, line).leave;
  }

  private wait(host: string, line: Line, source: string, signal: HaltSignal): Promise<Place> {
    return new Promise((resolve) => {
      const settle = (place: Place): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        resolve(place);
      };
      const giveUp = (why: 'too_long' | 'gone'): void => {
        const queue = line.waiting.get(source) ?? [];
        line.waiting.set(
          source,
          queue.filter((other) => other !== waiting),
        );
        if (line.waiting.get(source)?.length === 0) line.waiting.delete(source);
        line.waitingCount--;
        settle(this.refused(host, line, why));
      };
      const onAbort = (): void => giveUp('gone');
      const waiting: Waiting = {
        call: () => settle(this.place(host, line)),
        sinceMs: performance.now(),
      };
      const timer = setTimeout(() => giveUp('too_long'), this.limits.maxWaitMs);
      signal.addEventListener('abort', onAbort, { once: true });
      const queue = line.waiting.get(source);
      if (queue === undefined) line.waiting.set(source, [waiting]);
      else queue.push(waiting);
      line.waitingCount++;
    });
  }

  private place(host: string, line: Line): Extract<Place, { ok: true }> {
    line.running++;
    let hasLeft = false;
    return {
      ok: true,
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        line.running--;
        this.next(host, line);
      },
    };
  }

  private next(host: string, line: Line): void {
    while (line.running < line.slots && line.waitingCount > 0) {
      const [first] = line.waiting;
      if (first === undefined) break;
      const [source, queue] = first;
      const waiting = queue.shift();
      // To the end of the line: the other sources are next.
      line.waiting.delete(source);
      if (queue.length > 0) line.waiting.set(source, queue);
      line.waitingCount--;
      waiting?.call();
    }
    this.forget(host, line);
  }

  private refused(host: string, line: Line, why: 'too_long' | 'gone'): Place {
    this.forget(host, line);
    return { ok: false, why };
  }

  private forget(host: string, line: Line): void {
    if (line.running === 0 && line.waitingCount === 0) this.lines.delete(host);
  }

  private line(host: string): Line {
    const known = this.lines.get(host);
    if (known !== undefined) return known;
    const line: Line = { running: 0, slots: 1, waiting: new Map(), waitingCount: 0 };
    this.lines.set(host, line);
    return line;
  }
}

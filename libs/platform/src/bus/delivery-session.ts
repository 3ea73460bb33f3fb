import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { Fifo } from './fifo.js';

/**
 * The messages of one life of the server-side consumer. After its end nothing is acknowledged any more: a stream that was
 * made anew counts from 1 again, and an acknowledgement of the old one could hit a message that nobody has handled.
 */
export class DeliverySession {
  readonly open = new Set<JsMsg>();
  /** Why the server-side consumer is not to be used any more. */
  endedBy: Error | undefined;
  /** What went wrong here, while the server-side consumer is well. */
  failedBy: Error | undefined;
  private readonly arrived = new Fifo<JsMsg>();
  private lastOpen: readonly JsMsg[] = [];
  private waiters: (() => void)[] = [];

  push(msg: JsMsg): void {
    this.arrived.push(msg);
    this.open.add(msg);
    this.wake();
  }

  /** Every next() that waits looks again. */
  wake(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  end(reason: Error): void {
    this.endedBy = reason;
    this.wake();
  }

  fail(reason: Error): void {
    this.failedBy = reason;
    this.wake();
  }

  get isOver(): boolean {
    return this.endedBy !== undefined || this.failedBy !== undefined;
  }

  /**
   * What has arrived, or an empty list after wake(), end() or fail().
   * @param gatherMs how long fewer than `count` wait for others; 0: not at all. wake() that brought no message ends it
   */
  async next(count: number, gatherMs: number): Promise<JsMsg[]> {
    if (this.arrived.size === 0 && !this.isOver) {
      await this.woken();
      await nextTurn(); // Let the rest of the packet that woke us arrive.
    }
    if (gatherMs > 0 && this.arrived.size > 0) await this.gather(count, gatherMs);
    return this.arrived.take(count);
  }

  private async gather(count: number, gatherMs: number): Promise<void> {
    let isDue = false;
    const timer = setTimeout(() => {
      isDue = true;
      this.wake();
    }, gatherMs);
    let before = -1;
    while (!isDue && !this.isOver && this.arrived.size < count && this.arrived.size > before) {
      before = this.arrived.size;
      await this.woken();
    }
    clearTimeout(timer);
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.push(resolve);
    });
  }

  ack(msg: JsMsg | undefined): void {
    if (msg !== undefined && this.settle(msg)) msg.ack();
  }

  term(msg: JsMsg, reason: string): void {
    if (this.settle(msg)) msg.term(reason);
  }

  /** Extends what was open at the last call already: with calls every quarter of the wait, nothing falls due meanwhile. */
  extend(): void {
    if (this.endedBy !== undefined) return;
    for (const msg of this.lastOpen) if (this.open.has(msg)) msg.working();
    this.lastOpen = [...this.open];
  }

  returnAll(): void {
    if (this.endedBy === undefined) for (const msg of this.open) msg.nak();
    this.open.clear();
  }

  private settle(msg: JsMsg): boolean {
    return this.open.delete(msg) && this.endedBy === undefined;
  }
}

import { subjects, type LogLine, type LogModel, type LogSource } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { LineAssembler, newLogLines, type HostLogLine } from '@boocontrol/llama-swap';
import { PublishError } from '@boocontrol/platform';
import { randomUUID } from 'node:crypto';
import { metrics } from '../metrics.js';
import type { Facts } from '../state/facts.js';

/** Newest lines kept to find them again in the history that a host sends at every connect. */
export const TAIL_LINES = 300;
/** Lines that wait for the bus; beyond, the oldest are dropped. */
const QUEUE_MAX = 2_000;
const BATCH = 64;
/** llama-swap keeps this much of a log (internal/logmon); when it is full its first line is the rest of one. */
const HISTORY_BYTES = 100 * 1024;

/** A line on its way to the bus. */
export interface Queued extends HostLogLine {
  /** When it was read, Unix ms. */
  atMs: number;
  model: LogModel | null;
}

/** One log of one host, line by line onto the bus. Memory is bounded: when lines come faster than they go, the oldest are dropped and one line says how many. */
export class LogPipe {
  private readonly assembler = new LineAssembler();
  private readonly runId = randomUUID();
  private readonly queue: Queued[] = [];
  private tail: string[] = [];
  private dropped = 0;
  private published = 0;
  private isSending = false;
  private isReplaying = true;

  constructor(
    private readonly facts: Facts,
    private readonly source: LogSource,
  ) {}

  recover(tail: string[]): void {
    this.tail = tail.slice(-TAIL_LINES);
  }

  /** A new connection: until live() the host repeats what it has. */
  connect(): void {
    this.assembler.reset();
    this.isReplaying = true;
  }

  /** The host has sent its history. */
  live(): void {
    this.isReplaying = false;
  }

  /** Whether the host repeats what it has. */
  get repeats(): boolean {
    return this.isReplaying;
  }

  /** The lines that a piece of the host's log completes, without those that are on the log. */
  read(data: string): HostLogLine[] {
    const lines = this.fresh(data);
    for (const { line } of lines.slice(-TAIL_LINES)) this.tail.push(line);
    if (this.tail.length > TAIL_LINES * 2) this.tail = this.tail.slice(-TAIL_LINES);
    return lines;
  }

  private fresh(data: string): HostLogLine[] {
    const all = this.assembler.push(data);
    if (!this.isReplaying) return all;
    // More than the queue takes would be dropped anyway, and need not be compared.
    const lines = all.slice(-QUEUE_MAX);
    const isCutAtFront = Buffer.byteLength(data) >= HISTORY_BYTES && lines.length === all.length;
    const fresh = newLogLines(this.tail, lines);
    return isCutAtFront && fresh.length === lines.length ? fresh.slice(1) : fresh;
  }

  /** In the order of reading. */
  put(lines: readonly Queued[]): void {
    for (const line of lines) this.queue.push(line);
    const excess = this.queue.length - QUEUE_MAX;
    if (excess > 0) {
      this.queue.splice(0, excess);
      this.dropped += excess;
      metrics.logLinesDropped.inc(excess);
    }
    if (!this.isSending) void this.send();
  }

  private async send(): Promise<void> {
    this.isSending = true;
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, BATCH);
      if (this.dropped > 0) {
        const line = `[boocontrol] ${this.dropped} lines dropped here: they came faster than the bus took them`;
        batch.unshift({ line, cut: false, atMs: batch[0]?.atMs ?? Date.now(), model: null });
        this.dropped = 0;
      }
      try {
        await Promise.all(batch.map((line) => this.publish(line)));
      } catch (error) {
        if (error instanceof PublishError && error.code === 'closed') break;
        this.facts.log.error({ err: error }, 'a log line was refused');
      }
    }
    this.isSending = false;
  }

  private async publish({ line, cut, atMs, model }: Queued): Promise<void> {
    const { providerId, publisher, life } = this.facts;
    const at = instantFromMs(atMs);
    const body: LogLine = { providerId, at, source: this.source, line, cut, ...(model && { model }) };
    const msgId = `${this.runId}:${this.published++}`;
    await publisher.publishReliably(subjects.log(providerId, this.source), JSON.stringify(body), {
      msgId,
      signal: life,
    });
    metrics.logLines.inc();
  }
}

import { backoffDelayMs, counter, pause } from '@boocontrol/platform';
import type { Log } from '@boocontrol/platform';
import { request } from 'undici';
import { retryAfterS } from '../inference/headers.js';
import type { Collector } from './collector.js';
import { encodeSpans, type Resource, type Span } from './otlp.js';

/** As OpenTelemetry's batch processor has them by default. */
const MOST_WAITING = 2_048;
const MOST_OF_A_BATCH = 512;
const EVERY_MS = 5_000;
const TIMEOUT_MS = 10_000;
/** Then the batch is given up. */
const TRIES = 5;
const BETWEEN_TRIES = { baseMs: 1_000, maxMs: 15_000 };
const LONGEST_WAIT_S = 60;
/** With these a collector asks for another try (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes). */
const RETRYABLE = new Set([429, 502, 503, 504]);
/** How long the end of the process waits for the collector. */
const FLUSH_MS = 2_000;

const sentTotal = counter('boocontrol_trace_spans_sent_total', 'Spans that a collector has taken');
const droppedTotal = counter('boocontrol_trace_spans_dropped_total', 'Spans that no collector has got', [
  'reason',
]);

const REASONS = ['queue_full', 'unreachable', 'refused', 'stopped'] as const;

export interface QueueOptions {
  collector: Collector;
  resource: Resource;
  log: Log;
  /** Milliseconds between two batches. */
  everyMs?: number;
  betweenTries?: { baseMs: number; maxMs: number };
}

/** Brings spans to a collector, some at a time. Nobody waits for it: what is too much is dropped and counted. */
export class SpanQueue {
  private waiting: Span[] = [];
  private readonly stopping = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private sending: Promise<void> | null = null;
  private hasTold = false;
  /** Ends the request that is under way. */
  private cut = new AbortController();

  constructor(private readonly options: QueueOptions) {
    // So that the first one is a step from 0, which a rate sees.
    for (const reason of REASONS) droppedTotal.inc({ reason }, 0);
    this.timer = setInterval(() => this.send(), options.everyMs ?? EVERY_MS).unref();
  }

  add(spans: readonly Span[]): void {
    if (this.waiting.length + spans.length > MOST_WAITING) {
      droppedTotal.inc({ reason: 'queue_full' }, spans.length);
      return;
    }
    this.waiting.push(...spans);
    if (this.waiting.length >= MOST_OF_A_BATCH) this.send();
  }

  /** Tries once more to bring everything, for so long at most. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    const deadlineMs = performance.now() + FLUSH_MS;
    const timer = setTimeout(() => this.cut.abort(), FLUSH_MS);
    await this.sending;
    clearTimeout(timer);
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_OF_A_BATCH);
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || (await this.post(batch, leftMs)) !== null)
        droppedTotal.inc({ reason: 'stopped' }, batch.length);
    }
  }

  private send(): void {
    if (this.sending !== null || this.waiting.length === 0 || this.stopping.signal.aborted) return;
    this.sending = this.sendAll().finally(() => (this.sending = null));
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0 && !this.stopping.signal.aborted)
      await this.deliver(this.waiting.splice(0, MOST_OF_A_BATCH));
  }

  private async deliver(batch: readonly Span[]): Promise<void> {
    for (let failures = 0; ; failures++) {
      const failure = await this.post(batch, TIMEOUT_MS);
      if (failure === null) return;
      if (failures + 1 >= TRIES) return this.drop(batch, 'unreachable', failure.why);
      const { betweenTries = BETWEEN_TRIES } = this.options;
      const waitMs = Math.max(backoffDelayMs(failures, betweenTries, Math.random()), failure.waitMs);
      await pause(waitMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return void this.waiting.unshift(...batch);
    }
  }

  /** null: it is settled; else why it may be tried again, and how long the collector wants to be left alone. */
  private async post(
    batch: readonly Span[],
    timeoutMs: number,
  ): Promise<{ why: string; waitMs: number } | null> {
    const { collector, resource } = this.options;
    const cut = (this.cut = new AbortController());
    const timer = setTimeout(() => cut.abort(), timeoutMs);
    try {
      const { statusCode, headers, body } = await request(collector.url, {
        method: 'POST',
        headers: { ...collector.headers, 'content-type': 'application/json' },
        body: encodeSpans(resource, batch),
        signal: cut.signal,
      });
      const text = await body.text();
      if (statusCode < 300) this.taken(batch, text);
      else if (RETRYABLE.has(statusCode)) {
        const after = headers['retry-after'];
        const waitS = retryAfterS(typeof after === 'string' ? after : undefined, Date.now()) ?? 0;
        return { why: `it answers ${statusCode}`, waitMs: Math.min(waitS, LONGEST_WAIT_S) * 1_000 };
      } else this.drop(batch, 'refused', `it answers ${statusCode}`);
      return null;
    } catch (error) {
      const isLate = cut.signal.aborted;
      const why = isLate
        ? 'it does not answer in time'
        : error instanceof Error
          ? error.message
          : String(error);
      return { why, waitMs: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  private taken(batch: readonly Span[], answer: string): void {
    const rejected = Math.min(rejectedOf(answer), batch.length);
    if (rejected > 0) droppedTotal.inc({ reason: 'refused' }, rejected);
    sentTotal.inc(batch.length - rejected);
    if (this.hasTold) this.options.log.info('the collector takes spans again');
    this.hasTold = false;
  }

  private drop(batch: readonly Span[], reason: 'unreachable' | 'refused', why: string): void {
    droppedTotal.inc({ reason }, batch.length);
    if (this.hasTold) return;
    this.hasTold = true;
    this.options.log.warn({ why }, 'the collector takes no spans; they are dropped until it does');
  }
}

/** Of a partial success: `{"partialSuccess":{"rejectedSpans":"3"}}`. */
function rejectedOf(answer: string): number {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: { rejectedSpans?: unknown } };
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    return Number.isInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    return 0;
  }
}

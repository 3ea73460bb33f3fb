import type { RouteFact } from '@boocontrol/contracts';
import type { RequestTrace, Tracer } from '../inference/trace-context.js';
import { spansOf, type AddressOf } from './request-spans.js';
import type { SpanQueue } from './span-queue.js';

/** Requests to /v1 as spans for a collector, as far as whoever began their trace keeps it. */
export class SpanTracer implements Tracer {
  constructor(
    private readonly queue: Pick<SpanQueue, 'add' | 'stop'>,
    private readonly addressOf: AddressOf,
  ) {}

  ended(trace: RequestTrace, fact: RouteFact): void {
    if (trace.isSampled) this.queue.add(spansOf(trace, fact, this.addressOf));
  }

  /** After the requests themselves have ended. */
  onApplicationShutdown(): Promise<void> {
    return this.queue.stop();
  }
}

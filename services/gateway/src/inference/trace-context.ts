import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RouteFact } from '@boocontrol/contracts';

/** W3C Trace Context (https://www.w3.org/TR/trace-context/): `version-trace-parent-flags`, in lower case. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 0x01;
/** Sampled, and that the trace id is random: what later versions say is not ours to pass on. */
const KNOWN_FLAGS = 0x03;

export interface TraceParent {
  traceId: string;
  spanId: string;
  flags: number;
}

/** What a client says of the trace that its request belongs to; null: nothing, or nothing that can be read. */
export function readTraceparent(header: string | string[] | undefined): TraceParent | null {
  const [, version, traceId = '', spanId = '', flags = '', more] =
    TRACEPARENT.exec(typeof header === 'string' ? header.trim() : '') ?? [];
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  // Later versions may say more behind it.
  if (version === '00' && more !== undefined) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

/** Whoever wants to know of requests and their attempts as spans. */
export interface Tracer {
  /** Called once for each recorded request that has a trace. It neither waits nor throws. */
  ended(trace: RequestTrace, fact: RouteFact): void;
}

/** The trace of one request. */
export class RequestTrace {
  /** Of the request's own span; null: nobody is told of it, so that hosts are handed the client's. */
  readonly spanId: string | null;
  /** Of the attempts that have ended, in their order. */
  readonly attemptIds: string[] = [];

  private constructor(
    readonly traceId: string,
    /** null: the trace begins here. */
    readonly parentId: string | null,
    private readonly flags: number,
    /** As the client said it; null: nothing. */
    readonly state: string | null,
    hasTracer: boolean,
  ) {
    this.spanId = hasTracer ? newSpanId() : null;
  }

  /**
   * @param hasTracer whether spans of it are told to anybody; if not, a span of ours would leave the host's without a parent
   * @returns null: there is nothing to hand on
   */
  static of({ traceparent, tracestate }: IncomingHttpHeaders, hasTracer: boolean): RequestTrace | null {
    if (traceparent === undefined && !hasTracer) return null;
    const parent = readTraceparent(traceparent);
    if (parent !== null) {
      const state = typeof tracestate === 'string' && tracestate !== '' ? tracestate : null;
      return new RequestTrace(parent.traceId, parent.spanId, parent.flags, state, hasTracer);
    }
    return hasTracer ? new RequestTrace(randomBytes(16).toString('hex'), null, SAMPLED, null, true) : null;
  }

  /** false: whoever began the trace keeps nothing of it. */
  get isSampled(): boolean {
    return (this.flags & SAMPLED) !== 0;
  }

  /** The span that a host is to take for its parent: a new one for each attempt. */
  nextSpanId(): string {
    return this.spanId === null ? (this.parentId ?? newSpanId()) : newSpanId();
  }

  /** For the host that gets this attempt. */
  headers(spanId: string): Record<string, string> {
    const flags = this.flags.toString(16).padStart(2, '0');
    const traceparent = `00-${this.traceId}-${spanId}-${flags}`;
    return this.state === null ? { traceparent } : { traceparent, tracestate: this.state };
  }
}

const newSpanId = (): string => randomBytes(8).toString('hex');

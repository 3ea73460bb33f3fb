/** Spans in the JSON of OTLP 1 (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */

export type AttributeValue = string | number | boolean;

export interface Span {
  traceId: string;
  spanId: string;
  /** null: the first of its trace. */
  parentSpanId: string | null;
  /** As its header says it; null: nothing. */
  traceState: string | null;
  name: string;
  kind: 'server' | 'client';
  /** Unix milliseconds. */
  startMs: number;
  endMs: number;
  attributes: Readonly<Record<string, AttributeValue>>;
  hasFailed: boolean;
}

/** Who tells of the spans. */
export interface Resource {
  attributes: Readonly<Record<string, AttributeValue>>;
  scope: { name: string; version: string };
}

const KINDS = { server: 2, client: 3 } as const;
const ERROR = 2;

/** The body of a request to a collector. Ids are hexadecimal there, and 64-bit numbers text. */
export function encodeSpans({ attributes, scope }: Resource, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: encodeAttributes(attributes) },
        scopeSpans: [{ scope, spans: spans.map(encodeSpan) }],
      },
    ],
  });
}

function encodeSpan(span: Span): object {
  const { traceId, spanId, parentSpanId, traceState, name, kind, startMs, endMs, attributes, hasFailed } =
    span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    ...(traceState === null ? {} : { traceState }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(Math.max(startMs, endMs)),
    attributes: encodeAttributes(attributes),
    status: hasFailed ? { code: ERROR } : {},
  };
}

const encodeAttributes = (attributes: Readonly<Record<string, AttributeValue>>): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: encodeValue(value) }));

function encodeValue(value: AttributeValue): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Of Unix milliseconds, which are as exact as microseconds. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1_000)}000`;

import { expect, it } from 'vitest';
import type { RouteAttempt } from '@boocontrol/contracts';
import { RequestTrace } from '../inference/trace-context.js';
import { refusedFact, routeFact } from '../testing/routes.js';
import { collectorOf } from './collector.js';
import { encodeSpans } from './otlp.js';
import { spansOf } from './request-spans.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const addressOf = (): string => 'http://tower.lan:9292';

function traceWith(...attempts: string[]): RequestTrace {
  const trace = RequestTrace.of({ traceparent: PARENT, tracestate: 'a=1' }, true);
  if (trace === null) throw new Error('no trace');
  trace.attemptIds.push(...attempts);
  return trace;
}

it('a request is one span, and each attempt one below it; tokens are told once', () => {
  const [answered] = routeFact(1).attempts as [RouteAttempt];
  const failed = { ...answered, providerId: 'shed', outcome: 'status' as const, status: 503 };
  const trace = traceWith('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb');
  const [request, first, second, ...others] = spansOf(
    trace,
    routeFact(1, { attempts: [failed, answered] }),
    addressOf,
  );
  expect(others).toEqual([]);
  expect(request).toMatchObject({
    traceId: trace.traceId,
    spanId: trace.spanId,
    parentSpanId: '00f067aa0ba902b7',
    name: 'chat auto:code',
    kind: 'server',
    hasFailed: false,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'auto:code',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.2301,
      'http.response.status_code': 200,
      'boocontrol.policy': 'code',
      'boocontrol.consumer': 'opencode',
      'boocontrol.attempts': 2,
    },
  });
  expect(first).toMatchObject({
    spanId: 'aaaaaaaaaaaaaaaa',
    parentSpanId: trace.spanId,
    name: 'chat org/model',
    kind: 'client',
    hasFailed: true,
    attributes: { 'error.type': '503', 'boocontrol.host': 'shed' },
  });
  expect(second).toMatchObject({
    spanId: 'bbbbbbbbbbbbbbbb',
    hasFailed: false,
    attributes: {
      'gen_ai.provider.name': 'llama_swap',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 90,
      'gen_ai.usage.output_tokens': 20,
      'server.address': 'tower.lan',
      'server.port': 9292,
    },
  });
  expect([request, first].some((span) => 'gen_ai.usage.input_tokens' in (span?.attributes ?? {}))).toBe(
    false,
  );
});

it('what was refused is one span with the code of the refusal', () => {
  const fact = refusedFact(1);
  const spans = spansOf(traceWith(), fact, addressOf);
  expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([fact.error?.code]);
});

it('is encoded as OTLP has it in JSON', () => {
  const [span] = spansOf(traceWith(), routeFact(1), addressOf);
  if (span === undefined) throw new Error('no span');
  const resource = { attributes: { 'service.name': 'boocontrol' }, scope: { name: 'x', version: '1' } };
  const attributes = { text: 'a', whole: 3, part: 0.5, yes: true };
  const { resourceSpans } = JSON.parse(
    encodeSpans(resource, [
      { ...span, startMs: 1_763_726_400_000.123, endMs: 1_763_726_400_001, attributes },
    ]),
  ) as { resourceSpans: unknown };
  expect(resourceSpans).toEqual([
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'boocontrol' } }] },
      scopeSpans: [
        {
          scope: { name: 'x', version: '1' },
          spans: [
            {
              traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
              spanId: span.spanId,
              parentSpanId: '00f067aa0ba902b7',
              traceState: 'a=1',
              name: 'chat auto:code',
              kind: 2,
              startTimeUnixNano: '1763726400000123000',
              endTimeUnixNano: '1763726400001000000',
              attributes: [
                { key: 'text', value: { stringValue: 'a' } },
                { key: 'whole', value: { intValue: '3' } },
                { key: 'part', value: { doubleValue: 0.5 } },
                { key: 'yes', value: { boolValue: true } },
              ],
              status: {},
            },
          ],
        },
      ],
    },
  ]);
});

it('the collector is where OpenTelemetry’s own variables say', () => {
  expect(collectorOf({})).toBeNull();
  const all = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=1,B=x%20y%3D, c ',
  };
  expect(collectorOf(all)).toEqual({ url: 'http://otel:4318/v1/traces', headers: { a: '1', b: 'x y=' } });
  const own = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/in',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'k=%zz',
  };
  expect(collectorOf({ ...all, ...own })).toEqual({ url: 'https://traces/in', headers: { k: '%zz' } });
});

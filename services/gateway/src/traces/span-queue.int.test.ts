import { counter } from '@boocontrol/platform';
import { waitFor } from '@boocontrol/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Collector } from '../testing/collector.js';
import { quiet } from '../testing/records.js';
import type { Span } from './otlp.js';
import { SpanQueue } from './span-queue.js';

const dropped = counter('boocontrol_trace_spans_dropped_total', '', ['reason']);
const sent = counter('boocontrol_trace_spans_sent_total', '');
let collector: Collector;
let queue: SpanQueue;
let next = 0;

beforeEach(async () => {
  dropped.reset();
  sent.reset();
  collector = await Collector.start();
});
afterEach(async () => {
  collector.answer = { status: 200 };
  await queue.stop();
  await collector.stop();
});

function open(url = `${collector.url}/v1/traces`): void {
  queue = new SpanQueue({
    collector: { url, headers: { 'api-key': 'secret' } },
    resource: { attributes: { 'service.name': 'test' }, scope: { name: 'test', version: '1' } },
    log: quiet,
    everyMs: 20,
    betweenTries: { baseMs: 1, maxMs: 2 },
  });
}
const spans = (count: number): Span[] =>
  Array.from({ length: count }, () => ({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: String(next++).padStart(16, '0'),
    parentSpanId: null,
    traceState: null,
    name: 'chat',
    kind: 'server',
    startMs: 1_000,
    endMs: 2_000,
    attributes: {},
    hasFailed: false,
  }));
const total = async (metric: typeof dropped | typeof sent, reason?: string): Promise<number> =>
  (await metric.get()).values
    .filter(({ labels }) => reason === undefined || (labels as { reason?: string }).reason === reason)
    .reduce((sum, { value }) => sum + value, 0);

it('brings spans in batches, each once, with its headers', async () => {
  open();
  queue.add(spans(700));
  await waitFor(async () => (await total(sent)) === 700, { what: 'all spans' });
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(700);
  expect(collector.requests.map(({ url }) => url)).toEqual(['/v1/traces', '/v1/traces']);
  expect(collector.requests[0]?.headers).toMatchObject({
    'api-key': 'secret',
    'content-type': 'application/json',
  });
});

it('tries again when the collector wishes it, and gives up what it refuses', async () => {
  open();
  const partly = { status: 200, body: '{"partialSuccess":{"rejectedSpans":"1"}}' };
  collector.next.push({ status: 503 }, { status: 429 }, partly);
  queue.add(spans(2));
  await waitFor(async () => (await total(sent)) === 1, { what: 'the spans' });
  expect(collector.requests.length).toBe(3);
  expect(await total(dropped, 'refused')).toBe(1);
  collector.answer = { status: 400 };
  queue.add(spans(3));
  await waitFor(async () => (await total(dropped, 'refused')) === 4, { what: 'the refusal' });
});

it('drops what a collector that is away never gets', async () => {
  await collector.stop();
  open('http://127.0.0.1:1/v1/traces');
  queue.add(spans(5));
  await waitFor(async () => (await total(dropped, 'unreachable')) === 5, {
    what: 'the spans to be given up',
  });
  collector = await Collector.start();
});

it('keeps a bounded number while the collector says nothing, and nobody waits', async () => {
  open();
  collector.answer = null;
  queue.add(spans(512));
  await waitFor(() => collector.requests.length === 1, { what: 'the first batch' });
  for (let n = 0; n < 100; n++) queue.add(spans(50));
  expect(await total(dropped, 'queue_full')).toBe(3_000);
  await collector.stop();
  collector = await Collector.start();
});

it('brings the last ones when the process ends', async () => {
  open();
  queue.add(spans(3));
  await queue.stop();
  expect(collector.spans.length).toBe(3);
});

import { describe, expect, it } from 'vitest';
import { readTraceparent, RequestTrace } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const GOOD = `00-${TRACE}-${SPAN}-01`;

describe('traceparent', () => {
  it.each([
    [GOOD, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [`00-${TRACE}-${SPAN}-ff`, 3],
    [`cc-${TRACE}-${SPAN}-01-what-comes-later`, 1],
    [` ${GOOD} `, 1],
  ])('%s is read', (header, flags) => {
    expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, flags });
  });

  it.each([
    undefined,
    '',
    'nonsense',
    [GOOD],
    `${GOOD}, ${GOOD}`,
    GOOD.toUpperCase(),
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `${GOOD}-more`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    `cc-${TRACE}-${SPAN}-01.more`,
  ])('%j is as good as none', (header) => {
    expect(readTraceparent(header)).toBeNull();
  });
});

describe('what hosts are handed', () => {
  const headers = { traceparent: GOOD, tracestate: 'vendor=1,other=2' };
  it('is the client’s own where nobody is told of our spans', () => {
    const trace = RequestTrace.of(headers, false);
    expect(trace?.headers(trace.nextSpanId())).toEqual(headers);
    expect(RequestTrace.of({}, false)).toBeNull();
    expect(RequestTrace.of({ ...headers, traceparent: 'no' }, false)).toBeNull();
  });

  it('is a span of each attempt’s own where somebody is', () => {
    const trace = RequestTrace.of(headers, true);
    const told = [1, 2].map(() => trace?.headers(trace.nextSpanId()));
    expect(
      new Set([SPAN, trace?.spanId, ...told.map((each) => each?.['traceparent']?.slice(36, 52))]).size,
    ).toBe(4);
    for (const each of told)
      expect(each).toEqual({
        traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`)),
        tracestate: 'vendor=1,other=2',
      });
    expect([trace?.parentId, trace?.isSampled]).toEqual([SPAN, true]);
  });

  it('begins a trace where the client says none, or none that can be read: then its state is not passed on either', () => {
    for (const traceparent of [undefined, 'no']) {
      const trace = RequestTrace.of({ ...headers, traceparent }, true);
      expect([trace?.parentId, trace?.state, trace?.isSampled]).toEqual([null, null, true]);
      expect(trace?.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(trace?.traceId).not.toBe(TRACE);
    }
  });

  it('says whether the client keeps the trace', () => {
    const trace = RequestTrace.of({ traceparent: `00-${TRACE}-${SPAN}-00` }, true);
    expect(trace?.isSampled).toBe(false);
    expect(trace?.headers('0123456789abcdef')).toEqual({ traceparent: `00-${TRACE}-0123456789abcdef-00` });
  });
});

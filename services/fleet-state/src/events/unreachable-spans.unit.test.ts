import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps, unreachableSpans, type HostEventRow } from './unreachable-spans.js';

const at = (minute: number): string => `2026-11-20T12:${String(minute).padStart(2, '0')}:00.000000Z`;
const event = (minute: number, state: string, reason: string | null = null): HostEventRow => ({
  providerId: 'tower',
  state: `host_${state}`,
  ts: at(minute),
  reason,
});
const nobody = new Map<string, string>();

describe('spans in which a host could not be followed', () => {
  test.each([
    ['nothing happened', [event(0, 'connected')], []],
    [
      'an outage with its way through the breaker',
      [event(0, 'connected'), event(1, 'reconnecting', 'refused'), event(2, 'down'), event(5, 'connected')],
      [{ fromTs: at(1), toTs: at(5), reason: 'refused' }],
    ],
    [
      'lost and found in the same instant, then lost in earnest',
      [event(1, 'reconnecting', 'x'), event(1, 'connected'), event(1, 'down'), event(5, 'connected')],
      [{ fromTs: at(1), toTs: at(5), reason: 'host_down' }],
    ],
    ['still open', [event(1, 'down')], [{ fromTs: at(1), toTs: null, reason: 'host_down' }]],
    [
      'disabled while away',
      [event(1, 'reconnecting', 'x'), event(3, 'disabled'), event(9, 'connected')],
      [{ fromTs: at(1), toTs: at(3), reason: 'x' }],
    ],
  ])('%s', (_what, events, expected) => {
    const spans = unreachableSpans(events, nobody);
    expect(spans).toEqual(
      expected.map((span) => ({ providerId: 'tower', kind: 'unreachable', missingRows: null, ...span })),
    );
  });

  test('a host that was removed is not missed any longer, one that came back is', () => {
    const removed = new Map([['tower', at(7)]]);
    expect(unreachableSpans([event(1, 'down')], removed)).toMatchObject([{ fromTs: at(1), toTs: at(7) }]);
    expect(unreachableSpans([event(8, 'down')], removed)).toMatchObject([{ fromTs: at(8), toTs: null }]);
  });

  test('spans of a host never overlap, and each loss lies in exactly one', () => {
    const states = fc.constantFrom('connected', 'reconnecting', 'down', 'disabled');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('tower', 'nas'), states), { maxLength: 50 }), (steps) => {
        const events = steps.map(([providerId, state], minute) => ({ ...event(minute, state), providerId }));
        const spans = unreachableSpans(events, nobody);
        for (const { providerId, state, ts } of events) {
          const holding = spans.filter(
            (span) =>
              span.providerId === providerId && span.fromTs <= ts && (span.toTs === null || ts < span.toTs),
          );
          const isLost = state === 'host_reconnecting' || state === 'host_down';
          expect(holding).toHaveLength(isLost ? 1 : 0);
        }
      }),
    );
  });

  test('what lies in a range', () => {
    const span = {
      providerId: 'tower',
      kind: 'unreachable' as const,
      fromTs: at(10),
      toTs: at(20),
      reason: '',
    };
    expect(overlaps(span, null, null)).toBe(true);
    expect(overlaps(span, at(0), at(10))).toBe(false);
    expect(overlaps(span, at(0), at(11))).toBe(true);
    expect(overlaps(span, at(21), null)).toBe(false);
    expect(overlaps({ ...span, toTs: null }, at(50), null)).toBe(true);
  });
});

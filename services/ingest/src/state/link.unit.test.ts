import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BREAKER_FAILURES,
  initialLink,
  MAX_DELAY_MS,
  MAX_RETRY_AFTER_MS,
  PROBE_MS,
  retryDelayMs,
  STABLE_MS,
  stepLink,
  type Link,
  type LinkEvent,
} from './link.js';

const reason = { code: 'refused', message: 'The host refuses connections.' };
const at = (nowMs: number, random = 0) => ({ nowMs, random });
const failed: LinkEvent = { type: 'failed', reason, retryAfterMs: null };
const run = (events: [LinkEvent, number][], from = initialLink(0)): Link =>
  events.reduce((link, [event, nowMs]) => stepLink(link, event, at(nowMs)), from);

describe('transitions', () => {
  const connected = run([[{ type: 'connected' }, 10]]);
  const down = run(
    Array.from({ length: BREAKER_FAILURES }, (_, i) => [failed, i * 100] as [LinkEvent, number]),
  );
  const disabled = stepLink(connected, { type: 'disable' }, at(20));
  const table: [string, Link, LinkEvent, Partial<Link>][] = [
    [
      'first contact',
      initialLink(0),
      { type: 'connected' },
      { state: 'connected', nextAttemptAtMs: null, reason: null },
    ],
    [
      'first failure',
      initialLink(0),
      failed,
      { state: 'reconnecting', failures: 1, nextAttemptAtMs: 100 + 1000, reason },
    ],
    [
      'attempt under way',
      stepLink(initialLink(0), failed, at(0)),
      { type: 'connecting' },
      { state: 'reconnecting', nextAttemptAtMs: null },
    ],
    [
      'it asks to be left alone',
      initialLink(0),
      { ...failed, retryAfterMs: 90_000 },
      { state: 'reconnecting', nextAttemptAtMs: 100 + 90_000 },
    ],
    [
      'it asks for more than anybody gets',
      initialLink(0),
      { ...failed, retryAfterMs: 1e12 },
      { nextAttemptAtMs: 100 + MAX_RETRY_AFTER_MS },
    ],
    ['sixth failure opened the breaker', down, { type: 'connecting' }, { state: 'down', failures: 6 }],
    [
      'a probe that fails stays down',
      down,
      failed,
      { state: 'down', failures: 7, nextAttemptAtMs: 100 + PROBE_MS },
    ],
    ['a probe that works', down, { type: 'connected' }, { state: 'connected', reason: null }],
    ['on demand', down, { type: 'reconnect' }, { state: 'connecting', failures: 0, nextAttemptAtMs: 100 }],
    ['disabled hears nothing', disabled, { type: 'connected' }, { state: 'disabled' }],
    ['disabled does not fail', disabled, failed, { state: 'disabled', nextAttemptAtMs: null }],
  ];
  test.each(table)('%s', (_name, from, event, expected) => {
    expect(stepLink(from, event, at(100))).toMatchObject(expected);
  });
});

test('the state’s beginning moves only when the state changes', () => {
  const first = stepLink(initialLink(0), failed, at(50));
  expect(stepLink(first, failed, at(900)).sinceMs).toBe(50);
});

test('a host that connects and drops at once backs off; one that stayed begins anew', () => {
  let link = initialLink(0);
  for (let i = 1; i <= 3; i++) {
    link = run(
      [
        [{ type: 'connected' }, i * 1000],
        [failed, i * 1000 + 10],
      ],
      link,
    );
    expect(link.failures).toBe(i);
  }
  link = run(
    [
      [{ type: 'connected' }, 9000],
      [failed, 9000 + STABLE_MS],
    ],
    link,
  );
  expect(link.failures).toBe(1);
});

test('the delay doubles from 1 s to 30 s with 0 to 50 % on top; past the breaker it is the probe', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const plain = Math.min(MAX_DELAY_MS, 1000 * 2 ** (failures - 1));
        const delay = retryDelayMs(failures, random);
        if (failures >= BREAKER_FAILURES) expect(delay).toBe(PROBE_MS);
        else {
          expect(delay).toBeGreaterThanOrEqual(plain);
          expect(delay).toBeLessThanOrEqual(plain * 1.5);
        }
      },
    ),
  );
});

test('whatever happens: something is due unless connected, trying or disabled; reasons only where it is not well', () => {
  const event = fc.constantFrom<LinkEvent>(
    { type: 'connecting' },
    { type: 'connected' },
    failed,
    { type: 'reconnect' },
    { type: 'disable' },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(20_000)), { maxLength: 50 }), (steps) => {
      let link = initialLink(0);
      let nowMs = 0;
      for (const [step, waitMs] of steps) {
        nowMs += waitMs;
        link = stepLink(link, step, at(nowMs, 0.3));
        if (link.state === 'connected') expect(link.reason).toBeNull();
        if (link.state === 'disabled' || link.state === 'connected') expect(link.nextAttemptAtMs).toBeNull();
        if (step.type === 'failed' && link.state !== 'disabled')
          expect(link.nextAttemptAtMs).toBeGreaterThan(nowMs);
        if (link.state === 'down') expect(link.failures).toBeGreaterThanOrEqual(BREAKER_FAILURES);
        expect(link.sinceMs).toBeLessThanOrEqual(nowMs);
      }
    }),
  );
});

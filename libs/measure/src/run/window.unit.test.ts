import type { Sample } from '@boocontrol/contracts';
import { describe, expect, test } from 'vitest';
import { sampleOf } from './sample.js';
import { steadyWindow, windowFigures } from './window.js';

const empty = sampleOf(
  { intendedMs: 0, sentMs: 0, status: 200, headers: {}, reads: [], endedMs: 0, failure: null },
  {
    cell: 0,
    repetition: 0,
    runStartedMs: 0,
    stream: true,
    promptTokens: null,
    outputTokens: null,
    cached: { from: 0, to: 0 },
  },
);
/** An answer of five tokens, one each 10 ms, the first after 60. */
const sample = (startMs: number, more: Partial<Sample> = {}): Sample => ({
  ...empty,
  status: 'ok',
  startMs,
  ttftMs: 60,
  e2eMs: 100,
  gapsMs: [10, 10, 10, 10],
  tpotMs: 10,
  outputTokens: 5,
  ...more,
});

describe('the steady window', () => {
  const closed = { kind: 'closed', concurrency: 2 } as const;
  test('of a closed loop: from the send that filled it to the end after which nothing was sent', () => {
    const samples = [sample(0), sample(30), sample(100), sample(130), sample(200), sample(230)];
    expect(steadyWindow(samples, closed)).toEqual({ fromMs: 30, toMs: 300 });
  });

  test('of an open loop: from the first end to the last send', () => {
    const open = { kind: 'open', ratePerS: 20, arrivals: 'constant', requests: 4 } as const;
    expect(steadyWindow([sample(0), sample(50), sample(100), sample(150)], open)).toEqual({
      fromMs: 100,
      toMs: 150,
    });
  });

  test('is none where the load was never full', () => {
    expect(steadyWindow([sample(0)], closed)).toBeNull();
    expect(steadyWindow([], closed)).toBeNull();
  });
});

test('only what falls into the window counts', () => {
  const samples = [sample(0), sample(100)];
  // The second half of the first answer and the first chunk of the second.
  const figures = windowFigures(samples, { fromMs: 85, toMs: 165 }, { ttftMs: 50 });
  expect(figures.tokensPerS).toBeCloseTo((2 + 1) / 0.08);
  expect(figures.requestsPerS).toBeCloseTo(1 / 0.08);
  expect(figures.goodputPerS).toBe(0);
});

test('an answer that came whole has its tokens at its end', () => {
  const whole = sample(0, { ttftMs: null, gapsMs: [], tpotMs: null });
  expect(windowFigures([whole], { fromMs: 50, toMs: 150 }, undefined).tokensPerS).toBeCloseTo(50);
  expect(windowFigures([whole], { fromMs: 0, toMs: 90 }, undefined).tokensPerS).toBe(0);
});

test('goodput is not measured without limits, and what was not measured keeps none', () => {
  const window = { fromMs: 0, toMs: 1_000 };
  expect(windowFigures([sample(0)], window, undefined).goodputPerS).toBeNull();
  expect(windowFigures([sample(0)], window, { tpotMs: 20 }).goodputPerS).toBe(1);
  expect(windowFigures([sample(0, { tpotMs: null })], window, { tpotMs: 20 }).goodputPerS).toBe(0);
});

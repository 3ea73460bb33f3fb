import type { Judgement } from '@boocontrol/contracts';
import { ratioInterval } from '../stats/bootstrap.js';
import { median } from '../stats/percentile.js';
import type { Random } from '../stats/random.js';

/** Repetitions on each side, below which nothing is judged. */
export const ENOUGH_REPETITIONS = 5;

/** A number that may be divided by: there is no other way to make one than to look. */
type Divisor = number & { readonly divisor: true };

function isDivisor(value: number): value is Divisor {
  return Number.isFinite(value) && value > 0;
}

function divide(value: number, by: Divisor): number {
  return value / by;
}

/**
 * How sure an interval has to be, by how many figures of a run are judged: with noise of 5 % and five repetitions at most
 * one run in twenty without any change raises an alarm, up to 120 of them (found by simulation; verdict.unit.test.ts).
 */
export function levelFor(judged: number): number {
  return judged <= 40 ? 0.95 : judged <= 80 ? 0.99 : 0.999;
}

/** Noisier repetitions than this, as a part of 1, have to show a change of twice their noise. */
const USUAL_NOISE = 0.08;

export interface Judged {
  /** One value for each repetition. null: there is no baseline, and that is what is said. */
  base: readonly number[] | null;
  now: readonly number[];
  better: 'higher' | 'lower';
  /** The least change that counts, as a part of 1: 0.1 is 0.9 times as fast, or 1 ÷ 0.9 times as long. */
  minEffect: number;
  level: number;
  random: Random;
}

/**
 * A change is one when its interval excludes "none" and it is past the least effect besides: neither a certain trifle nor
 * one lucky number is told as a change. "same" needs an interval within the least effect; what is neither is inconclusive.
 */
export function judge({ base, now, better, minEffect, level, random }: Judged): Judgement {
  if (base === null) return without('no_baseline', 'there is no baseline');
  const [before, after] = [median(base), median(now)];
  if (before === null) return without('no_baseline', 'the baseline has no value');
  if (!isDivisor(before) || !base.every(isDivisor))
    return without('no_baseline', 'the baseline has a value of 0 or less, so there is no ratio to it');
  if (after === null) return without('inconclusive', 'not measured this time');
  const ratio = divide(after, before);
  if (base.length < ENOUGH_REPETITIONS || now.length < ENOUGH_REPETITIONS)
    return {
      ...without('inconclusive', `fewer than ${ENOUGH_REPETITIONS} repetitions`),
      ratio,
    };
  const { low, high } = ratioInterval(now, base, random, level);
  const noise = Math.hypot(noiseOf(base), noiseOf(now)) / Math.SQRT2;
  const effect = noise > USUAL_NOISE ? Math.max(minEffect, Math.min(0.9, 2 * noise)) : minEffect;
  const [less, more] = [1 - effect, 1 / (1 - effect)];
  const told = { ratio, low, high, reason: null };
  if (high < 1 && ratio < less) return { ...told, verdict: better === 'higher' ? 'regressed' : 'improved' };
  if (low > 1 && ratio > more) return { ...told, verdict: better === 'higher' ? 'improved' : 'regressed' };
  if (low >= 1 - minEffect && high <= 1 / (1 - minEffect)) return { ...told, verdict: 'same' };
  return { ...told, verdict: 'inconclusive', reason: `the repetitions vary by ${Math.round(noise * 100)} %` };
}

function without(verdict: Judgement['verdict'], reason: string): Judgement {
  return { verdict, ratio: null, low: null, high: null, reason };
}

/** Standard deviation ÷ mean; 0 where there is no mean to divide by. */
function noiseOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!isDivisor(mean)) return 0;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return divide(Math.sqrt(squares / Math.max(1, values.length - 1)), mean);
}

import { describe, expect, it } from 'vitest';
import { aTarget } from '../testing/target.js';
import type { Failure } from './attempt.js';
import type { Target } from './parts.js';
import { TargetOrder } from './target-order.js';

const [A, B, C, D] = [aTarget('a'), aTarget('b'), aTarget('c'), aTarget('d')];
const AWAY: Failure = {
  outcome: 'refused',
  message: 'is away',
  reply: null,
  retryAfter: undefined,
  isTooLong: false,
};
const order = (...targets: Target[]): TargetOrder => new TargetOrder(targets, () => 0.5);
/** Whom it still names, one after the other. */
function rest(of: TargetOrder): string[] {
  const names: string[] = [];
  for (let next = of.take(); next !== null; next = of.take()) names.push(next.target.providerId);
  return names;
}

describe('whom to ask next', () => {
  it('is each once, best first; then those that were away, after a pause', () => {
    const targets = order(A, B);
    expect(targets.take()).toEqual({ target: A, waitMs: 0 });
    targets.failed(A, AWAY, 1, 0);
    expect(targets.take()).toEqual({ target: B, waitMs: 0 });
    targets.failed(B, { ...AWAY, outcome: 'timeout' }, 2, 0);
    expect(targets.take()).toEqual({ target: A, waitMs: 200 });
    expect(targets.take()).toBeNull();
  });
});

describe('one that is taken before its turn', () => {
  it('is the best of the others that fits', () => {
    const targets = order(A, B, C);
    targets.take();
    expect(targets.takeOne(() => true)).toBe(B);
    expect(order(A, B, C).takeOne(({ providerId }) => providerId === 'c')).toBe(C);
    expect(order(A, B, C).takeOne(() => false)).toBeNull();
  });

  it('is none of those that were taken already', () => {
    const targets = order(A, B);
    targets.take();
    targets.take();
    expect(targets.takeOne(() => true)).toBeNull();
  });

  it.each([
    ['next', B, ['c', 'd']],
    ['in the middle', C, ['b', 'd']],
    ['last', D, ['b', 'c']],
  ])('has no other turn: it was %s', (_where, one, left) => {
    const targets = order(A, B, C, D);
    targets.take();
    targets.takeOne(({ providerId }) => providerId === one.providerId);
    expect(rest(targets)).toEqual(left);
  });

  it('may be asked again when it was away', () => {
    const targets = order(A, B);
    targets.take();
    targets.takeOne(() => true);
    targets.failed(B, AWAY, 1, 0);
    expect(rest(targets)).toEqual(['b']);
  });

  it('leaves the order as it is when none fits', () => {
    const targets = order(A, B, C);
    targets.takeOne(() => false);
    expect(rest(targets)).toEqual(['a', 'b', 'c']);
  });
});

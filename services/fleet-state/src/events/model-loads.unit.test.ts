import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadsOf, type ModelStep } from './model-loads.js';

const at = (ms: number): string =>
  new Date(Date.UTC(2026, 10, 20, 12) + ms).toISOString().replace('Z', '000Z');

/** `A starting` … each a state change at its millisecond; the state before is that of the model's step before. */
function steps(...told: readonly (readonly [ms: number, change: string, observed?: string])[]): ModelStep[] {
  const last = new Map<string, string>();
  return told.map(([ms, change, observed = 'live']) => {
    const [model = '', state = ''] = change.split(' ');
    const from = last.get(model) ?? (state === 'starting' ? 'stopped' : null);
    last.set(model, state);
    return { model, state, ts: at(ms), from, observed };
  });
}
const loaded = (ms: number, readyMs: number | null, readyBefore: string[], stopped: string[]): object => ({
  startedAt: at(ms),
  readyAt: readyMs === null ? null : at(readyMs),
  readyBefore,
  stopped,
});
const A_READY = [[0, 'A ready']] as const;

describe('loads of a model, and what went for them', () => {
  test.each([
    ['nothing was loaded', steps(...A_READY), []],
    [
      'room is made before the load starts',
      steps(
        ...A_READY,
        [5_000, 'A stopping'],
        [5_300, 'A stopped'],
        [5_301, 'M starting'],
        [8_000, 'M ready'],
      ),
      [loaded(5_301, 8_000, ['A'], ['A'])],
    ],
    [
      'a model whose stop takes long',
      steps(
        ...A_READY,
        [1_000, 'A stopping'],
        [9_000, 'A stopped'],
        [9_001, 'M starting'],
        [9_500, 'M ready'],
      ),
      [loaded(9_001, 9_500, ['A'], ['A'])],
    ],
    [
      'stopped while it loads, in the instant in which it is ready at the latest',
      steps(...A_READY, [0, 'B ready'], [10, 'M starting'], [90, 'M ready'], [90, 'A stopping']),
      [loaded(10, 90, ['A', 'B'], ['A'])],
    ],
    [
      'stopped and ready again before the load ends',
      steps(
        ...A_READY,
        [10, 'M starting'],
        [20, 'A stopping'],
        [30, 'A starting'],
        [40, 'A ready'],
        [50, 'M ready'],
      ),
      [loaded(10, 50, ['A'], ['A'])],
    ],
    [
      'all in one list of the host',
      steps(...A_READY, [10, 'A stopping'], [10, 'M starting'], [90, 'M ready']),
      [loaded(10, 90, ['A'], ['A'])],
    ],
    [
      'others stay',
      steps(...A_READY, [10, 'M starting'], [90, 'M ready'], [95, 'A stopping']),
      [loaded(10, 90, ['A'], [])],
    ],
    [
      'unloaded long before',
      steps(...A_READY, [10, 'A stopping'], [300, 'A stopped'], [9_000, 'M starting'], [9_900, 'M ready']),
      [loaded(9_000, 9_900, [], [])],
    ],
    [
      'a stop belongs to the load for which it was made',
      steps(
        ...A_READY,
        [10, 'A stopped'],
        [11, 'B starting'],
        [20, 'B stopped'],
        [30, 'M starting'],
        [40, 'M ready'],
      ),
      [loaded(30, 40, [], [])],
    ],
    [
      'a load that failed, then one that did not, the newest first',
      steps([10, 'M starting'], [20, 'M stopped'], [30, 'M starting'], [40, 'M ready']),
      [loaded(30, 40, [], []), loaded(10, null, [], [])],
    ],
    [
      'a load that was ended by an unload',
      steps([10, 'M starting'], [20, 'M stopping'], [30, 'M stopped']),
      [loaded(10, null, [], [])],
    ],
    [
      'the model itself was ready before',
      steps([0, 'M ready'], [10, 'M stopped'], [20, 'M starting'], [40, 'M ready']),
      [loaded(20, 40, [], [])],
    ],
    [
      'its start was not seen live',
      steps([0, 'M stopped'], [10, 'M starting', 'after_gap'], [20, 'M ready']),
      [],
    ],
    ['its end was not seen live', steps([10, 'M starting'], [20, 'M ready', 'after_gap']), []],
    ['under way', steps([10, 'M starting']), []],
    [
      'first sight of a load',
      [{ ...steps([10, 'M starting'])[0], from: null }, ...steps([20, 'M ready'])],
      [],
    ],
    [
      'what left in an absence made no room',
      steps(...A_READY, [10, 'A stopped', 'after_gap'], [20, 'M starting'], [40, 'M ready']),
      [loaded(20, 40, [], [])],
    ],
  ])('%s', (_what, told, expected) => {
    expect(loadsOf('M', told as ModelStep[], [])).toEqual(expected);
  });

  test('what never changed stands', () => {
    const told = steps([10, 'M starting'], [20, 'M ready']);
    expect(loadsOf('M', told, ['S'])).toEqual([loaded(10, 20, ['S'], [])]);
  });

  test('what was ready before the first change is known by where that came from', () => {
    const told = steps([0, 'A ready'], [5, 'A stopping'], [10, 'M starting'], [20, 'M ready']).slice(1);
    expect(loadsOf('M', told, [])).toEqual([loaded(10, 20, ['A'], ['A'])]);
  });
});

test('whatever a host does: stopped ones were ready before, and no load begins before the last has ended', () => {
  const change = fc
    .tuple(
      fc.constantFrom('M', 'A', 'B', 'C'),
      fc.constantFrom('starting', 'ready', 'stopping', 'stopped', 'absent'),
    )
    .map((parts) => parts.join(' '));
  const step = fc.tuple(
    fc.integer({ min: 0, max: 20 }),
    change,
    fc.constantFrom('live', 'live', 'after_gap'),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (made) => {
      let ms = 0;
      const told = steps(...made.map(([plusMs, ...rest]) => [(ms += plusMs * 200), ...rest] as const));
      const loads = loadsOf('M', told, []);
      for (const [index, { startedAt, readyAt, readyBefore, stopped }] of loads.entries()) {
        expect(readyBefore).toEqual(expect.arrayContaining(stopped));
        expect(readyBefore).not.toContain('M');
        if (readyAt !== null) expect(readyAt >= startedAt).toBe(true);
        const older = loads[index + 1];
        if (older !== undefined) expect((older.readyAt ?? older.startedAt) <= startedAt).toBe(true);
      }
    }),
  );
});

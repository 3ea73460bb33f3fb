import type { Action, ControlActions } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { action, lease } from '../../testing/actions';
import { isOpen, takeActions, type Actions } from './actions';
import { takeLeases } from './leases';

const NOW = Date.UTC(2026, 10, 21, 12);

/** The copies of one action from version 1 on: it waits, runs, tells how far it is, and ends. */
function copiesOf(n: number, versions: number, ends: boolean): Action[] {
  return Array.from({ length: versions }, (_, i) => {
    const version = i + 1;
    const isLast = version === versions && ends && version > 1;
    return action({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      version,
      providerId: n % 2 === 0 ? 'a' : 'b',
      turn: n,
      state: isLast ? 'succeeded' : version === 1 ? 'queued' : 'started',
      createdAt: instantFromMs(NOW + n),
      startedAt: version > 1 ? instantFromMs(NOW + 100 + n) : null,
      endedAt: isLast ? instantFromMs(NOW + 1000 + n) : null,
    });
  });
}

const history = fc
  .array(fc.record({ versions: fc.integer({ min: 1, max: 5 }), ends: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => list.map(({ versions, ends }, n) => copiesOf(n, versions, ends)));

const changed = (...actions: Action[]): ControlActions => ({ type: 'changed', actions, trouble: null });
const all = (...actions: Action[]): ControlActions => ({ type: 'all', actions, trouble: null });
const newestOf = (copies: readonly Action[][]): Action[] => copies.map((each) => each.at(-1)!);
const held = ({ open, ended }: Actions): Set<Action> => new Set([...Object.values(open).flat(), ...ended]);

describe('the law of actions: the copy with the highest version stays', () => {
  it('in any order, in frames of any size, any of them twice', () => {
    fc.assert(
      fc.property(
        history.chain((copies) =>
          fc.tuple(
            fc.constant(copies),
            fc.shuffledSubarray(copies.flat(), { minLength: copies.flat().length }),
            fc.array(fc.nat({ max: 99 }), { maxLength: 10 }),
            fc.integer({ min: 1, max: 4 }),
          ),
        ),
        ([copies, shuffled, repeats, size]) => {
          const sent = [...shuffled];
          for (const at of repeats) sent.splice(at % (sent.length + 1), 0, sent[at % sent.length]!);
          let state: Actions | null = null;
          for (let i = 0; i < sent.length; i += size)
            state = takeActions(state, changed(...sent.slice(i, i + size)));
          expect(held(state!)).toEqual(new Set(newestOf(copies)));
        },
      ),
    );
  });

  it('also around a whole frame, which older copies may follow', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 4 }), fc.nat({ max: 99 }), (copies, seen, late) => {
        const before = copies.map((each) => each[Math.min(seen, each.length - 1)]!);
        let state = takeActions(null, changed(...before));
        state = takeActions(state, all(...newestOf(copies)));
        const again = copies.flat();
        state = takeActions(state, changed(again[late % again.length]!));
        expect(held(state)).toEqual(new Set(newestOf(copies)));
      }),
    );
  });

  it('and what a whole frame does not have under way is gone, what has ended stays', () => {
    const [ended, open] = [copiesOf(1, 3, true).at(-1)!, copiesOf(2, 1, false).at(-1)!];
    const state = takeActions(takeActions(null, changed(ended, open)), all());
    expect(state.open).toEqual({});
    expect(state.ended).toEqual([ended]);
  });
});

describe('what is under way', () => {
  it('is in the order of its turns, by host', () => {
    const list = [3, 1, 5, 2].map((n) => copiesOf(n, 1, false)[0]!);
    const { open } = takeActions(null, all(...list));
    expect(open['b']?.map(({ turn }) => turn)).toEqual([1, 3, 5]);
    expect(open['a']?.map(({ turn }) => turn)).toEqual([2]);
    expect(list.every(isOpen)).toBe(true);
  });
  it('of a host that has not changed stays the same list', () => {
    const [a, b] = [copiesOf(2, 2, false), copiesOf(1, 1, false)];
    const before = takeActions(null, all(a[0]!, b[0]!));
    const after = takeActions(before, changed(a[1]!));
    expect(after.open['b']).toBe(before.open['b']);
    expect(after.open['a']).not.toBe(before.open['a']);
  });
});

describe('leases', () => {
  it('come whole, and an older copy does not come back', () => {
    const [old, newer] = [1, 2].map((version) => lease({ version, foreignRequests: version }));
    const first = takeLeases(null, { leases: [newer!], trouble: null });
    expect(takeLeases(first, { leases: [old!], trouble: 'away' })).toEqual({
      leases: [newer],
      trouble: 'away',
    });
    expect(takeLeases(first, { leases: [], trouble: null }).leases).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Newest, type Versioned } from './newest.js';

const KEPT = 2;
const HOSTS = ['tower', 'nas'] as const;

function thing(id: string, version: number, endedAt: string | null = null, providerId = 'tower'): Versioned {
  return { id, version, providerId, endedAt };
}
const shown = (items: readonly Versioned[]): string[] =>
  items.map(({ id, version, endedAt }) => `${id} ${version} ${endedAt === null ? 'open' : 'ended'}`).sort();

/** What a service has, and in which order it came to be: the changes of each thing in turn, ended by the last one or not. */
const anyHistory = fc
  .array(
    fc.record({
      host: fc.constantFrom(...HOSTS),
      versions: fc.integer({ min: 1, max: 4 }),
      ends: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .chain((things) => {
    const turns = things.flatMap(({ versions }, index) => Array.from({ length: versions }, () => index));
    return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
      const counts = new Map<number, number>();
      return order.map((index, at) => {
        const { host, versions, ends } = things[index]!;
        const version = (counts.get(index) ?? 0) + 1;
        counts.set(index, version);
        const endedAt = ends && version === versions ? `ended ${String(at).padStart(3, '0')}` : null;
        return thing(`t${index}`, version, endedAt, host);
      });
    });
  });

/** The rows of the service after its first changes. */
function rowsAfter(history: readonly Versioned[], count: number): { open: Versioned[]; ended: Versioned[] } {
  const rows = [...new Map(history.slice(0, count).map((change) => [change.id, change])).values()];
  const ended = rows.filter(({ endedAt }) => endedAt !== null);
  ended.sort((a, b) => (a.endedAt! > b.endedAt! ? -1 : 1));
  return { open: rows.filter(({ endedAt }) => endedAt === null), ended };
}
/** What is to be known in the end. */
function expected(history: readonly Versioned[]): Versioned[] {
  const { open, ended } = rowsAfter(history, history.length);
  return [
    ...open,
    ...HOSTS.flatMap((host) => ended.filter((each) => each.providerId === host).slice(0, KEPT)),
  ];
}

/**
 * One run: the service makes changes, tells each late and perhaps twice, in any order, and answers questions with its rows
 * of some moment between question and answer. Who follows begins in the middle, and asks once it does.
 * @param page how many of those that have ended are in an answer
 */
function run(
  history: readonly Versioned[],
  chance: (below: number) => number,
  page: number,
): Newest<Versioned> {
  const newest = new Newest<Versioned>(KEPT);
  const begin = chance(history.length + 1);
  let made = begin;
  const untold: Versioned[] = [];
  const told: Versioned[] = [];
  let question: { openBefore: ReadonlySet<string>; answer: ReturnType<typeof rowsAfter> | null } | null =
    null;
  const steps = {
    make: () => (made < history.length ? untold.push(history[made++]!) : 0),
    tell: () => {
      const [fact] = untold.splice(chance(Math.max(1, untold.length)), 1);
      if (fact === undefined) return;
      newest.add(fact);
      told.push(fact);
    },
    tellAgain: () => (told.length > 0 ? newest.add(told[chance(told.length)]!) : 0),
    ask: () => (question ??= { openBefore: newest.openIds, answer: null }),
    read: () => {
      if (question === null) return;
      const { open, ended } = rowsAfter(history, made);
      question.answer ??= { open, ended: ended.slice(0, page) };
    },
    answer: () => {
      if (question?.answer == null) return;
      newest.settle(question.openBefore, question.answer);
      question = null;
    },
  };
  const all = Object.values(steps);
  for (let step = 0; step < 60; step++) all[chance(all.length)]?.();
  while (made < history.length) steps.make();
  const last = [steps.ask, steps.read, steps.answer, steps.ask, steps.read, steps.answer];
  // The last question may come before, between or after the last facts.
  while (last.length > 0 || untold.length > 0)
    if (last.length > 0 && (untold.length === 0 || chance(2) === 0)) last.shift()?.();
    else steps.tell();
  for (const fact of told) newest.add(fact);
  return newest;
}

const anyChances = fc.array(fc.nat(1_000_000), { minLength: 400, maxLength: 400 });
const drawn = (chances: readonly number[]): ((below: number) => number) => {
  let at = 0;
  return (below) => chances[at++ % chances.length]! % below;
};

describe('the newest of everything', () => {
  it('is what the service has, whatever came late, twice, in another order, or only in an answer', () => {
    fc.assert(
      fc.property(anyHistory, anyChances, (history, chances) => {
        const newest = run(history, drawn(chances), Number.MAX_SAFE_INTEGER);
        expect(shown(newest.items)).toEqual(shown(expected(history)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has nothing open that is over, also when no answer reaches back to its end', () => {
    fc.assert(
      fc.property(anyHistory, anyChances, (history, chances) => {
        const open = run(history, drawn(chances), 1).items.filter(({ endedAt }) => endedAt === null);
        expect(shown(open)).toEqual(shown(rowsAfter(history, history.length).open));
      }),
      { numRuns: 1_000 },
    );
  });

  it('says what is news', () => {
    const newest = new Newest<Versioned>(KEPT);
    expect([newest.add(thing('a', 2)), newest.add(thing('a', 2)), newest.add(thing('a', 1))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(newest.settle(newest.openIds, { open: [thing('a', 2), thing('b', 1)], ended: [] })).toEqual({
      news: [thing('b', 1)],
      isGone: false,
    });
    expect(newest.settle(newest.openIds, { open: [thing('b', 1)], ended: [] })).toEqual({
      news: [],
      isGone: true,
    });
    expect(shown(newest.items)).toEqual(['b 1 open']);
  });

  it('does not take for over what began after the question', () => {
    const newest = new Newest<Versioned>(KEPT);
    const before = newest.openIds;
    newest.add(thing('late', 1));
    expect(newest.settle(before, { open: [], ended: [] }).isGone).toBe(false);
    expect(shown(newest.items)).toEqual(['late 1 open']);
  });

  it('remembers what it no longer keeps: an old copy does not bring it back', () => {
    const newest = new Newest<Versioned>(0);
    newest.add(thing('a', 1));
    expect(newest.add(thing('a', 2, 'ended'))).toBe(true);
    expect(newest.items).toEqual([]);
    for (const old of [thing('a', 1), thing('a', 2, 'ended')]) expect(newest.add(old)).toBe(false);
    expect(newest.items).toEqual([]);
    expect(newest.add(thing('a', 3, 'ended'))).toBe(true);
  });
});

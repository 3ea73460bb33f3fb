import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberKey, ownersOf, shareOf } from './share.js';

describe('shareOf', () => {
  const order = (id: string): number => id.charCodeAt(1);
  const hosts = ['h1', 'h2', 'h3', 'h4'];

  it('takes free hosts up to an equal part', () => {
    const owners = { members: 2, held: new Set(['h1']) };
    expect(shareOf(hosts, new Set(), owners, order)).toEqual({ claim: ['h2', 'h3'], release: [] });
    expect(shareOf(hosts, new Set(['h2', 'h3']), owners, order)).toEqual({ claim: [], release: [] });
  });

  it('lets go of one at a time of a little that is over its part', () => {
    const owners = { members: 2, held: new Set(hosts) };
    expect(shareOf(hosts, new Set(hosts), owners, order)).toEqual({ claim: [], release: ['h4'] });
  });

  it('halves a thousand in fewer than fifty rounds', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `h${i}`);
    const mine = new Set(ids);
    for (let round = 0; round < 50; round++) {
      const { release } = shareOf(ids, mine, { members: 2, held: new Set(ids) }, (id) => Number(id.slice(1)));
      for (const id of release) mine.delete(id);
    }
    expect(mine.size).toBe(500);
  });

  it('nobody known but us: everything', () => {
    expect(shareOf(hosts, new Set(), { members: 0, held: new Set() }, order).claim).toEqual(hosts);
  });

  it('any number of processes ends with every host held once and parts that differ by at most a rounding', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat({ max: 5 }), { maxLength: 20 }),
        (count, members, before) => {
          const ids = Array.from({ length: count }, (_, i) => `h${i}`);
          const mine = Array.from({ length: members }, () => new Set<string>());
          before.forEach((member, i) => i < count && mine[member % members]?.add(`h${i}`));
          for (let round = 0; round < 60; round++) {
            for (const part of mine) {
              const owners = { members, held: new Set(mine.flatMap((held) => [...held])) };
              const { claim, release } = shareOf(ids, part, owners, (id) => Number(id.slice(1)));
              for (const id of release) part.delete(id);
              for (const id of claim) part.add(id);
            }
          }
          const sizes = mine.map((part) => part.size);
          expect(sizes.reduce((a, b) => a + b, 0)).toBe(count);
          expect(new Set(mine.flatMap((part) => [...part])).size).toBe(count);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil(count / members));
        },
      ),
    );
  });
});

it('tells members from hosts in the bucket of owners', () => {
  expect(ownersOf([memberKey('a-1'), 'tower', memberKey('b-2'), 'member'])).toEqual({
    members: 2,
    held: new Set(['tower', 'member']),
  });
});

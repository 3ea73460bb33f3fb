import type { Fact } from '@boocontrol/contracts';
import { applyToFleet, emptyFleet } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFacts } from '../testing/facts.js';
import { Coalescer } from './coalescer.js';

const fold = (facts: Fact[]): unknown => facts.reduce(applyToFleet, emptyFleet('e'));

describe('facts of a tick', () => {
  it('end in the same fleet as all of them one by one', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(fc.nat(20)), (facts, cuts) => {
        const coalescer = new Coalescer();
        const sent: Fact[] = [];
        facts.forEach((fact, index) => {
          coalescer.add(fact);
          if (cuts.includes(index)) sent.push(...coalescer.drain().flatMap(([, some]) => some));
        });
        sent.push(...coalescer.drain().flatMap(([, some]) => some));
        expect(fold(sent)).toEqual(fold(facts));
      }),
    );
  });

  it('keep the order of the log in each room, and every fact of which each counts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const coalescer = new Coalescer();
        for (const fact of facts) coalescer.add(fact);
        const rooms = new Map(coalescer.drain());
        for (const sent of rooms.values()) {
          const seqs = sent.map(({ seq }) => seq);
          expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        }
        const counted = facts.filter(
          ({ kind }) => kind === 'request' || kind === 'model-changed' || kind === 'gap',
        );
        const sent = [...rooms.values()].flat();
        for (const fact of counted) expect(sent).toContain(fact);
      }),
    );
  });

  it('are sent once', () => {
    const coalescer = new Coalescer();
    for (const fact of fc.sample(anyFacts, 1)[0] ?? []) coalescer.add(fact);
    coalescer.drain();
    expect(coalescer.drain()).toEqual([]);
  });
});

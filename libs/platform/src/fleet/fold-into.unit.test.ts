import type { Fact } from '@boocontrol/contracts';
import { applyToFleet, emptyFleet } from '@boocontrol/fleet-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldInto } from './fold-into.js';

const at = '2026-11-20T16:00:00.000000Z';
const fact = fc
  .record({ host: fc.constantFrom('tower', 'mac', 'laptop'), seq: fc.nat(20), total: fc.nat(5) })
  .map(({ host, seq, total }): Fact => ({
    kind: 'inflight',
    seq,
    body: { providerId: host, at, total, requests: [] },
  }));

test('in place or not: the same fleet, whatever comes, twice and in any order', () => {
  fc.assert(
    fc.property(fc.array(fact), (facts) => {
      const fleet = emptyFleet('e');
      for (const one of facts) foldInto(fleet, one);
      expect(fleet).toEqual(facts.reduce(applyToFleet, emptyFleet('e')));
    }),
  );
});

test('a host that did not change stays the object that it was', () => {
  const fleet = emptyFleet('e');
  const tell = (providerId: string, seq: number): void =>
    foldInto(fleet, { kind: 'inflight', seq, body: { providerId, at, total: seq, requests: [] } });
  tell('tower', 1);
  const before = fleet.hosts['tower'];
  tell('mac', 2);
  tell('tower', 1);
  expect(fleet.hosts['tower']).toBe(before);
  tell('tower', 3);
  expect(before?.inflight?.total).toBe(1);
  expect(fleet.hosts['tower']?.inflight?.total).toBe(3);
});

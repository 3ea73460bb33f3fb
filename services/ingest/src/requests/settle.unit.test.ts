import { expect, it } from 'vitest';
import { Settling } from './settle.js';

const row = (entryId: number, hasCapture = false): { entryId: number; hasCapture: boolean } => ({
  entryId,
  hasCapture,
});
const ids = (rows: { entryId: number }[]): number[] => rows.map(({ entryId }) => entryId);

it('lets rows through that were announced or have their capture, up to the first that has neither', () => {
  const settling = new Settling(2_000);
  settling.announce(1);
  settling.announce(4);
  expect(ids(settling.settled([row(1), row(2, true), row(3), row(4)], 0))).toEqual([1, 2]);
  settling.announce(3);
  expect(ids(settling.settled([row(3), row(4)], 100))).toEqual([3, 4]);
});

it('waits no longer than its time for an event that was dropped', () => {
  const settling = new Settling(2_000);
  expect(settling.settled([row(7)], 1_000)).toEqual([]);
  expect(settling.settled([row(7), row(8)], 2_999)).toEqual([]);
  expect(ids(settling.settled([row(7), row(8)], 3_000))).toEqual([7]);
  expect(ids(settling.settled([row(8)], 4_999))).toEqual([8]);
});

it('remembers a bounded number of events', () => {
  const settling = new Settling(2_000);
  for (let id = 0; id < 6_000; id++) settling.announce(id);
  expect(settling.isAnnounced(0)).toBe(false);
  expect(settling.isAnnounced(5_999)).toBe(true);
});

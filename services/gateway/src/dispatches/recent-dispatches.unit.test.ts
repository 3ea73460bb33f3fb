import { expect, it } from 'vitest';
import { idOf } from '../testing/actions.js';
import { routeFact } from '../testing/routes.js';
import { RecentDispatches } from './recent-dispatches.js';

it('has the newest, and a bounded number and size of them', () => {
  const recent = new RecentDispatches();
  for (let n = 0; n < 5_000; n++) recent.add(idOf(n), JSON.stringify(routeFact(n)));
  expect(recent.find(idOf(4_999))).toEqual(routeFact(4_999));
  expect(recent.find(idOf(1_000))).toEqual(routeFact(1_000));
  expect(recent.find(idOf(999))).toBeNull();
  const large = JSON.stringify(routeFact(1, { asked: 'x'.repeat(6_000_000) }));
  for (const n of [1, 2, 3]) recent.add(idOf(n), large);
  expect([1, 2, 3].map((n) => recent.find(idOf(n)) !== null)).toEqual([false, true, true]);
});

it('has the last of two under one id, and counts it once', () => {
  const recent = new RecentDispatches();
  const large = JSON.stringify(routeFact(1, { asked: 'x'.repeat(6_000_000) }));
  for (let n = 0; n < 5; n++) recent.add(idOf(1), large);
  recent.add(idOf(2), large);
  expect([1, 2].map((n) => recent.find(idOf(n)) !== null)).toEqual([true, true]);
});

import { expect, test } from 'vitest';
import { foreignAmong, type Finished } from './foreign-requests.consumer.js';
import type { Holding } from './foreign-requests.repository.js';

const at = (second: number): string => `2026-11-21T12:00:${String(second).padStart(2, '0')}.000000Z`;
const holding = (differs: Partial<Holding> = {}): Holding => ({
  id: 'tower.abcdefgh',
  providerId: 'tower',
  source: 'bench',
  since: at(10),
  endedAt: null,
  ...differs,
});
const request = (differs: Partial<Finished> = {}): Finished => ({
  providerId: 'tower',
  entryId: 1,
  ts: at(12),
  endedAt: at(12),
  source: 'chat',
  ...differs,
});

test.each([
  ['of somebody else while it is held', {}, {}, 1],
  ['of the holder', { source: 'bench' }, {}, 0],
  ['on another host', { providerId: 'mac' }, {}, 0],
  ['ended before it was acquired', { endedAt: at(9) }, {}, 0],
  ['ended in the moment of its beginning', { endedAt: at(10) }, {}, 1],
  ['ended in the moment of its end', { endedAt: at(20) }, { endedAt: at(20) }, 1],
  ['ended after its end', { endedAt: at(21) }, { endedAt: at(20) }, 0],
])('a request %s', (_, differs, held, count) => {
  expect(foreignAmong([request(differs)], [holding(held)])).toHaveLength(count);
});

test('a request can fall to one lease of several, each with its own holder', () => {
  const first = holding({ endedAt: at(11) });
  const second = holding({ id: 'tower.ijklmnop', source: 'chat', since: at(11) });
  const found = foreignAmong(
    [request({ endedAt: at(10) }), request({ entryId: 2, source: 'eval' })],
    [first, second],
  );
  expect(found.map(({ leaseId, entryId }) => [leaseId, entryId])).toEqual([
    ['tower.abcdefgh', 1],
    ['tower.ijklmnop', 2],
  ]);
});

import { expect, test } from 'vitest';
import { turns } from './turns.js';

test('each piece of work has a turn of the event loop to itself, in the order in which they were asked for', async () => {
  let passed = 0;
  let isOver = false;
  const count = (): void => {
    passed += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const turn = turns();
  const at: [piece: number, passed: number][] = [];
  await Promise.all([0, 1, 2].map(async (piece) => at.push([piece, (await turn(), passed)])));
  isOver = true;
  expect(at.map(([piece]) => piece)).toEqual([0, 1, 2]);
  expect(new Set(at.map(([, seen]) => seen)).size).toBe(3);
});

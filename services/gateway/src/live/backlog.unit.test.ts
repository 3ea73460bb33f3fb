import { expect, it } from 'vitest';
import { nextPace, type Backlog, type Pace } from './backlog.js';

const max: Backlog = { packets: 10, bytes: 1_000 };

it.each<[Pace, number, number, Pace]>([
  ['keeping_up', 0, 0, 'keeping_up'],
  ['keeping_up', 10, 1_000, 'keeping_up'],
  ['keeping_up', 11, 0, 'lagging'],
  ['keeping_up', 1, 1_001, 'lagging'],
  ['lagging', 11, 2_000, 'lagging'],
  ['lagging', 1, 0, 'lagging'],
  ['lagging', 0, 0, 'keeping_up'],
])('%s with %i packets, %i bytes: %s', (pace, packets, bytes, expected) => {
  expect(nextPace(pace, { packets, bytes }, max)).toBe(expected);
});

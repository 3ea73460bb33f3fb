import { expect, test } from 'vitest';
import { longestHost } from './known-speeds.js';

test('hosts are measured side by side, models of one host after each other', () => {
  expect(
    longestHost([
      { providerId: 'a', seconds: 5 },
      { providerId: 'b', seconds: 8 },
      { providerId: 'a', seconds: 6 },
    ]),
  ).toBe(11);
  expect(longestHost([])).toBe(0);
});

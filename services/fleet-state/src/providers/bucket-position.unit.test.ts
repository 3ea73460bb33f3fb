import { expect, test } from 'vitest';
import { isWiped } from './bucket-position.js';

const mirrored = { created: 'a', revision: 7 };
test.each([
  ['the first time', null, { created: 'a', revision: 0 }, false],
  ['nothing new', mirrored, mirrored, false],
  ['went on', mirrored, { created: 'a', revision: 9 }, false],
  ['lost its tail', mirrored, { created: 'a', revision: 6 }, true],
  ['made anew', mirrored, { created: 'b', revision: 9 }, true],
])('%s', (_what, before, now, expected) => {
  expect(isWiped(before, now)).toBe(expected);
});

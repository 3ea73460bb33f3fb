import { instantFromMs } from '@boocontrol/fleet-model';
import { expect, it } from 'vitest';
import { searchedWords } from './searched-words';

const NOW = Date.UTC(2026, 10, 20, 12);
const since = (hours: number): string => instantFromMs(NOW - hours * 3_600_000);

it('a search says what it can find, and how far that reaches back', () => {
  const words = (hours: number, unread = 0): string => searchedWords({ since: since(hours), unread }, NOW);
  expect(words(2)).toBe('Only captured requests can be found. Captures reach back less than a day.');
  expect(words(30)).toMatch(/reach back 1 day\.$/);
  expect(words(240, 1_200)).toMatch(
    /10 days\. 1,200 older ones cannot be searched yet; they are being read\.$/,
  );
  expect(searchedWords({ since: null, unread: 0 }, NOW)).toMatch(/None are kept.*captureBuffer/);
  expect(searchedWords(null, NOW)).toBe('Only captured requests can be found.');
});

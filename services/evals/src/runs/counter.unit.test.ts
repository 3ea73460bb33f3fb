import { MeasureError } from '@boocontrol/measure';
import { expect, test } from 'vitest';
import { counterOf } from './counter.js';

test('a text is counted once, unless that went wrong', async () => {
  const asked: string[] = [];
  let isAway = true;
  const count = counterOf({
    countTokens: (text) => {
      asked.push(text);
      return isAway
        ? Promise.reject(new MeasureError('host_away', 'Nothing answers.'))
        : Promise.resolve(text.length);
    },
  });
  // As a request that nothing answers: the host is waited for, and the run does not fail.
  await expect(count('abc')).rejects.toMatchObject({ name: 'HostTroubleError', isAway: true });
  isAway = false;
  expect(await Promise.all([count('abc'), count('abc'), count('abcd')])).toEqual([3, 3, 4]);
  expect(asked).toEqual(['abc', 'abc', 'abcd']);
});

test('what is no trouble of the host is not taken for it', async () => {
  const error = new MeasureError('key_needed', 'It asks for a key.');
  await expect(counterOf({ countTokens: () => Promise.reject(error) })('abc')).rejects.toBe(error);
  expect(await counterOf({ countTokens: () => Promise.resolve(null) })('abc')).toBeNull();
});

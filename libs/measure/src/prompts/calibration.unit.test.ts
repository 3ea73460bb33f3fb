import { describe, expect, test } from 'vitest';
import { seeded } from '../stats/random.js';
import { calibrate, textOfTokens, type Counter } from './calibration.js';

const TEMPLATE = 17;
const TOKENIZERS: readonly [string, (text: string) => number][] = [
  ['four characters a token', (text) => Math.ceil(text.length / 4)],
  ['one character a token', (text) => text.length],
  ['one word a token', (text) => text.split(/\s+/).filter(Boolean).length],
  ['pieces of words', (text) => (text.match(/\s?[^\s]{1,3}|\s+/g) ?? []).length],
];

const counterOf = (count: (text: string) => number, hasTokenizer: boolean): Counter => ({
  text: (text) => Promise.resolve(hasTokenizer ? count(text) : null),
  prompt: (text) => Promise.resolve(count(text) + TEMPLATE),
});

describe.each(TOKENIZERS)('%s', (_name, count) => {
  test.each([64, 512, 4_096])('a prompt of %i tokens is one by the tokenizer of the model', async (asked) => {
    const counter = counterOf(count, true);
    const random = seeded(asked);
    const calibration = await calibrate(counter, random);
    expect(calibration).toMatchObject({ method: 'tokenizer', templateTokens: TEMPLATE });
    for (const before of ['', 'Note 0815abcd:']) {
      const text = await textOfTokens(asked, { counter, calibration, random, before });
      expect(text.startsWith(before)).toBe(true);
      expect(Math.abs((await counter.prompt(text)) - asked)).toBeLessThanOrEqual(1);
    }
  });

  test.each([512, 4_096])('and within a few percent where it can only be told by requests', async (asked) => {
    const counter = counterOf(count, false);
    const random = seeded(asked);
    const calibration = await calibrate(counter, random);
    expect(calibration.method).toBe('requests');
    const text = await textOfTokens(asked, { counter, calibration, random });
    expect(Math.abs((await counter.prompt(text)) / asked - 1)).toBeLessThan(0.05);
  });
});

test('a prompt shorter than the template is refused with both numbers', async () => {
  const counter = counterOf((text) => text.length, true);
  const random = seeded(1);
  const calibration = await calibrate(counter, random);
  await expect(textOfTokens(17, { counter, calibration, random })).rejects.toMatchObject({
    code: 'bad_suite',
    message: 'A prompt of 17 tokens is not possible: the template of the model takes 17.',
  });
});

test('a host that counts every prompt alike cannot be calibrated', async () => {
  const counter: Counter = { text: () => Promise.resolve(null), prompt: () => Promise.resolve(5) };
  await expect(calibrate(counter, seeded(1))).rejects.toMatchObject({ code: 'model_failed' });
});

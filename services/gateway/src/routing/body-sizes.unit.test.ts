import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeFact } from '../testing/routes.js';
import { BodySizes, sizedOf } from './body-sizes.js';

const learned = (...sized: [requestBytes: number, promptTokens: number | null][]): BodySizes => {
  const sizes = new BodySizes();
  for (const [requestBytes, promptTokens] of sized) sizes.learn({ model: 'm', requestBytes, promptTokens });
  return sizes;
};
const fives = Array.from({ length: 5 }, (): [number, number] => [5_000, 1_000]);

describe('the bytes of a token', () => {
  it('are the median of what was measured, once there is enough of it', () => {
    expect(learned(...fives.slice(1)).bytesPerToken('m')).toBe(null);
    const sizes = learned(...fives, [2_000, 1_000]);
    expect(sizes.bytesPerToken('m')).toBe(5);
    expect(sizes.bytesPerToken('other')).toBe(null);
  });

  it('are not told by short prompts, by pictures, or by an answer that tells no tokens', () => {
    const sizes = learned([5_000, null], [2_000, 199], [900_000, 1_000], [900, 1_000], [5_000, 0]);
    for (const [bytes, tokens] of fives) {
      expect(sizes.bytesPerToken('m')).toBe(null);
      sizes.learn({ model: 'm', requestBytes: bytes, promptTokens: tokens });
    }
    expect(sizes.bytesPerToken('m')).toBe(5);
  });

  it('follow the last 64, and are always among what was measured', () => {
    const some = fc.array(fc.integer({ min: 1_000, max: 16_000 }), { minLength: 5, maxLength: 200 });
    fc.assert(
      fc.property(some, (bytes) => {
        const last = bytes.slice(-64).map((each) => each / 1_000);
        expect(last).toContain(
          learned(...bytes.map((each): [number, number] => [each, 1_000])).bytesPerToken('m'),
        );
      }),
    );
  });
});

it('a record tells of the model that answered', () => {
  expect(sizedOf(routeFact(1))).toEqual({ model: 'org/model', requestBytes: 2_100, promptTokens: 100 });
  expect(sizedOf(routeFact(1, { outcome: 'incomplete' }))).toBe(null);
  expect(sizedOf(routeFact(1, { attempts: [] }))).toBe(null);
});

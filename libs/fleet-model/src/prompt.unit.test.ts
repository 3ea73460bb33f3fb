import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptOf, toldPrompt } from './prompt.js';

const row = {
  inputTokens: 1000 as number | null,
  cacheTokens: 400 as number | null,
  promptTps: 900 as number | null,
  genTps: 40 as number | null,
  reqPath: '/v1/chat/completions',
};
const noRates = { promptTps: null, genTps: null };

describe('the length of a prompt', () => {
  it.each([
    ['not told', { inputTokens: null, cacheTokens: null }, null, null, 'known'],
    ['nothing cached', { cacheTokens: 0 }, null, 1000, 'known'],
    ['nothing known of a cache', { cacheTokens: null }, null, 1000, 'known'],
    ['more cached than read: new tokens only', { inputTokens: 29, cacheTokens: 1434 }, null, 1463, 'known'],
    ['the answer had timings', {}, true, 1400, 'known'],
    ['the answer had rates but no timings', {}, false, 1000, 'known'],
    ['no rates: usage alone', noRates, null, 1000, 'known'],
    ['rates, and nobody knows from what', {}, null, 1400, 'uncertain'],
    ['Messages', { ...noRates, reqPath: '/v1/messages' }, null, 1400, 'known'],
    [
      'Messages of a model of its own path',
      { ...noRates, reqPath: '/upstream/m/v1/messages' },
      null,
      1400,
      'known',
    ],
  ] as const)('%s', (_what, over, hadTimings, promptTokens, promptCounts) => {
    expect(promptOf({ ...row, ...over }, hadTimings)).toEqual({ promptTokens, promptCounts });
  });

  it('is never less than what came from the cache, and never less than what was read', () => {
    const tokens = fc.option(fc.nat(5000));
    const rate = fc.option(fc.double({ min: 0, max: 500, noNaN: true }));
    const rows = fc.record({
      inputTokens: tokens,
      cacheTokens: tokens,
      promptTps: rate,
      genTps: rate,
      reqPath: fc.constantFrom('/v1/chat/completions', '/v1/messages'),
    });
    fc.assert(
      fc.property(rows, fc.option(fc.boolean()), (any, hadTimings) => {
        const { promptTokens } = promptOf(any, hadTimings);
        expect(promptTokens === null).toBe(any.inputTokens === null);
        if (promptTokens !== null)
          expect(promptTokens).toBeGreaterThanOrEqual(Math.max(any.inputTokens ?? 0, any.cacheTokens ?? 0));
      }),
    );
  });

  it('is what its fact says, where it says it', () => {
    expect(toldPrompt({ ...row, promptTokens: 1000, promptCounts: 'known' })).toEqual({
      promptTokens: 1000,
      promptCounts: 'known',
    });
    expect(toldPrompt(row)).toEqual({ promptTokens: 1400, promptCounts: 'uncertain' });
  });
});

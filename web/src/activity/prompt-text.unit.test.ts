import { describe, expect, it } from 'vitest';
import { cacheText } from './prompt-text';

const row = {
  reqPath: '/v1/chat/completions',
  promptTps: 900,
  genTps: 40,
  inputTokens: 29,
  cacheTokens: 1434,
};

describe('what came from the cache', () => {
  it('is told with its share of the whole prompt', () => {
    expect(cacheText(row)).toBe('1,434 from cache (98%)');
    expect(cacheText({ ...row, promptTokens: 2868, promptCounts: 'known' })).toBe('1,434 from cache (50%)');
    expect(cacheText({ ...row, inputTokens: 0, cacheTokens: 0 })).toBe('0 from cache (0%)');
  });
  it('is said to be uncertain where it is', () => {
    expect(cacheText({ ...row, inputTokens: 1434 })).toMatch(/^1,434 from cache \(50%\), uncertain/);
  });
  it('is not told where the host tells nothing', () => {
    expect(cacheText({ ...row, cacheTokens: null })).toBeNull();
    expect(cacheText({ ...row, inputTokens: null })).toBeNull();
  });
});

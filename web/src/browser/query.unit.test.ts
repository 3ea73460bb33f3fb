import { describe, expect, it } from 'vitest';
import { changedQuery } from './query';

describe('the address bar', () => {
  it('replaces, repeats and removes parameters and leaves the others', () => {
    expect(changedQuery('?host=a&open=x', { host: ['b', 'c'], open: null })).toBe('?host=b&host=c');
    expect(changedQuery('?open=x', { open: null })).toBe('');
  });
});

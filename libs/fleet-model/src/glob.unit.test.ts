import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits } from './glob.js';

describe('a pattern', () => {
  it.each([
    ['*', '', true],
    ['qwen*', 'Qwen3-30b', true],
    ['qwen*', 'unsloth/qwen3', false],
    ['*coder*', 'qwen/qwen3-coder-30b', true],
    ['a*b*c', 'aXbXbc', true],
    ['a*b*c', 'aXbX', false],
    ['a.c', 'abc', false],
    ['', 'x', false],
  ])('%s and %s: %s', (pattern, text, expected) => expect(fits(pattern, text)).toBe(expected));

  it('means what it means as an expression', () => {
    const letters = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        expect(fits(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
    );
  });

  it('that would make an expression run for ever is read at once', () => {
    expect(fits(`${'*a'.repeat(120)}b`, 'a'.repeat(256))).toBe(false);
  });
});

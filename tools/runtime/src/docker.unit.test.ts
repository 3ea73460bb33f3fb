import { describe, expect, it } from 'vitest';
import { parseDotEnv, publishedAddress } from './docker.js';
import { RuntimeError } from './errors.js';

describe('parseDotEnv', () => {
  it('reads names and values as compose does', () => {
    expect(parseDotEnv('# A=1\nA=x=y\nexport B="two words"\nC=\nbad line\n')).toEqual({
      A: 'x=y',
      B: 'two words',
      C: '',
    });
  });
});

describe('publishedAddress', () => {
  it('makes a wildcard loopback', () => {
    expect(publishedAddress('0.0.0.0:4222\n[::]:4222\n')).toBe('127.0.0.1:4222');
    expect(publishedAddress('127.0.0.1:15432\n')).toBe('127.0.0.1:15432');
  });

  it('refuses a service without a port', () => {
    expect(() => publishedAddress('\n')).toThrow(RuntimeError);
  });
});

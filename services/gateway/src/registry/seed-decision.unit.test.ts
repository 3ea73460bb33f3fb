import { describe, expect, it } from 'vitest';
import { decideSeed, isLeftover, seedHash, type Registered } from './seed-decision.js';

describe('a declared host', () => {
  it.each<[string, Registered, string]>([
    ['is new', { state: 'absent' }, 'create'],
    ['stands as declared', { state: 'present', seedHash: 'h1' }, 'keep'],
    ['was declared otherwise before', { state: 'present', seedHash: 'h0' }, 'overwrite'],
    ['was added in the browser', { state: 'present', seedHash: null }, 'overwrite'],
    ['was removed in the browser', { state: 'deleted', seedHash: 'h1' }, 'stay_deleted'],
    ['was removed, and its declaration edited since', { state: 'deleted', seedHash: 'h0' }, 'create'],
    ['was added and removed in the browser', { state: 'deleted', seedHash: null }, 'create'],
  ])('that %s: %j gives %s', (_words, registered, decision) => {
    expect(decideSeed('h1', registered)).toBe(decision);
  });
});

describe('the hash of a declaration', () => {
  const input = {
    id: 'a',
    kind: 'llama-swap' as const,
    baseUrl: 'http://a',
    enabled: true,
    tags: ['x', 'y'],
  };
  it('does not depend on the order of fields, nor on fields without a value', () => {
    const other = {
      tags: ['x', 'y'],
      enabled: true,
      os: undefined,
      baseUrl: 'http://a',
      kind: 'llama-swap' as const,
      id: 'a',
    };
    expect(seedHash('file', other)).toBe(seedHash('file', input));
  });
  it('changes with any value, the order of a list, and who declares it', () => {
    const hashes = [
      seedHash('file', input),
      seedHash('flag', input),
      seedHash('file', { ...input, tags: ['y', 'x'] }),
      seedHash('file', { ...input, enabled: false }),
      seedHash('file', { ...input, label: 'A' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

it('is left over only when a demo declared it and no longer does', () => {
  const declared = new Set(['a']);
  expect(isLeftover({ id: 'a', origin: 'demo' }, declared)).toBe(false);
  expect(isLeftover({ id: 'b', origin: 'demo' }, declared)).toBe(true);
  for (const origin of ['file', 'flag', 'api'] as const)
    expect(isLeftover({ id: 'b', origin }, declared)).toBe(false);
});

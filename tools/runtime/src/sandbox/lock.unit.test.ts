import { describe, expect, it } from 'vitest';
import { idOf, notLocked, readLock } from './lock.js';
import { SANDBOX_PACKAGES } from './recipe.js';

const a = { file: 'a_1_amd64.deb', sha256: '1' };
const b = { file: 'b_1_all.deb', sha256: '2' };

describe('what the release pins', () => {
  it.each(['amd64', 'arm64'] as const)('is every package of the recipe, for %s', (architecture) => {
    const locked = readLock()[architecture];
    const names = locked.map(({ file }) => file.slice(0, file.indexOf('_'))).sort();
    expect(names).toEqual([...SANDBOX_PACKAGES].sort());
    expect(locked.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([]);
    expect(
      locked.filter(({ file }) => !file.endsWith(`_${architecture}.deb`) && !file.endsWith('_all.deb')),
    ).toEqual([]);
  });

  it('has one id whatever its order, and another with every change', () => {
    expect(idOf([a, b], 1)).toBe(idOf([b, a], 1));
    const others = [idOf([a], 1), idOf([a, b], 2), idOf([a, { ...b, sha256: '3' }], 1), idOf([a, b], 1)];
    expect(new Set(others).size).toBe(4);
  });

  it('is compared with what is there', () => {
    expect(notLocked([a, b], [b, a])).toEqual([]);
    expect(notLocked([a, { file: 'b_2_all.deb', sha256: '3' }], [a, b])).toEqual(['b_2_all.deb']);
  });
});

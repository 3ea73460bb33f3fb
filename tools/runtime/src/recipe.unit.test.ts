import { describe, expect, it } from 'vitest';
import { architectureOf } from './recipe.js';

describe('architectureOf', () => {
  it('knows Linux on amd64 and arm64 and nothing else', () => {
    expect(architectureOf('linux', 'x64')?.debian).toBe('amd64');
    expect(architectureOf('linux', 'arm64')?.libraries).toContain('aarch64');
    expect(architectureOf('linux', 'ia32')).toBeUndefined();
    expect(architectureOf('darwin', 'arm64')).toBeUndefined();
  });
});

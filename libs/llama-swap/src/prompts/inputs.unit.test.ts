import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixInputsOf } from './inputs.js';

describe('what a client says that its prompt is made of', () => {
  it('is read by name, and its values are not kept', () => {
    const inputs = prefixInputsOf('agents.md=1795338000; guidance=sha256:ab12=;docs/a-b_c=x');
    expect([...inputs.keys()]).toEqual(['agents.md', 'guidance', 'docs/a-b_c']);
    expect([...inputs.values()].join()).not.toContain('1795338000');
    expect(inputs.get('guidance')).toBe(prefixInputsOf('guidance=sha256:ab12=').get('guidance'));
    expect(inputs.get('guidance')).not.toBe(prefixInputsOf('guidance=sha256:ab13=').get('guidance'));
  });

  it('is passed over where it is not of its form, and bounded', () => {
    expect(prefixInputsOf(undefined).size).toBe(0);
    expect(prefixInputsOf(['a=1', 'b=2']).size).toBe(0);
    expect([...prefixInputsOf('=1;a=;b c=1;.d=1;e=ü;f=1;f=2;g;h=1 2;ok=1').keys()]).toEqual(['f', 'ok']);
    expect(prefixInputsOf(`a=${'x'.repeat(129)};b=1`).size).toBe(1);
    expect(prefixInputsOf(Array.from({ length: 100 }, (_, at) => `n${at}=1`).join(';')).size).toBe(32);
    expect(prefixInputsOf('a=1;'.repeat(2_000)).size).toBe(0);
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const name of prefixInputsOf(text).keys()) expect(name).toMatch(/^[A-Za-z0-9][\w./-]{0,63}$/);
      }),
    );
  });
});

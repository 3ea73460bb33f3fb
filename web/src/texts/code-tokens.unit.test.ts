import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeLines, codeTokens, languageOf, type Language } from './code-tokens';

const told = (text: string, language: Language) =>
  codeTokens(text, language).flatMap(({ kind, text: piece }) =>
    kind === 'plain' ? [] : [`${kind} ${piece}`],
  );

describe('the language of code', () => {
  it('is told by the path of a file, or by what stands behind a fence', () => {
    expect(['a/b.py', 'python', 'python lib/a.py', 'py:lib/a.py'].map(languageOf)).toEqual(
      Array.from({ length: 4 }, () => 'python'),
    );
    expect(['x.test.ts', 'TypeScript', 'tsx', 'lib/a.mjs'].map(languageOf)).toEqual(
      Array.from({ length: 4 }, () => 'script'),
    );
    expect(['', 'README.md', 'text', 'constructor'].map(languageOf)).toEqual([null, null, null, null]);
  });
});

describe('colours of code', () => {
  it('are those of Python', () => {
    expect(told(`def half(n):  # "two"\n    '''it's'''\n    return f"{n}\\"" + 1_0.5e3`, 'python')).toEqual([
      'word def',
      'name half',
      'comment # "two"',
      "text '''it's'''",
      'word return',
      'text f"{n}\\""',
      'number 1_0.5e3',
    ]);
  });
  it('are those of JavaScript and TypeScript', () => {
    expect(told('const a = `x\n${1}`; // "b\n/* c\n*/ f(0x1F, \'d)\n', 'script')).toEqual([
      'word const',
      'text `x\n${1}`',
      'comment // "b',
      'comment /* c\n*/',
      'name f',
      'number 0x1F',
      "text 'd)",
    ]);
  });
  it('leave every text as it is, in pieces and in lines', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab1 ."\'`#/*\\\n$({_'.split('')),
      maxLength: 80,
    });
    fc.assert(
      fc.property(text, fc.constantFrom('python' as const, 'script' as const, null), (code, language) => {
        const joined = (tokens: readonly { text: string }[]) => tokens.map((one) => one.text).join('');
        expect(joined(codeTokens(code, language))).toBe(code);
        expect(codeLines(code, language).map(joined).join('\n')).toBe(code);
      }),
    );
  });
});

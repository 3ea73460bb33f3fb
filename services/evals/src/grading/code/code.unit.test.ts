import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../values/equal.js';
import { readClaims } from './claims.js';
import { isExpected } from './compare.js';
import { NoTypeScript, stripTypes } from './typescript.js';

describe('comparing', () => {
  const json = fc.jsonValue({ maxDepth: 4 });

  test('is the same in both directions, and a value is like its copy', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        for (const how of [{ as: 'exact' }, { as: 'unordered' }, { as: 'text' }] as const)
          expect(isExpected(a, b, how)).toBe(isExpected(b, a, how));
        const copy: unknown = JSON.parse(JSON.stringify(a));
        expect(isExpected(a, copy)).toBe(true);
        expect(isExpected(a, copy, { as: 'close', within: 0.1 })).toBe(true);
        expect(canonical(a) === canonical(b)).toBe(isExpected(a, b));
      }),
    );
  });

  test('takes lists in any order with each member as often', () => {
    fc.assert(
      fc.property(fc.array(json), fc.infiniteStream(fc.nat()), (list, keys) => {
        const shuffled = list
          .map((value) => ({ value, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        expect(
          isExpected(
            list,
            shuffled.map(({ value }) => value),
            { as: 'unordered' },
          ),
        ).toBe(true);
        expect(isExpected([...list, 1], list, { as: 'unordered' })).toBe(false);
      }),
    );
    expect(isExpected([1, 1, 2], [1, 2, 2], { as: 'unordered' })).toBe(false);
  });

  test('takes numbers that are near, by difference or by share', () => {
    const close = { as: 'close', within: 0.01 } as const;
    expect(isExpected([{ a: 100 }], [{ a: 100.9 }], close)).toBe(true);
    expect(isExpected([{ a: 100 }], [{ a: 101.1 }], close)).toBe(false);
    expect(isExpected(0, 0.009, close)).toBe(true);
    expect(isExpected(1, '1', close)).toBe(false);
    expect(isExpected({ $float: 'NaN' }, { $float: 'NaN' }, close)).toBe(true);
    expect(isExpected(true, 1)).toBe(false);
    expect(isExpected(0, -0)).toBe(true);
    expect(isExpected('a  \r\nb\n', '\na\nb', { as: 'text' })).toBe(true);
    expect(isExpected('a b', 'a  b', { as: 'text' })).toBe(false);
  });
});

describe('what a driver tells', () => {
  const line = (text: string) => `\nkey ${text}\n`;

  test('is taken out of what was printed', () => {
    const { tests, printed } = readClaims(
      `one${line('{"t":0,"i":-1}')}two\nkey {"t":0}\n${line('{"t":0,"i":0,"value":[1]}')}${line('{"t":1,"i":-2,"end":"timeout"}')}three`,
      'key',
      2,
    );
    expect(printed).toBe('onetwothree');
    expect(tests[0]?.steps.get(0)).toEqual({ value: [1], error: null });
    expect(tests[1]?.end).toBe('timeout');
  });

  test('is not believed where something was told twice', () => {
    const twice = readClaims(line('{"t":0,"i":0,"value":1}').repeat(2), 'key', 1);
    expect(twice.tests[0]?.isGarbled).toBe(true);
    const ends = readClaims(line('{"t":0,"i":-2,"end":0}').repeat(2), 'key', 1);
    expect(ends.tests[0]?.isGarbled).toBe(true);
  });

  test('is no text that is no line of it, whatever it is', () => {
    const deep = '['.repeat(100_000);
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.json().map(line),
            fc.constantFrom(
              '\nkey ',
              'key',
              line(deep),
              line(`{"t":0,"i":0,"value":${deep}${']'.repeat(100_000)}}`),
              line('{"t":-1,"i":0}'),
              line('{"t":9,"i":0}'),
            ),
          ),
        ),
        (parts) => {
          const { tests } = readClaims(parts.join(''), 'key', 1);
          expect(tests).toHaveLength(1);
          expect(tests[0]?.steps.size).toBe(0);
        },
      ),
    );
  });
});

describe('TypeScript', () => {
  test('loses its types, and its imports name what is there', () => {
    const out = stripTypes({
      'src/a.ts':
        "import type { T } from './b';\nimport { b } from './b';\nimport c from '../c/index.js';\nexport * from './b.ts';\nimport fs from 'node:fs';\nenum E { A = 1 }\nexport class P { constructor(private x: number) {} }\nexport const f = (t: T): number => (b as number) + c + E.A + fs.constants.F_OK;",
      'src/b.ts': 'export type T = string; export const b = 1 satisfies number;',
      'c/index.ts': 'export default 2;',
      'README.md': "import './x'",
    });
    expect(Object.keys(out)).toEqual(['src/a.js', 'src/b.js', 'c/index.js', 'README.md']);
    expect(out['src/a.js']).toContain("from './b.js'");
    expect(out['src/a.js']).toContain("from '../c/index.js'");
    expect(out['src/a.js']).not.toMatch(/: (T|number)|import type/);
    expect(out['README.md']).toBe("import './x'");
  });

  test('that is none is said to be none, however it is nested', () => {
    for (const text of ['const = ;', '['.repeat(100_000), `${'a<'.repeat(5_000)}`, '(('.repeat(2_000)])
      expect(() => stripTypes({ 'a.ts': text })).toThrow(NoTypeScript);
  });
});

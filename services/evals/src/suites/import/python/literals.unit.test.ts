import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentOf, expectedOf } from './forms.js';
import { literalOf, type Literal } from './literals.js';
import { parsePython } from './tree.js';

function read(source: string): Literal {
  const [statement] = parsePython(`${source}\n`).children;
  const [expression] = statement?.name === 'ExpressionStatement' ? statement.children : [];
  if (expression === undefined) throw new Error(`no expression: ${source}`);
  return literalOf(expression);
}

type Form = { python: string; argument: unknown; expected: unknown };
const quoted = (text: string): string => `'${Array.from(text, escaped).join('')}'`;
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "'" || character === '\\') return `\\${character}`;
  if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : character;
}
const list = (forms: Form[], as: (items: unknown[]) => unknown, brackets: [string, string]): Form => ({
  python: `${brackets[0]}${forms.map(({ python }) => python).join(', ')}${brackets[1]}`,
  argument: as(forms.map(({ argument }) => argument)),
  expected: forms.map(({ expected }) => expected),
});

/** Values as Python writes them down, with the forms that they have to come to. */
const value = fc.letrec<{ value: Form }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      { python: 'None', argument: null, expected: null },
      { python: 'True', argument: true, expected: true },
      { python: 'False', argument: false, expected: false },
    ),
    fc.maxSafeInteger().map((n) => ({ python: String(n), argument: n, expected: n })),
    fc
      .bigInt({ min: 2n ** 53n, max: 2n ** 80n })
      .map((n) => ({ python: String(-n), argument: { $int: String(-n) }, expected: { $int: String(-n) } })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((n) => !Number.isInteger(n))
      .map((n) => ({ python: String(n), argument: n, expected: n })),
    fc.integer().map((n) => ({ python: `${n}.0`, argument: { $float: `${n}.0` }, expected: n })),
    fc.string({ unit: 'grapheme' }).map((text) => ({ python: quoted(text), argument: text, expected: text })),
    fc.array(tie('value'), { maxLength: 4 }).map((all) => list(all, (items) => items, ['[', ']'])),
    fc
      .array(tie('value'), { maxLength: 4 })
      .map((all) => list(all, ($tuple) => ({ $tuple }), ['(', all.length === 1 ? ',)' : ')'])),
    fc
      .dictionary(
        fc.string({ unit: 'grapheme-ascii' }).map((key) => `k${key}`),
        tie('value'),
      )
      .map((entries) => ({
        python: `{${Object.entries(entries)
          .map(([key, { python }]) => `${quoted(key)}: ${python}`)
          .join(', ')}}`,
        argument: Object.fromEntries(Object.entries(entries).map(([key, { argument }]) => [key, argument])),
        expected: Object.fromEntries(Object.entries(entries).map(([key, { expected }]) => [key, expected])),
      })),
  ),
})).value;

test('literals survive', () => {
  fc.assert(
    fc.property(value, ({ python, argument, expected }) => {
      const literal = read(python);
      expect(argumentOf(literal)).toEqual(argument);
      expect(expectedOf(literal)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

describe('texts', () => {
  test.each([
    [String.raw`"a\n\t\\\"'"`, 'a\n\t\\"\''],
    [String.raw`'\x41\101\u00e9\U0001F600\q'`, 'AAé😀\\q'],
    [String.raw`r'\n\d'`, '\\n\\d'],
    [
      String.raw`U'x' "y" '''z
'''`,
      'xyz\n',
    ],
    ['"a\\\nb"', 'ab'],
    [`"""it's"""`, "it's"],
    ["''", ''],
  ])('%s', (source, text) => expect(read(`(${source})`)).toEqual({ type: 'text', value: text }));
});

test.each([
  ['0x_ff', 255],
  ['0b101', 5],
  ['0o17', 15],
  ['1_000', 1_000],
  ['00', 0],
  ['+5', 5],
  ['-(5)', -5],
  ['1e3', 1_000],
  ['.5', 0.5],
  ['5.0', 5],
  ['set()', []],
  ['set([3, 1, 2, 1])', [1, 2, 3]],
  ['frozenset({"b", "a"})', ['a', 'b']],
  ['tuple([1, 2])', [1, 2]],
  ['float("-inf")', { $float: '-Infinity' }],
  ['1e999', { $float: 'Infinity' }],
  ['{1: "a", None: 2, True: 3}', { 1: 'a', null: 2, true: 3 }],
  ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
])('%s is expected as the driver tells it', (source, expected) =>
  expect(expectedOf(read(source))).toEqual(expected),
);

test.each([
  ['{1: 2}', { $map: [[1, 2]] }],
  ['{"$ref": 2}', { $map: [['$ref', 2]] }],
  ['{"a": (1,)}', { a: { $tuple: [1] } }],
  ['-0.0', { $float: '-0.0' }],
  ['1e300', { $float: '1e+300' }],
  ['float("inf")', { $float: 'Infinity' }],
])('%s is given as an argument that is the same in Python', (source, argument) =>
  expect(argumentOf(read(source))).toEqual(argument),
);

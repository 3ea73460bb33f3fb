import { EvalCheckSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadCheck, checkUsable, findingOf } from './checks.js';
import { characters, lines, numbers, sentences, words } from './text-measures.js';

const holds = (check: unknown, answer: string): boolean =>
  findingOf(EvalCheckSchema.parse(check), answer).passed;

test.each([
  [{ check: 'equals', values: ['Spam', 'Ham'] }, ' spam\n', 'spam!'],
  [{ check: 'equals', values: ['Spam'], ignoreCase: false }, 'Spam', 'spam'],
  [{ check: 'contains', values: ['a b', 'ü'] }, 'Ü and A B', 'a b'],
  [{ check: 'contains-any', values: ['x', 'y'] }, 'Why', 'no'],
  [{ check: 'avoids', values: ['as an AI'] }, 'Yes', 'As an ai, no'],
  [{ check: 'matches', pattern: '^\\d{4}-\\d\\d$' }, '2026-11', 'in 2026-11'],
  [{ check: 'matches', pattern: '(a+)+$', ignoreCase: false }, 'aaa', `${'a'.repeat(50_000)}b`],
  [{ check: 'words', min: 2, max: 3 }, 'one two – three', 'one two three four'],
  [{ check: 'characters', max: 4 }, 'añ👩‍👩‍👧!', 'abcde'],
  [{ check: 'lines', min: 2, max: 2 }, 'a\n\nb\n', 'a'],
  [{ check: 'sentences', max: 2 }, 'Dr. Who came, e.g. now. I ask why', 'A b. C d! E f?'],
  [{ check: 'number', value: 1234.5 }, 'First 3, then $1,234.50.', 'It is 1234.4'],
  [{ check: 'number', value: -7, within: 0.5 }, 'from 3 to −7.4', '5-7'],
  [
    { check: 'json-schema', schema: { type: 'object', required: ['a'] } },
    '```json\n{"a": 1}\n```',
    '{"b": 1}',
  ],
  [
    {
      check: 'json-schema',
      schema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'string', pattern: '^a' },
    },
    '"ab"',
    '"b"',
  ],
  [{ check: 'json-value', at: '/a/0/b~1c', equals: 'X' }, '{"a":[{"b/c":" x "}]}', '{"a":[{"b":"x"}]}'],
  [
    { check: 'json-value', at: '', equals: [1, { b: [2, 3] }], unordered: true },
    '[{"b":[3,2]},1]',
    '[1,{"b":[2,2]}]',
  ],
  [{ check: 'json-absent', at: '/a/length' }, '{"a":[1]}', '{"a":{"length":null}}'],
])('%j', (check, right, wrong) => {
  expect(holds(check, right)).toBe(true);
  expect(holds(check, wrong)).toBe(false);
});

describe('a rule that cannot be used', () => {
  test.each([
    { check: 'matches', pattern: '(?<=a)b' },
    { check: 'matches', pattern: '(' },
    { check: 'json-schema', schema: 'text' },
    { check: 'json-schema', schema: { $ref: 'https://example.org/schema.json' } },
    { check: 'json-schema', schema: { type: 'nothing of the kind' } },
    { check: 'json-schema', schema: { pattern: '(' } },
  ])('is told apart from an answer that is wrong: %j', (check) => {
    expect(() => checkUsable(EvalCheckSchema.parse(check))).toThrow(BadCheck);
  });

  test('is a schema that keeps the checker busy for ever', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => {
        const next = { $ref: `#/$defs/d${index + 1}` };
        return [`d${index}`, { anyOf: [next, { allOf: [next, next] }] }];
      }),
    );
    const schema = { $defs: { ...$defs, d60: { type: 'string' } }, $ref: '#/$defs/d0' };
    expect(() => findingOf(EvalCheckSchema.parse({ check: 'json-schema', schema }), '1')).toThrow(BadCheck);
    const endless = { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' };
    expect(() => findingOf(EvalCheckSchema.parse({ check: 'json-schema', schema: endless }), '1')).toThrow(
      BadCheck,
    );
  });

  test('is none whose names are those of every object, and code in it is not run', () => {
    const check = {
      check: 'json-schema',
      schema: {
        type: 'object',
        properties: { ['__proto__']: { type: 'string' }, '"+process.exit(1)+"': { const: 'x' } },
      },
    };
    expect(holds(check, '{"a":1}')).toBe(true);
  });
});

test('a rule reads any text without an error', () => {
  const checks = [
    { check: 'words', min: 1 },
    { check: 'sentences', min: 1 },
    { check: 'number', value: 1 },
    { check: 'json-value', at: '/a/0', equals: 1 },
    { check: 'json-schema', schema: { type: 'object' } },
  ].map((check) => EvalCheckSchema.parse(check));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      for (const check of checks) {
        const { name, expected, got } = findingOf(check, text);
        for (const said of [name, expected ?? '', got ?? '']) expect(said).not.toMatch(/\0|\p{Cs}/u);
      }
      expect([words(text), characters(text), lines(text), sentences(text)].every((count) => count >= 0)).toBe(
        true,
      );
      expect(numbers(text).every((value) => !Number.isNaN(value))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

import { ProviderInputSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complaints, type FieldWords, type Issue } from './issues';

const WORDS: Record<string, FieldWords> = {
  id: { noun: 'id' },
  baseUrl: { noun: 'address' },
  label: { noun: 'name' },
  tags: { noun: 'tags', item: 'tag' },
  apiKeyEnv: { noun: 'variable' },
};
const of = (input: object) =>
  complaints(
    ProviderInputSchema.safeParse({ id: 'a', baseUrl: 'http://a', ...input }).error?.issues ?? [],
    WORDS,
    'Not valid.',
  ).fields;

describe('what a schema complains of, beside the field', () => {
  it.each([
    [{ id: 'Not a slug' }, 'id', 'Use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends.'],
    [{ id: 'constructor' }, 'id', 'The id is reserved; use another id.'],
    [{ id: undefined }, 'id', 'Enter an id.'],
    [{ baseUrl: 'nowhere' }, 'baseUrl', 'Use an http:// or https:// address, e.g. http://192.168.1.20:8080.'],
    [{ label: 'x'.repeat(81) }, 'label', 'A name has at most 80 characters.'],
    [{ label: ' ' }, 'label', 'Enter a name.'],
    [{ label: 'a\u0007' }, 'label', 'The name must not contain control characters.'],
    [{ tags: ['x'.repeat(33)] }, 'tags', 'A tag has at most 32 characters.'],
    [{ tags: Array.from({ length: 17 }, (_, i) => `${i}`) }, 'tags', 'At most 16 tags.'],
    [
      { apiKeyEnv: 'PATH' },
      'apiKeyEnv',
      'Name an environment variable that ends in _API_KEY, e.g. TOWER_API_KEY.',
    ],
  ])('%j', (input, field, sentence) => {
    expect(of(input)[field]).toBe(sentence);
  });

  it('is never what a validator writes for programs', () => {
    const raw = fc.constantFrom(
      'Invalid string: must match pattern /^[a-z]+$/',
      'Invalid option: expected one of "a"|"b"',
      'Too big: expected string to have <=80 characters',
      'Unrecognized key: "x"',
    );
    const issue: fc.Arbitrary<Issue> = fc.record({
      path: fc.constantFrom(['id'], ['tags', 0]),
      message: raw,
      code: fc.constantFrom(undefined, 'invalid_format', 'invalid_value'),
    });
    fc.assert(
      fc.property(issue, (each) => {
        for (const text of Object.values(complaints([each], WORDS, '').fields))
          expect(text).not.toMatch(/Invalid|expected|pattern|<=/);
      }),
    );
  });

  it('is the first of each field; what has no field is said once', () => {
    const issues = [
      { path: ['id'], message: 'first' },
      { path: ['id'], message: 'second' },
      { path: ['elsewhere'], message: 'x' },
    ];
    expect(complaints(issues, WORDS, 'Not valid.')).toEqual({ fields: { id: 'First.' }, rest: null });
    expect(complaints(issues.slice(2), WORDS, 'Not valid.')).toEqual({ fields: {}, rest: 'Not valid.' });
    expect(complaints([{ path: ['toString'], message: 'x' }], WORDS, 'No.').rest).toBe('No.');
  });
});

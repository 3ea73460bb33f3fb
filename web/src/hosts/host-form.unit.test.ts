import { ProviderInputSchema, ProviderPatchSchema } from '@boocontrol/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provider } from '../../testing/hosts';
import {
  completeUrl,
  EMPTY_FORM,
  formOf,
  hostProblems,
  ofKind,
  sentProblems,
  suggestId,
  toInput,
  toPatch,
} from './host-form';

const hostname = fc.stringMatching(/^[a-z][a-z0-9]{0,10}(\.lan)?$/);
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ]{0,20}[a-z]$/);
const tags = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,10}$/), { maxLength: 4 });

describe('the id that is suggested', () => {
  it('is free, and one that the API takes, whatever was typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 90 }),
        hostname,
        fc.array(fc.nat({ max: 6 })),
        (label, host, numbers) => {
          const plain = suggestId(label, host, new Set());
          fc.pre(plain !== 'constructor');
          const taken = new Set([plain, ...numbers.map((n) => `${plain}-${n}`)]);
          const id = suggestId(label, host, taken);
          if (plain === '') return;
          expect(taken.has(id)).toBe(false);
          expect(ProviderInputSchema.safeParse({ id, baseUrl: completeUrl(host) }).error).toBeUndefined();
        },
      ),
    );
  });
  it('is made of the address when there is no name', () => {
    expect(suggestId(' ', 'https://Tower.local:8080/path', new Set())).toBe('tower');
    expect(suggestId('', 'http://', new Set())).toBe('');
    expect(suggestId('', 'not a url', new Set())).toBe('');
  });
});

describe('what the form sends', () => {
  const form = fc.record({
    baseUrl: hostname,
    label: name,
    id: fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/),
    tags: tags.map((list) => list.join(' ,')),
    apiKeyEnv: fc.constantFrom('', 'TOWER_API_KEY'),
    gpuLabel: fc.constantFrom('', 'RTX 5090'),
    kind: fc.constantFrom('llama-swap' as const, 'openai' as const, 'boocontrol-gateway' as const),
    frontier: fc.constantFrom('yes' as const, 'no' as const),
    priceInput: fc.constant(''),
    priceCached: fc.constant(''),
    priceOutput: fc.constant(''),
  });
  it('is what the API takes', () => {
    fc.assert(
      fc.property(form, (typed) => {
        expect(ProviderInputSchema.safeParse(toInput(typed)).error).toBeUndefined();
      }),
    );
  });
  it('is nothing when nothing was changed', () => {
    fc.assert(
      fc.property(name, tags, (label, list) => {
        const known = provider('tower', label, { tags: list, apiKeyEnv: 'TOWER_API_KEY', gpuLabel: 'RTX' });
        expect(toPatch(formOf(known), known)).toEqual({});
        expect(toPatch(formOf(provider('tower', label)), provider('tower', label))).toEqual({});
      }),
    );
  });
  it('makes of the host what was typed', () => {
    fc.assert(
      fc.property(form, name, tags, (typed, label, list) => {
        const before = provider('tower', label, { tags: list, apiKeyEnv: 'OLD_API_KEY' });
        const patch = toPatch({ ...typed, id: 'tower' }, before);
        expect(ProviderPatchSchema.safeParse(patch).error).toBeUndefined();
        const { apiKeyEnv, ...rest } = patch;
        const after = { ...before, ...rest, apiKeyEnv: apiKeyEnv === undefined ? 'OLD_API_KEY' : apiKeyEnv };
        expect(after).toMatchObject({
          baseUrl: completeUrl(typed.baseUrl, typed.kind),
          label: typed.label,
          tags: toInput(typed).tags,
          apiKeyEnv: typed.apiKeyEnv || null,
        });
      }),
    );
  });
  it('of a service are its kind, whose it is and its prices, with a comma or a point', () => {
    const typed = { ...EMPTY_FORM, id: 'deepseek', baseUrl: 'api.deepseek.com', gpuLabel: 'none of it' };
    const service = { ...ofKind(typed, 'openai'), priceInput: ' 0,28 ', priceOutput: '0.42' };
    expect(toInput(service)).toEqual({
      id: 'deepseek',
      kind: 'openai',
      baseUrl: 'https://api.deepseek.com',
      tags: [],
      frontier: true,
      prices: { currency: 'USD', default: { input: 0.28, output: 0.42 } },
    });
    expect(completeUrl('localhost:8000', 'openai')).toBe('http://localhost:8000');
    expect(ofKind(service, 'boocontrol-gateway').frontier).toBe('no');
  });
  it('says beside its field which price is no number', () => {
    const typed = {
      ...ofKind({ ...EMPTY_FORM, id: 'a', baseUrl: 'http://a' }, 'openai'),
      priceInput: 'cheap',
    };
    const { error } = ProviderInputSchema.safeParse(toInput(typed));
    expect(Object.keys(hostProblems(error?.issues ?? []).fields)).toEqual(['priceInput', 'priceOutput']);
  });
  it('changes the price that all have, and leaves those of single models', () => {
    const models = [{ match: '*:free', input: 0, output: 0 }];
    const known = provider('cloud', 'Cloud', {
      kind: 'openai',
      prices: { currency: 'USD', default: { input: 1, output: 2 }, models },
    });
    const form = formOf(known);
    expect(toPatch(form, known)).toEqual({});
    expect(toPatch({ ...form, priceOutput: '3', frontier: 'no' }, known)).toEqual({
      frontier: false,
      prices: { currency: 'USD', default: { input: 1, output: 3 }, models },
    });
    const emptied = { ...form, priceInput: '', priceOutput: '' };
    expect(toPatch(emptied, known).prices).toEqual({ currency: 'USD', models });
    const plain = { ...known, prices: { currency: 'USD' as const, default: { input: 1, output: 2 } } };
    expect(toPatch(emptied, plain).prices).toBeNull();
  });
  it('keeps a name that is emptied: every host has one', () => {
    const known = provider('tower', 'Tower');
    expect(toPatch({ ...formOf(known), label: '  ' }, known)).toEqual({});
  });
});

describe('what the API refuses', () => {
  const refused = (details: unknown) => sentProblems({ code: 'validation', message: 'Not taken.', details });
  it('is said beside its field, the first of each', () => {
    const details = [
      { path: 'id', message: 'is reserved' },
      { path: 'id', message: 'second' },
      { path: 'tags.0', message: 'Too big: expected string to have <=32 characters' },
    ];
    expect(refused(details)).toEqual({
      fields: { id: 'The id is reserved.', tags: 'Use at most 32 characters.' },
      rest: null,
    });
  });
  it.each([[null], ['text'], [{ path: 'id' }], [[null, 1, {}]], [[{ path: 'unknown', message: 'x' }]]])(
    'is read with care: %j',
    (details) => {
      expect(refused(details)).toEqual({ fields: {}, rest: 'Not taken.' });
    },
  );
  it('is repeated where it is meant for people', () => {
    const message = 'There is a host "a" already.';
    expect(sentProblems({ code: 'exists', message })).toEqual({ fields: { id: message }, rest: null });
    expect(sentProblems({ code: 'not_found', message: 'Gone.' })).toEqual({ fields: {}, rest: 'Gone.' });
  });
  it.each([
    ['Too small: expected string to have >=1 characters', 'This is needed.'],
    ['Too big: expected string to have <=120 characters', 'Use at most 120 characters.'],
    ['Invalid string: must match pattern /^[a-z]$/', 'This is not valid.'],
    ['use 1 to 63 of a-z, 0-9 and hyphen', 'Use 1 to 63 of a-z, 0-9 and hyphen.'],
    ['A sentence stays.', 'A sentence stays.'],
  ])('in the words of people: %s', (message, words) => {
    expect(refused([{ path: 'id', message }]).fields).toEqual({ id: words });
  });
});

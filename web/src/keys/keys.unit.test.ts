import { ApiKeyInputSchema, ApiKeyPatchSchema } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { apiKey, homeKeys } from '../../testing/keys';
import { curlOf } from './curl';
import {
  EMPTY_KEY,
  formOfKey,
  keyProblems,
  readLimit,
  readList,
  sentKeyProblems,
  suggestLabel,
  toKeyInput,
  toKeyPatch,
  type KeyForm,
} from './key-form';
import { budgetReading, budgetText, expiryText, filterKeys, keyState, limitsOf } from './state';

const NOW = Date.UTC(2026, 10, 21, 12);
const at = (ms: number): string => instantFromMs(NOW + ms);

describe('the state of a key', () => {
  it.each([
    [{}, 'active'],
    [{ expiresAt: at(1) }, 'active'],
    [{ expiresAt: at(0) }, 'expired'],
    [{ expiresAt: at(-1), disabledAt: at(-5) }, 'revoked'],
    [{ disabledAt: at(-5) }, 'revoked'],
  ])('%j: %s', (more, state) => expect(keyState(apiKey(1, more), NOW)).toBe(state));

  it.each([
    [null, 'never'],
    [at(12 * 86_400_000), 'in 12 d'],
    [at(-3_600_000), '1 h ago'],
    [at(0), 'now'],
  ])('expiry %s is "%s"', (expiresAt, text) => expect(expiryText(expiresAt, NOW)).toBe(text));

  it('is found by words, and by its state', () => {
    const keys = homeKeys(NOW);
    const ids = (text: string, state: Parameters<typeof filterKeys>[2] = null): string[] =>
      filterKeys(keys, text, state, NOW).map(({ name }) => name);
    expect(ids('qwen opencode')).toEqual(['Laptop of Ada']);
    expect(ids('revoked')).toEqual(['Old phone']);
    expect(ids('', 'expired')).toEqual(['Guest']);
    expect(ids('ada', 'expired')).toEqual([]);
  });
});

describe('the budget of a key', () => {
  const reading = (tokensThisMonth: number, monthlyTokens: number | null) =>
    budgetReading(apiKey(1, { tokensThisMonth, monthlyTokens }));
  it('is a share with numbers, and more than all of it fills the bar', () => {
    expect(reading(500, 1_000_000)).toMatchObject({ value: '500', unit: 'of 1M', level: 'normal' });
    expect(reading(800, 1000)).toMatchObject({ fraction: 0.8, level: 'high' });
    expect(reading(1300, 1000)).toMatchObject({ fraction: 1, level: 'critical' });
    expect(reading(5, null)).toBeNull();
  });
  it('is told in words', () => {
    expect(budgetText(apiKey(1, { tokensThisMonth: 1300, monthlyTokens: 1000 }))).toBe(
      '1,300 of 1,000 tokens, 130%',
    );
    expect(budgetText(apiKey(1, { tokensThisMonth: 7 }))).toBe('7 tokens, no limit');
  });
  it('has its limits beside it', () => {
    expect(limitsOf(apiKey(1, { requestsPerMinute: 60, tokensPerMinute: 200_000 }))).toEqual([
      '60/min',
      '200K tok/min',
    ]);
    expect(limitsOf(apiKey(1))).toEqual([]);
  });
});

describe('what is typed into the form', () => {
  it.each([
    ['', null],
    ['60', 60],
    ['1,000', 1000],
    ['50M', 50_000_000],
    ['1.5 k', 1500],
    ['many', Number.NaN],
    ['-1', Number.NaN],
  ])('limit "%s" is %s', (text, limit) => expect(readLimit(text)).toEqual(limit));

  it('becomes a key that the contract takes', () => {
    const form: KeyForm = {
      ...EMPTY_KEY,
      name: ' Laptop of Ada ',
      label: 'opencode',
      models: 'qwen*, tower/*,, qwen*',
      monthlyTokens: '50M',
      expiresAt: '2027-01-01T00:00',
    };
    const input = ApiKeyInputSchema.parse(toKeyInput(form));
    expect(input).toMatchObject({
      name: 'Laptop of Ada',
      models: ['qwen*', 'tower/*'],
      monthlyTokens: 50_000_000,
    });
    expect(new Date(input.expiresAt ?? 0).getTime()).toBe(new Date(2027, 0, 1).getTime());
  });

  it('changes only what differs', () => {
    const [key] = homeKeys(NOW);
    if (!key) throw new Error('no key');
    const form = formOfKey(key);
    expect(toKeyPatch(form, key)).toEqual({});
    const patch = toKeyPatch({ ...form, monthlyTokens: '', policies: [], frontier: true }, key);
    expect(ApiKeyPatchSchema.parse(patch)).toEqual({ monthlyTokens: null, policies: [], frontier: true });
  });

  it('is complained of in words beside the field', () => {
    const form = { ...EMPTY_KEY, label: 'Not A Source', requestsPerMinute: '0', tokensPerMinute: 'many' };
    const checked = ApiKeyInputSchema.safeParse(toKeyInput(form));
    expect(keyProblems(checked.error?.issues ?? []).fields).toEqual({
      name: 'Enter a name.',
      label: 'Use up to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first.',
      requestsPerMinute: 'At least 1.',
      tokensPerMinute: 'Enter a number, as 200k.',
    });
    expect(sentKeyProblems({ code: 'unavailable', message: 'The database is away.' })).toEqual({
      fields: {},
      rest: 'The database is away.',
    });
  });

  it('suggests a source for a name', () => {
    expect([suggestLabel('Laptop of Ada'), suggestLabel('Ä!')]).toEqual(['laptop-of-ada', '']);
    expect(readList('a,\n b ,')).toEqual(['a', 'b']);
  });
});

it.each([
  [[], '"model":"auto"'],
  [['direct', 'code'], '"model":"auto:code"'],
  [['direct'], '"model":"MODEL"'],
])('an example for policies %j asks for %s', (policies, model) => {
  const text = curlOf('boo_x', 'http://127.0.0.1:9503', policies);
  expect(text).toContain(model);
  expect(text).toContain('http://127.0.0.1:9503/v1/chat/completions');
  expect(text).toContain('Bearer boo_x');
});

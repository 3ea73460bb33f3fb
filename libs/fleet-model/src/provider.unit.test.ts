import { describe, expect, it, test } from 'vitest';
import { isFrontier } from './frontier.js';
import { maintenanceAt, providerAt } from './maintenance.js';
import { priceOf } from './prices.js';

describe('the price of a model', () => {
  const prices = {
    currency: 'USD' as const,
    default: { input: 1, output: 2 },
    models: [
      { match: 'deepseek-*', input: 0.28, cachedInput: 0.028, output: 0.42 },
      { match: '*', input: 5, output: 6 },
    ],
  };
  it.each([
    [
      'the first pattern that fits',
      prices,
      'DeepSeek-chat',
      { input: 0.28, cachedInput: 0.028, output: 0.42 },
    ],
    ['the next one', prices, 'gpt', { input: 5, output: 6 }],
    ['that of the provider', { ...prices, models: [] }, 'gpt', { input: 1, output: 2 }],
    ['not known', { currency: 'USD' as const, models: [] }, 'gpt', null],
    ['not said', undefined, 'gpt', null],
  ])('%s', (_what, given, model, expected) => {
    expect(priceOf(given === undefined ? {} : { prices: given }, model)).toEqual(expected);
  });
});

test('maintenance ends by the clock of whoever reads it', () => {
  const since = '2026-11-21T12:00:00.000000Z';
  const noEnd = { since, note: null };
  const until = '2026-11-21T13:00:00.500000Z';
  const atMs = Date.parse(until);
  expect(maintenanceAt({}, atMs)).toBeNull();
  expect(maintenanceAt({ maintenance: noEnd }, atMs)).toBe(noEnd);
  expect(maintenanceAt({ maintenance: { ...noEnd, until } }, atMs - 1)).toEqual({ ...noEnd, until });
  expect(maintenanceAt({ maintenance: { ...noEnd, until } }, atMs)).toBeNull();
  const provider = { id: 'tower', maintenance: { ...noEnd, until } };
  expect(providerAt(provider, atMs - 1)).toBe(provider);
  expect(providerAt(provider, atMs)).toEqual({ id: 'tower' });
});

test('a service is one of somebody else unless that is denied', () => {
  const all = (['llama-swap', 'openai', 'boocontrol-gateway'] as const).map((kind) =>
    [{ kind }, { kind, frontier: true }, { kind, frontier: false }].map(isFrontier),
  );
  expect(all).toEqual([
    [false, true, false],
    [true, true, false],
    [false, true, false],
  ]);
});

import { expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { fitting, namesOf, placesOf } from './matches';

const { providers, fleet } = homeFleet(Date.UTC(2026, 10, 21), 0);
const places = placesOf(providers, fleet.hosts);

it('patterns fit models by their names, and with their host where that is meant', () => {
  expect(namesOf(fitting(places, ['qwen3*'], false))).toEqual([
    'qwen3-32b-Q4_K_M',
    'qwen3-coder-30b-a3b-UD-Q4_K_XL',
  ]);
  expect(fitting(places, ['laptop/*'], false)).toEqual([]);
  expect(fitting(places, ['laptop/*'], true)).toEqual([
    { providerId: 'laptop', model: 'gemma-3-27b-it-Q5_K_S' },
  ]);
  expect(fitting(places, [], true)).toEqual([]);
});

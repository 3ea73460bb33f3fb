import { emptyHost, instantFromMs } from '@boocontrol/fleet-model';
import { expect, it } from 'vitest';
import { model, provider } from '../../testing/hosts';
import { hiddenModels, starredModels } from './marked-models';

const NOW = Date.UTC(2026, 10, 21, 12);
const at = instantFromMs(NOW);
const having = (id: string, ...models: string[]) => ({
  ...emptyHost(id),
  models: models.map((name) => model(name, 'stopped', NOW)),
});
const providers = [provider('tower', 'Tower'), provider('nas', 'NAS')];
const hosts = { tower: having('tower', 'both', 'a'), nas: having('nas', 'both', 'b') };
const namesOf = (...hidden: [providerId: string, model: string | null][]) => [
  ...hiddenModels(providers, hosts, {
    favorites: [],
    hidden: hidden.map(([providerId, name]) => ({ providerId, model: name, hiddenAt: at })),
  }),
];

it('a name is left out when no host shows it any more', () => {
  expect(namesOf()).toEqual([]);
  expect(namesOf(['tower', 'both'])).toEqual([]);
  expect(namesOf(['tower', 'both'], ['nas', 'both'])).toEqual(['both']);
  expect(namesOf(['nas', null])).toEqual(['b']);
  expect(namesOf(['nas', null], ['tower', 'both'])).toEqual(['both', 'b']);
});

it('a hidden name that no host has any more stays hidden', () => {
  expect(namesOf(['gone', 'old'])).toEqual(['old']);
});

it('a name is a favourite when it is one on any host', () => {
  const favorites = [{ providerId: 'nas', model: 'b', createdAt: at }];
  expect([...starredModels({ favorites, hidden: [] })]).toEqual(['b']);
  expect(starredModels(null).size).toBe(0);
});

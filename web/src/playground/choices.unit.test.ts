import type { RouteChoices } from '@boocontrol/contracts';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { modelChoices, shownModel } from './choices';
import { problemOf } from './pictures';

const { providers, fleet } = homeFleet(Date.UTC(2026, 10, 21), 0);
const hiddenAt = '2026-11-21T12:00:00.000000Z';
const marks = {
  favorites: [{ providerId: 'tower', model: 'phi-4-Q8_0', createdAt: hiddenAt }],
  hidden: [{ providerId: 'mac-studio', model: null, hiddenAt }],
};
const choices: RouteChoices = {
  policies: [{ name: 'code', choice: null, why: 'Nobody can.' }],
  speeds: [],
};
const groups = (typed = '') => modelChoices({ providers, hosts: fleet.hosts, marks, choices }, typed);

describe('what can be asked', () => {
  it('is policies, then each host with what is loaded and its favourites first, then any host', () => {
    const found = groups();
    expect(found[0]).toEqual({
      value: 'BooControl chooses',
      items: [{ key: 'auto:code', label: 'auto:code', model: 'auto:code', places: [], hint: 'Nobody can.' }],
    });
    const tower = found.find(({ value }) => value === 'Tower');
    expect(tower?.items.slice(0, 2).map(({ model }) => model)).toEqual([
      'tower/qwen3-32b-Q4_K_M',
      'tower/phi-4-Q8_0',
    ]);
    expect(found.at(-1)?.items.map(({ model }) => model)).toContain('phi-4-Q8_0');
    const names = found.map(({ value }) => value).join();
    expect(names).toContain('NAS (down)');
    expect(names).not.toMatch(/Mac Studio|Attic/);
    expect(JSON.stringify(found)).not.toContain('nomic-embed');
  });
  it('is found by words in any order, and may be anything that is typed', () => {
    expect(groups('32b tower').flatMap(({ items }) => items.map(({ model }) => model))).toEqual([
      'tower/qwen3-32b-Q4_K_M',
      '32b tower',
    ]);
    expect(groups('auto:code').at(-1)?.value).toBe('BooControl chooses');
  });
  it('is for a replay one model on one host, and for embeddings what is made for them, too', () => {
    const known = { providers, hosts: fleet.hosts, marks, choices, isExact: true };
    const exact = modelChoices(known, '');
    expect(exact.every(({ items }) => items.every(({ model }) => model.includes('/')))).toBe(true);
    expect(exact.map(({ value }) => value)).not.toContain('BooControl chooses');
    expect(modelChoices(known, 'no such model')).toEqual([]);
    expect(JSON.stringify(exact)).not.toContain('nomic-embed');
    expect(JSON.stringify(modelChoices({ ...known, isAnyKind: true }, 'nomic'))).toContain('nomic-embed');
  });
  it('is shown by its name and the host that it was asked of', () => {
    expect(shownModel('tower/org/x', providers)).toEqual({ name: 'org/x', host: 'Tower' });
    expect(shownModel('org/x', providers)).toEqual({ name: 'org/x', host: null });
  });
});

it('pictures have a type, a size and a number', () => {
  const file = { name: 'a.png', type: 'image/png', size: 10 };
  expect([problemOf(file, 0), problemOf(file, 8)]).toEqual([null, expect.stringContaining('one too many')]);
  expect(problemOf({ ...file, type: 'image/svg+xml' }, 0)).toContain('no PNG');
  expect(problemOf({ ...file, size: 6e6 }, 0)).toContain('larger than 5 MB');
});

import { emptyHost } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { homeFleet } from '../../testing/fleet';
import { provider } from '../../testing/hosts';
import { asked } from '../control/asked';
import type { Marks } from '../live/marks';
import { PAGES } from './pages';
import { paletteGroups, type Entry } from './palette';

const made = homeFleet(Date.UTC(2026, 10, 21, 12));
const command: Entry = { key: 'theme', label: 'Theme: dark', does: { run: () => undefined } };
const find = (typed: string, marks: Marks = null) =>
  paletteGroups(
    { pages: PAGES, providers: made.providers, hosts: made.fleet.hosts, marks, commands: [command] },
    typed,
  );
const labels = (typed: string, marks: Marks = null) =>
  find(typed, marks).flatMap(({ items }) => items.map(({ label }) => label));

describe('the command palette', () => {
  it('shows pages, hosts and commands before anything is typed', () => {
    expect(find('').map(({ value }) => value)).toEqual(['Pages', 'Hosts', 'Commands']);
    expect(labels('')).toEqual(expect.arrayContaining(['Fleet', 'Tower', 'Theme: dark', 'Add a host']));
  });
  it('finds a host by name and by tag', () => {
    expect(labels('tower')).toContain('Tower');
    expect(labels('hosts mac')).toEqual(['Mac Studio']);
  });
  it('finds a model, says which hosts have it, and leads to its requests', () => {
    const model = find('qwen3-32b')
      .find(({ value }) => value === 'Models')
      ?.items.find(({ label }) => label === 'qwen3-32b-Q4_K_M');
    expect(model?.hint).toMatch(/^on /);
    expect(model?.does).toEqual({ href: '/activity/?model=qwen3-32b-Q4_K_M' });
  });
  it('puts first what begins with what was typed', () => {
    const providers = [provider('a', 'Big Tower'), provider('b', 'Tower')];
    const groups = paletteGroups(
      { pages: [], providers, hosts: { a: emptyHost('a'), b: emptyHost('b') }, marks: null, commands: [] },
      'tow',
    );
    expect(groups[0]?.items.map(({ label }) => label)).toEqual(['Tower', 'Big Tower']);
  });
  it('has nothing that is hidden, and a model that another host still shows', () => {
    const hiddenAt = '2026-11-21T12:00:00.000000Z';
    const hidden = [
      { providerId: 'embedder', model: null, hiddenAt },
      { providerId: 'tower', model: 'phi-4-Q8_0', hiddenAt },
    ];
    const marks = { favorites: [], hidden };
    expect(labels('embedder', marks)).toEqual([]);
    expect(labels('bge-m3', marks)).toEqual([]);
    const phi = find('phi-4', marks)[0]?.items[0];
    expect([phi?.label, phi?.hint?.includes('Tower')]).toEqual(['phi-4-Q8_0', false]);
  });
  it('loads and unloads a model on a host, after it was asked about', () => {
    const actions = (typed: string): string[] =>
      (find(typed).find(({ value }) => value === 'Actions')?.items ?? []).map(
        ({ label, hint }) => `${label} ${hint}`,
      );
    expect(actions('load phi tower')).toEqual(['Load phi-4-Q8_0 on Tower']);
    expect(actions('unload tower')).toEqual([
      'Unload qwen3-32b-Q4_K_M on Tower',
      'Unload nomic-embed-text-v2-F16 on Tower',
      'Unload all models on Tower',
    ]);
    const first = find('load phi-4-Q8_0 tower')[0]?.items[0];
    if (!first || !('run' in first.does)) throw new Error('nothing to run');
    first.does.run();
    expect(asked.get()).toEqual({
      what: 'action',
      request: { kind: 'warm', providerId: 'tower', model: 'phi-4-Q8_0' },
    });
    asked.show(null);
    // A host that is disabled is told nothing.
    expect(labels('attic unload')).toEqual([]);
  });
  it('has favourites first among models that match alike', () => {
    const favorites = [
      { providerId: 'tower', model: 'qwen3-32b-Q4_K_M', createdAt: '2026-11-21T12:00:00.000000Z' },
    ];
    expect(labels('models qwen').indexOf('qwen3-32b-Q4_K_M')).toBeGreaterThan(0);
    expect(labels('models qwen', { favorites, hidden: [] })[0]).toBe('qwen3-32b-Q4_K_M');
  });
  it('shows no more of a group than one can read', () => {
    const providers = Array.from({ length: 300 }, (_, i) => provider(`n${i}`, `Node ${i}`));
    const groups = paletteGroups({ pages: [], providers, hosts: {}, marks: null, commands: [] }, 'node');
    expect(groups[0]?.items).toHaveLength(8);
  });
  it('finds nothing where nothing matches, and every key once', () => {
    expect(find('zzz')).toEqual([]);
    const keys = find('o').flatMap(({ items }) => items.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

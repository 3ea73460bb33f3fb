import { describe, expect, it } from 'vitest';
import { aModel, aPolicy, aWorld, NOW_MS, type WorldGiven } from '../testing/routing-world.js';
import { findModel, listModels, type ListedModel } from './model-catalog.js';

const GIVEN: WorldGiven = {
  hosts: {
    tower: {
      models: [aModel('qwen3-30b', { contextLength: 8_192, aliases: ['best'] }), 'nas/odd'],
    },
    nas: {
      models: [
        aModel('qwen3-30b', { contextLength: 32_768, state: 'stopped' }),
        aModel('secret', { unlisted: true }),
      ],
    },
    off: { models: ['gone'], provider: { enabled: false } },
    down: { models: ['asleep'], liveness: { state: 'down' } },
    attic: { models: ['old'] },
  },
  policies: [aPolicy('auto'), aPolicy('own', { models: ['nothing*'] })],
  hidden: ['attic'],
};
const list = (given = GIVEN): ListedModel[] => listModels(aWorld(given), null, NOW_MS);
const find = (id: string): ListedModel | null => findModel(aWorld(GIVEN), id, null, NOW_MS);

describe('the list of models', () => {
  it('has policies, bare names and names with their provider; not what is hidden or switched off', () => {
    expect(list().map(({ id }) => id)).toEqual([
      'auto',
      'auto:own',
      'asleep',
      'nas/odd',
      'qwen3-30b',
      'down/asleep',
      'nas/qwen3-30b',
      'tower/qwen3-30b',
      'tower/nas/odd',
    ]);
  });

  it('tells of each what there is to know before asking', () => {
    const byId = new Map(list().map((each) => [each.id, each]));
    expect(byId.get('qwen3-30b')).toMatchObject({
      object: 'model',
      owned_by: 'boocontrol',
      context_length: 32_768,
      loaded: true,
      available: true,
      providers: ['nas', 'tower'],
    });
    expect(byId.get('nas/qwen3-30b')).toMatchObject({ owned_by: 'nas', loaded: false, available: true });
    expect(byId.get('asleep')).toMatchObject({ loaded: false, available: false });
    expect(byId.get('auto')?.policy).toMatchObject({ version: 1, chooses: { provider: 'tower' } });
    expect(byId.get('auto:own')).toMatchObject({ available: false, policy: { chooses: null } });
  });

  it('of another BooControl has its policies under its name, and tells what it cannot serve now', () => {
    const models = [aModel('far'), aModel('asleep', { available: false, state: 'stopped' }), 'auto:code'];
    const given: WorldGiven = {
      hosts: { tower: { models: ['own'] }, site: { models, provider: { kind: 'boocontrol-gateway' } } },
      policies: [aPolicy('auto')],
    };
    expect(list(given).map(({ id, loaded, available }) => [id, loaded, available])).toEqual([
      ['auto', true, true],
      ['asleep', false, false],
      ['far', true, true],
      ['own', true, true],
      ['site/far', true, true],
      ['site/asleep', false, false],
      ['site/auto:code', true, true],
      ['tower/own', true, true],
    ]);
    // Whoever is a gateway itself is not told of what is behind a third one: it may be the one that asks.
    const told = listModels(aWorld(given), null, NOW_MS, true).map(({ id }) => id);
    expect(told).toEqual(['auto', 'own', 'tower/own']);
  });

  it('leaves out what a key does not allow', () => {
    const grant = { keyId: 'k', label: 'k', allows: (provider: string) => provider === 'nas' };
    const ids = listModels(aWorld(GIVEN), grant, NOW_MS).map(({ id }) => id);
    expect(ids).toEqual(['auto', 'auto:own', 'qwen3-30b', 'nas/qwen3-30b']);
  });
});

describe('one model', () => {
  it.each([
    ['best', ['tower']],
    ['old', ['attic']],
    ['attic/old', ['attic']],
    ['nas/secret', ['nas']],
    ['nas/odd', ['tower']],
    ['auto', ['tower']],
  ])('%s is found, also where lists leave it out', (id, providers) =>
    expect(find(id)).toMatchObject({ id, providers }),
  );
  it.each(['nothing', 'tower/nothing', 'auto:nothing'])('%s is not', (id) => expect(find(id)).toBe(null));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOfPolicy, readName, type Listing } from './names.js';

function listing(hosts: Record<string, string[]>): Listing {
  const lists = (id: string, model: string): boolean =>
    Object.hasOwn(hosts, id) && (hosts[id]?.includes(model) ?? false);
  return {
    hasProvider: (id) => Object.hasOwn(hosts, id),
    lists,
    isListed: (model) => Object.keys(hosts).some((id) => lists(id, model)),
  };
}

const FLEET = listing({ tower: ['qwen/qwen3-30b', 'llama', 'nas/odd'], nas: ['llama'], qwen: ['small'] });

describe('a name', () => {
  it.each([
    ['auto', { by: 'policy', policy: 'auto' }],
    ['auto:code', { by: 'policy', policy: 'code' }],
    ['auto:', { by: 'policy', policy: '' }],
    ['autopilot', { by: 'model', model: 'autopilot' }],
    ['llama', { by: 'model', model: 'llama' }],
    ['tower/llama', { by: 'provider', providerId: 'tower', model: 'llama' }],
    ['tower/qwen/qwen3-30b', { by: 'provider', providerId: 'tower', model: 'qwen/qwen3-30b' }],
    // No such model there: it is said, not found elsewhere.
    ['nas/qwen3', { by: 'provider', providerId: 'nas', model: 'qwen3' }],
    // Begins like a provider that does not list the rest, and is a model of that very name.
    ['qwen/qwen3-30b', { by: 'model', model: 'qwen/qwen3-30b' }],
    ['nas/odd', { by: 'model', model: 'nas/odd' }],
    ['tower/nas/odd', { by: 'provider', providerId: 'tower', model: 'nas/odd' }],
    ['qwen/small', { by: 'provider', providerId: 'qwen', model: 'small' }],
    ['gone/llama', { by: 'model', model: 'gone/llama' }],
    ['tower/', { by: 'model', model: 'tower/' }],
    ['/llama', { by: 'model', model: '/llama' }],
    ['constructor/llama', { by: 'model', model: 'constructor/llama' }],
  ])('%s is read', (name, asked) => expect(readName(name, FLEET)).toEqual(asked));

  it('with a provider in front leads to that provider, for every model that it lists', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    const model = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const hosts = fc.dictionary(part, fc.array(model, { minLength: 1, maxLength: 4 }), { minKeys: 1 });
    fc.assert(
      fc.property(hosts, (fleet) => {
        for (const [providerId, models] of Object.entries(fleet))
          for (const each of models)
            expect(readName(`${providerId}/${each}`, listing(fleet))).toEqual({
              by: 'provider',
              providerId,
              model: each,
            });
      }),
    );
  });

  it('of a policy is read back', () => {
    for (const policy of ['auto', 'code', 'my-own'])
      expect(readName(nameOfPolicy(policy), FLEET)).toEqual({ by: 'policy', policy });
  });
});

import { emptyHost } from '@boocontrol/fleet-model';
import { describe, expect, it } from 'vitest';
import { liveness, model, provider } from '../../testing/hosts';
import { hostOffers, modelOffers } from '../control/offers';
import { dollarsOf, serviceView } from './service';

const NOW = Date.UTC(2026, 10, 20, 12);
const cloud = provider('cloud', 'Cloud', { kind: 'openai' });
const site = provider('site', 'Site', { kind: 'boocontrol-gateway' });

describe('what there is to know of a service', () => {
  it('before anything was read of it', () => {
    expect(serviceView(cloud, emptyHost('cloud'))).toEqual({
      kind: 'OpenAI-compatible service',
      models: 'not known yet',
      list: null,
      price: null,
      keys: 'Only keys that may use frontier providers',
    });
  });
  it('is its list, what it takes and who may use it', () => {
    const models = ['a', 'b'].map((id) => model(id, 'unknown', NOW));
    const prices = {
      currency: 'USD' as const,
      default: { input: 0.28, cachedInput: 0.028, output: 0.42 },
      models: [{ match: 'a', input: 1, output: 2 }],
    };
    const host = {
      models,
      liveness: liveness('cloud', NOW, { list: { ms: 412, leftOut: 1_200 } }),
    };
    expect(serviceView({ ...cloud, frontier: false, prices }, host)).toMatchObject({
      models: '2 models, 1,200 left out',
      list: '412 ms',
      price: '$0.28 in ($0.028 cached) · $0.42 out; 1 price of single models',
      keys: 'Every key that allows its models',
    });
  });
  it('of another BooControl is what is loaded there, too', () => {
    const models = [model('a', 'ready', NOW), model('b', 'stopped', NOW)];
    expect(serviceView(site, { models, liveness: null }).models).toBe('2 models, 1 loaded');
  });
  it.each([
    [{ input: 0, output: 0 }, '$0 in · $0 out'],
    [{ input: 3, output: 15.5 }, '$3 in · $15.5 out'],
  ])('costs %o', (price, text) => expect(dollarsOf(price)).toBe(text));
});

it('nothing is offered to be done with a service but to keep it out of the routing', () => {
  for (const provider of [cloud, site]) {
    expect(hostOffers(provider).map(({ label }) => label)).toEqual(['Begin maintenance…']);
    expect(modelOffers(provider, { id: 'a', state: 'ready' }, 'a')).toEqual([]);
  }
});

import { describe, expect, it } from 'vitest';
import { gpu } from '../../testing/hosts';
import { perf } from '../../testing/hosts';
import { instruments } from '../hosts/instruments';
import { hostHref, hostOfPath } from '../hosts/address';
import { readMeter } from '../live/meters';
import { favoritesFirst, hitRate, type Figures } from './figures';

describe('the address of a host', () => {
  it.each(['tower', 'a b', 'ü/x', '100%'])('%s is found again', (id) =>
    expect(hostOfPath(hostHref(id))).toBe(id),
  );
  it.each([
    ['/', null],
    ['/hosts/', null],
    ['/hosts/tower/logs', null],
    ['/hosts/%', '%'],
    ['/hosts/tower', 'tower'],
  ])('%s is of %s', (path, id) => expect(hostOfPath(path)).toBe(id));
});

describe('the cache hit rate', () => {
  it.each([
    [{ promptTokens: 0, cacheTokens: 0 }, null],
    [{ cacheTokens: 9 }, null],
    [{ promptTokens: 200, cacheTokens: 50 }, 0.25],
  ])('%o is %s', (tokens, share) => expect(hitRate(tokens)).toBe(share));
});

describe('the figures of models', () => {
  it('have favourites first, then the most used', () => {
    const row = (model: string, requests: number) => ({ model, requests, loads: 0 }) as Figures;
    const rows = [row('a', 1), row('b', 9), row('starred', 0)];
    expect(favoritesFirst(rows, ({ model }) => model === 'starred').map(({ model }) => model)).toEqual([
      'starred',
      'b',
      'a',
    ]);
  });
});

describe('the instruments of a card', () => {
  const viewOf = (n: number) =>
    instruments(
      readMeter(
        undefined,
        perf(
          'rack',
          0,
          Array.from({ length: n }, (_, id) => gpu(id, 'NVIDIA GeForce RTX 3090', 24_576, 0.1 * id)),
          0.5,
        ),
      ),
    );
  it('have a row for each of two GPUs, and past them one for all', () => {
    expect([viewOf(0), viewOf(1), viewOf(2)].map(({ allGpus }) => allGpus)).toEqual([null, null, null]);
    const { allGpus, gpus } = viewOf(8);
    expect(gpus).toHaveLength(8);
    expect(allGpus).toMatchObject({
      name: '8 × RTX 3090',
      total: '192',
      temp: { value: '67' },
      power: { value: '1,400' },
    });
  });
});

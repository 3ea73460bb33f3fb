import { waitFor } from '@boocontrol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../testing/gateway.js';
import { World } from '../testing/world.js';

let world: World;
let gateway: TestGateway;

beforeAll(async () => {
  world = await World.create();
  gateway = await world.gateway();
  await waitFor(async () => (await gateway.get('/api/favorites')).status === 200, { what: 'the database' });
});
afterAll(() => world?.stop());

describe('favourites', () => {
  it('are kept once each, for models whose ids hold slashes', async () => {
    const paths = [
      '/api/favorites/tower/org%2Fmodel',
      '/api/favorites/tower/org/model',
      '/api/favorites/nas/a%20b%25',
    ];
    const replies = await Promise.all([...paths, ...paths].map((path) => gateway.call('PUT', path)));
    expect(replies.every(({ status }) => status === 204)).toBe(true);
    const models = async (): Promise<string[]> =>
      (await gateway.get<{ favorites: { model: string }[] }>('/api/favorites')).body.favorites
        .map(({ model }) => model)
        .sort();
    expect(await models()).toEqual(['a b%', 'org/model']);
    expect((await gateway.call('DELETE', '/api/favorites/tower/org/model')).status).toBe(204);
    expect((await gateway.call('DELETE', '/api/favorites/tower/org/model')).status).toBe(204);
    expect(await models()).toEqual(['a b%']);
  });

  it.each(['/api/favorites/TOWER/m', '/api/favorites/tower/', `/api/favorites/tower/${'m'.repeat(257)}`])(
    '%s is refused',
    async (path) => {
      expect([400, 404]).toContain((await gateway.call('PUT', path)).status);
    },
  );
});

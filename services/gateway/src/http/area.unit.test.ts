import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { guardRoot, mountArea, type Area } from './area.js';

/** As unlike the root as it can be: a key of its own, text bodies, a larger limit, errors in another form. */
const scratch: Area = {
  prefix: '/scratch',
  mount(scope) {
    scope.addHook('onRequest', async ({ headers }) => {
      if (headers['x-key'] !== 'scratch') throw new Error('no key for scratch');
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'text/plain',
      { parseAs: 'string', bodyLimit: 1_000 },
      (_request, body, done) => done(null, body),
    );
    scope.setErrorHandler((error, _request, reply) => {
      void reply.code(418).send({ scratch: error instanceof Error ? error.message : '' });
    });
    scope.post('/echo', ({ body }) => ({ echo: body }));
  },
};

let root: FastifyInstance;

beforeEach(async () => {
  root = fastify({ bodyLimit: 10 });
  await mountArea(root, scratch);
  // What the gateway adds for Nest's routes.
  guardRoot(root, async (request, reply) => {
    if (request.headers['x-key'] !== 'root') await reply.code(401).send({ root: 'no key' });
  });
  root.setErrorHandler((error, _request, reply) => {
    void reply.code(400).send({ root: error instanceof Error ? error.message : '' });
  });
  root.post('/api/echo', ({ body }) => ({ echo: body }));
  await root.ready();
});
afterEach(() => root.close());

const ask = async (url: string, key: string, type: string, payload: string) => {
  const headers = { 'x-key': key, 'content-type': type };
  const reply = await root.inject({ method: 'POST', url, headers, payload });
  return [reply.statusCode, reply.json() as unknown];
};
const longText = 'a'.repeat(500);

it('an area has its own key, content types, limit and errors', async () => {
  expect(await ask('/scratch/echo', 'scratch', 'text/plain', longText)).toEqual([200, { echo: longText }]);
  expect(await ask('/scratch/echo', 'root', 'text/plain', 'a')).toEqual([
    418,
    { scratch: 'no key for scratch' },
  ]);
  const [status] = await ask('/scratch/echo', 'scratch', 'application/json', '{}');
  expect(status).toBe(418);
  const [tooLong] = await ask('/scratch/echo', 'scratch', 'text/plain', 'a'.repeat(1_001));
  expect(tooLong).toBe(418);
});

it('the root keeps its own beside it', async () => {
  expect(await ask('/api/echo', 'root', 'application/json', '{}')).toEqual([200, { echo: {} }]);
  expect(await ask('/api/echo', 'scratch', 'application/json', '{}')).toEqual([401, { root: 'no key' }]);
  const [tooLong] = await ask('/api/echo', 'root', 'application/json', JSON.stringify({ a: longText }));
  expect(tooLong).toBe(400);
});

it('where an area has no route its own rules still hold', async () => {
  const [unknown, body] = await ask('/scratch/nothing', 'scratch', 'text/plain', 'a');
  expect([unknown, body]).toEqual([418, { scratch: 'There is no POST /scratch/nothing here.' }]);
  expect(await ask('/scratch/nothing', 'root', 'text/plain', 'a')).toEqual([
    418,
    { scratch: 'no key for scratch' },
  ]);
});

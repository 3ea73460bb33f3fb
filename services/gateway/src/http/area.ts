import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors.js';

/**
 * A part of the one port with rules of its own: who may come in, content types, body limits, the form of its errors. It is
 * a Nest provider, so it ends what it has under way in its own BeforeApplicationShutdown.
 */
export interface Area {
  /** `/v1`; empty for everything that no other area and no route of Nest answers. */
  readonly prefix: string;
  /** Adds hooks, parsers, an error handler and routes; the scope is a Fastify context that belongs to this area alone. */
  mount(scope: FastifyInstance): Promise<void> | void;
}

/** On the Fastify contexts of an area, and so on those below it. */
const OWN_RULES = Symbol('own rules');

/** What an `onRequest` hook of ours is: it answers through the reply, throws, or lets the request pass. */
export type Door = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Mounts an area. To be called before content types are added to the root, which is where Nest's routes live: a context
 * takes over those that its parent has at this moment. The whole prefix belongs to the area: where it has no route, its own
 * rules still come first and its own error handler answers.
 * @throws what the area throws while it is mounted
 */
export async function mountArea(fastify: FastifyInstance, area: Area): Promise<void> {
  await fastify.register(
    async (scope) => {
      scope.decorate(OWN_RULES, true);
      await area.mount(scope);
      if (area.prefix === '') return;
      scope.all('/*', ({ method, url }) => {
        throw new ApiError('not_found', `There is no ${method} ${url} here.`);
      });
    },
    { prefix: area.prefix },
  );
}

/** Whether a context, the `this` of a hook, is that of an area or below it. */
export function hasOwnRules(context: FastifyInstance): boolean {
  return OWN_RULES in context;
}

/** Puts a door before the routes of the root (Nest's). Fastify hands a hook of the root on to every context; areas have their own. */
export function guardRoot(fastify: FastifyInstance, door: Door): void {
  fastify.addHook('onRequest', async function (request, reply) {
    return hasOwnRules(this) ? undefined : door(request, reply);
  });
}

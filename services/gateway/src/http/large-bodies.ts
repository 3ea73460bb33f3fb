import type { FastifyInstance } from 'fastify';

/** Of routes that take more than REST usually needs; a message of the bus still holds it. */
export const LARGE_BODY_LIMIT_BYTES = 768 * 1024;

/** Marks the configuration of such a route. */
export const LARGE_BODY = { largeBody: true };

/** Lets the marked routes have them. To be called before there are routes. */
export function allowLargeBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.config !== undefined && 'largeBody' in route.config) route.bodyLimit = LARGE_BODY_LIMIT_BYTES;
  });
}

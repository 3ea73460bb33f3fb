import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toAnswer } from './api-error.filter.js';

/** REST bodies are small. */
export const BODY_LIMIT_BYTES = 256 * 1024;
/** A model id of 256 characters, each percent-encoded. */
const MAX_PARAM_LENGTH = 256 * 9;
/** For a client to send its whole request; not for us to answer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP server that everything is mounted on. */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Found before there is a route, so no filter sees it.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = toAnswer(error);
      void reply.code(status).send(body);
    },
  });
}

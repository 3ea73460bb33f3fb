import type { FastifyInstance, FastifyReply } from 'fastify';
import { pageCsp } from './headers.js';
import { docsPage } from './docs-page.js';

/** The OpenAPI document, and a page to read it. */
export function mountDocs(fastify: FastifyInstance, document: Record<string, unknown>): void {
  const html = docsPage(document);
  const page = (_request: unknown, reply: FastifyReply): FastifyReply =>
    reply.header('content-security-policy', pageCsp(html)).type('text/html; charset=utf-8').send(html);
  fastify.get('/api/docs', page);
  fastify.get('/api/docs/', page);
  fastify.get('/api/openapi.json', (_request, reply) => reply.send(document));
}

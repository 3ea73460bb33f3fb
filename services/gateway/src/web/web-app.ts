import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Guard } from '../edge/guard.js';
import type { Area } from '../http/area.js';
import { sendError } from '../http/api-error.filter.js';
import { ApiError } from '../http/errors.js';
import { pageCsp } from '../http/headers.js';
import { isApi, pathOf } from '../http/path.js';
import { ExportIndex, type WebFile } from './export-index.js';
import { loginPage, missingPage, notFoundPage } from './pages.js';

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': pageCsp(html), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(html);
}

/** The web app, and what answers where nothing else does. */
@Injectable()
export class WebApp implements Area {
  readonly prefix = '';

  constructor(
    @Inject(ExportIndex) private readonly index: ExportIndex,
    @Inject(Guard) private readonly guard: Guard,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async mount(scope: FastifyInstance): Promise<void> {
    scope.addHook('onRequest', this.guard.door);
    scope.setErrorHandler((error, _request, reply) => {
      reply.headers(rangeOf(error));
      sendError(error, reply, this.log);
    });
    // No page reads a body, so none is parsed: a path that is not there is told as that, whatever came with the question.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    await scope.register(fastifyStatic, {
      root: this.index.dir,
      serve: false,
      suppressWarning: true,
      // The copies that the web app's build makes (a.js.br, a.js.gz). They have entity tags of their own, by their size.
      preCompressed: true,
    });
    const handle = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      this.handle(request, reply);
    scope.all('/', handle);
    scope.all('/*', handle);
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { index } = this;
    const path = pathOf(request.raw.url ?? '/');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isApi(path) || !isRead)
      throw new ApiError('not_found', `There is no ${request.method} ${path} here.`);
    const found = index.find(path);
    if (found !== null) return sendFile(reply, found);
    if (path === '/login' || path === '/login/') return sendPage(reply, 200, loginPage);
    if (!index.isBuilt) return sendPage(reply, 503, missingPage);
    const notFound = index.find('/404.html');
    // Not by sendFile: it answers 200, or 304 to a page that the browser has.
    return sendPage(
      reply,
      404,
      notFound === null ? notFoundPage : await readFile(join(index.dir, notFound.file), 'utf8'),
    );
  }
}

/** What a range beyond the end of a file is answered with: how long the file is (RFC 9110, 15.5.17). */
function rangeOf(error: unknown): Record<string, string> {
  const { headers } = error as { headers?: Record<string, string> };
  const range = headers?.['Content-Range'];
  return range === undefined ? {} : { 'content-range': range };
}

function sendFile(reply: FastifyReply, { file, csp, cacheControl }: WebFile): FastifyReply {
  reply.header('cache-control', cacheControl);
  if (csp !== null) reply.header('content-security-policy', csp);
  return reply.sendFile(file, { cacheControl: false });
}

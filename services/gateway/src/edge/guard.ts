import type { IncomingMessage } from 'node:http';
import { CONFIG } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import type { Door } from '../http/area.js';
import { ApiError } from '../http/errors.js';
import { isApi, pathOf } from '../http/path.js';
import { allowedHosts, judge, type AccessPolicy, type Verdict } from './access.js';
import { API_CSP, securityHeaders } from '../http/headers.js';
import { hasSession, isAuthenticated } from './session.js';

/** The door: who may address us, from where, and with what key; for requests and socket handshakes alike. */
@Injectable()
export class Guard {
  private readonly policy: AccessPolicy;
  private readonly token: string | undefined;

  constructor(@Inject(CONFIG) config: GatewayConfig) {
    const { BOOCONTROL_HOST: host, BOOCONTROL_ALLOWED_HOSTS: extra, BOOCONTROL_ADMIN_TOKEN: token } = config;
    this.token = token;
    this.policy = { hosts: allowedHosts(host, extra), tokenNeeded: token !== undefined };
  }

  isAuthenticated({ headers }: IncomingMessage): boolean {
    return isAuthenticated(headers, this.token, Date.now());
  }

  judge(request: IncomingMessage, handshake = false): Verdict {
    const { headers, method = 'GET', url = '/' } = request;
    const site = headers['sec-fetch-site'];
    return judge(
      {
        method,
        path: pathOf(url),
        host: hostOf(request),
        origin: headers.origin,
        fetchSite: typeof site === 'string' ? site : undefined,
        authenticated: this.isAuthenticated(request),
      },
      this.policy,
      handshake,
    );
  }

  /**
   * The door of /v1, which is for programs: they come with a key of their own or, on loopback, with none. Pages of other
   * origins may not even read there.
   */
  judgeProgram(request: IncomingMessage): Verdict {
    const { headers, method = 'GET', url = '/' } = request;
    const site = headers['sec-fetch-site'];
    return judge(
      {
        method,
        path: pathOf(url),
        host: hostOf(request),
        origin: headers.origin,
        fetchSite: typeof site === 'string' ? site : undefined,
        authenticated: true,
      },
      this.policy,
      true,
    );
  }

  /**
   * Whether one of our own pages asks /v1, in a browser that has logged in: it needs no key. Asked once judgeProgram has
   * let it pass. The cookie is not enough, since browsers add it by themselves; the request has to say that it comes from
   * this origin, and to be JSON, which a form cannot send.
   */
  isOwnPage({ headers, method = 'GET' }: IncomingMessage): boolean {
    const isSameOrigin = headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin';
    return (
      isSameOrigin && !hasForeignBody({ headers, method }) && hasSession(headers, this.token, Date.now())
    );
  }

  /** The door of the API and of the web app: runs before everything else of their requests. */
  readonly door: Door = async (request, reply) => {
    const path = pathOf(request.raw.url ?? '/');
    reply.headers(securityHeaders);
    if (isApi(path)) reply.headers({ 'content-security-policy': API_CSP, 'cache-control': 'no-store' });
    const verdict = this.judge(request.raw);
    if (!verdict.pass) return refuse(request, reply, path, verdict);
    if (hasForeignBody(request)) {
      throw new ApiError('unsupported_media_type', 'Send JSON with "Content-Type: application/json".');
    }
    return undefined;
  };
}

/** Of two Host headers (RFC 9112, 3.2: an error) whoever is before us may have meant the other one: then there is none. */
function hostOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  const isHost = (part: string, at: number): boolean => at % 2 === 0 && part.toLowerCase() === 'host';
  return rawHeaders.filter(isHost).length > 1 ? undefined : headers.host;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  { code, message }: Extract<Verdict, { pass: false }>,
): FastifyReply {
  const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (code === 'unauthorized' && wantsPage && (!isApi(path) || path === '/api/docs')) {
    return reply.redirect(`/login/?next=${encodeURIComponent(request.raw.url ?? '/')}`, 302);
  }
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="BooControl"');
  const error = new ApiError(code, message);
  return reply.code(error.status).send(error.body);
}

/** A form of another site can send other types without asking first; JSON it cannot. */
function hasForeignBody({ headers, method }: Pick<FastifyRequest, 'headers' | 'method'>): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

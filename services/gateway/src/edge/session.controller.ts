import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CONFIG } from '@boocontrol/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayConfig } from '../config.js';
import { ApiError } from '../http/errors.js';
import { BodyOf, Route } from '../http/route.js';
import { Guard } from './guard.js';
import { RateLimit } from './rate-limit.js';
import { mintSession, sameSecret, sessionCookie } from './session.js';

const SessionSchema = z
  .object({
    required: z.boolean().describe('An admin token is set, so the API and the app need it'),
    authenticated: z
      .boolean()
      .describe('This request came with the token or a session; true when none is needed'),
  })
  .meta({ id: 'Session' });
const LoginSchema = z
  .strictObject({ token: z.string().min(1).max(512).describe('The admin token') })
  .meta({ id: 'Login' });

/** Wrong tokens are guesses. */
const ATTEMPTS = 10;
const ATTEMPTS_WINDOW_MS = 60_000;

@Controller('api/session')
export class SessionController {
  private readonly attempts = new RateLimit(ATTEMPTS, ATTEMPTS_WINDOW_MS);

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(Guard) private readonly guard: Guard,
  ) {}

  @Route({
    method: 'get',
    path: '',
    tag: 'session',
    summary: 'Whether a token is needed, and whether this caller is in',
    status: 200,
    response: SessionSchema,
    responseDescription: 'The state of this caller',
    errors: [],
  })
  state(@Req() request: FastifyRequest): z.infer<typeof SessionSchema> {
    const required = this.config.BOOCONTROL_ADMIN_TOKEN !== undefined;
    return { required, authenticated: this.guard.isAuthenticated(request.raw) };
  }

  @Route({
    method: 'post',
    path: '',
    tag: 'session',
    summary: 'Log in: exchange the admin token for a session cookie',
    description:
      'At most 10 attempts a minute from one address. The cookie is HttpOnly and SameSite=Strict, and lasts 30 days.',
    status: 200,
    response: SessionSchema,
    responseDescription: 'Logged in; the cookie is set',
    errors: ['validation', 'wrong_token', 'rate_limited'],
  })
  logIn(
    @BodyOf(LoginSchema) { token }: z.infer<typeof LoginSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): z.infer<typeof SessionSchema> {
    const { BOOCONTROL_ADMIN_TOKEN: right } = this.config;
    if (right === undefined) return { required: false, authenticated: true };
    const now = Date.now();
    if (!this.attempts.take(request.ip, now)) {
      throw new ApiError('rate_limited', 'Too many attempts; wait a minute.');
    }
    if (!sameSecret(token, right)) throw new ApiError('wrong_token', 'This is not the admin token.');
    const secure = (request.headers.origin ?? '').startsWith('https:');
    reply.header('set-cookie', sessionCookie(mintSession(right, now), secure));
    return { required: true, authenticated: true };
  }

  @Route({
    method: 'delete',
    path: '',
    tag: 'session',
    summary: 'Log out: remove the session cookie',
    status: 204,
    responseDescription: 'The cookie is removed',
    errors: [],
  })
  logOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    reply.header('set-cookie', sessionCookie(null, (request.headers.origin ?? '').startsWith('https:')));
  }
}

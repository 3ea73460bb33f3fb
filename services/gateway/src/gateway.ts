import { createRequire } from 'node:module';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { LiveFleet, pause, type Platform, type ServiceOptions } from '@boocontrol/platform';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from './config.js';
import { controllers, createParts, GatewayModule, type Parts } from './gateway.module.js';
import { ApiError } from './http/errors.js';
import { ApiErrorFilter, toAnswer } from './http/api-error.filter.js';
import { mountDocs } from './http/docs.routes.js';
import { openApiDocument } from './http/openapi.js';
import { ControlIoAdapter } from './live/io.adapter.js';
import { readDeclarations } from './registry/declarations.js';
import type { Declaration } from './registry/seed-decision.js';
import { seedRegistry } from './registry/seeder.js';
import { mountWeb } from './web/web.routes.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** REST bodies are small; inference, later, has its own limit. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** A model id of 256 characters, each percent-encoded. */
const MAX_PARAM_LENGTH = 256 * 9;
/** For a client to send its whole request; not for us to answer. */
const REQUEST_TIMEOUT_MS = 30_000;
const SEED_AGAIN_MS = 1_000;

/**
 * The gateway as a service of the platform. Thrown: FleetFileError when boocontrol.yaml or BOOCONTROL_SEED is not usable.
 */
export function gatewayService(config: GatewayConfig): ServiceOptions<GatewayConfig> {
  const declarations = readDeclarations(config.BOOCONTROL_CONFIG, config.BOOCONTROL_SEED);
  let parts: Parts | undefined;
  return {
    name: 'gateway',
    config,
    adapter: new FastifyAdapter({
      bodyLimit: BODY_LIMIT_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
      // Found before there is a route, so no filter sees it.
      frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
        const { status, body } = toAnswer(error);
        void reply.code(status).send(body);
      },
    }),
    module: (platform) => GatewayModule.of((parts = createParts(platform))),
    onApp: async (app, platform) => {
      if (parts !== undefined) await assemble(app, platform, parts, declarations);
    },
  };
}

async function assemble(
  app: NestFastifyApplication,
  platform: Platform<GatewayConfig>,
  parts: Parts,
  declarations: readonly Declaration[],
): Promise<void> {
  const { guard, registry, hub, database, web, webDir } = parts;
  const { health, log, shutdown } = platform;
  const fleet = app.get(LiveFleet);
  const fastify = app.getHttpAdapter().getInstance();
  guard.mount(fastify);
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT_BYTES }, parseJson);
  mountDocs(fastify, openApiDocument(controllers, version));
  await mountWeb(fastify, web, webDir);
  // Errors of Nest's routes and of the root; a later /v1 is a Fastify context with an error handler of its own.
  app.useGlobalFilters(new ApiErrorFilter(log));
  app.useWebSocketAdapter(new ControlIoAdapter(app, (request) => guard.judge(request, true)));

  const check = (trouble: string | null): { status: 'up' | 'down'; detail?: string } =>
    trouble === null ? { status: 'up' } : { status: 'down', detail: trouble };
  health.register('fleet', () => check(fleet.trouble));
  health.register('registry', () => check(registry.trouble));

  database.start();
  hub.follow(fleet);
  registry.start();
  const seeding = seedWhenRead(parts, platform, declarations);

  shutdown.onDrain('accept no more', () => {
    app.getHttpServer().close();
  });
  shutdown.onDrain('sockets', () => hub.stop());
  shutdown.onDrain('followers', async () => {
    seeding.stop();
    await Promise.all([registry.stop(), database.stop()]);
  });
}

/** No body at all is fine where none is read, whatever type its sender claims. */
function parseJson(
  _request: unknown,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  if (body.length === 0) return done(null);
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    done(new ApiError('bad_request', `The body is not JSON: ${why}`));
  }
}

/** The declarations go into the registry once it has been read; the bus may be away just then. */
function seedWhenRead(
  { registry, store }: Parts,
  { log }: Platform,
  declarations: readonly Declaration[],
): { stop: () => void } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { providers } = registry;
      try {
        if (providers !== null) return await seedRegistry(store, declarations, providers, log);
      } catch (error) {
        log.warn({ err: error }, 'the declared hosts are not in the registry yet, trying again');
      }
      await pause(providers === null ? 20 : SEED_AGAIN_MS, stopping.signal);
    }
  };
  void run();
  return { stop: () => stopping.abort() };
}

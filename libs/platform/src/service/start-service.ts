import 'reflect-metadata';
import { createRequire } from 'node:module';
import { subjects } from '@boocontrol/contracts';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { busState, connectBus } from '../bus/connect.js';
import { JetStreamSetup } from '../bus/jetstream-setup.js';
import { PipelinedPublisher } from '../bus/publisher.js';
import type { BaseConfig } from '../config/config.js';
import { createLogger } from '../logs/logger.js';
import { NestLogger } from '../logs/nest-logger.js';
import { RpcClient } from '../rpc/client.js';
import { SERVE } from '../rpc/serve.js';
import { BusServer } from '../rpc/server.js';
import { HealthRegistry } from '../health/health.js';
import { metricsRegistry } from '../metrics/metrics.js';
import { DecoratedMethods } from './decorated-methods.js';
import { PlatformModule, type Platform } from './platform.module.js';

export interface ServiceOptions<C extends BaseConfig> {
  /** Of the service: its name in logs, health, the bus's connection list, and the queue group of its replicas. */
  name: string;
  config: C;
  /** The Nest module. What the platform makes can be injected in it: see tokens.ts and PlatformModule. */
  module: Type | DynamicModule;
  /** Only for a service whose port is more than /health and /metrics. */
  http?: HttpOptions;
}

export interface HttpOptions {
  adapter: FastifyAdapter;
  /** Runs before the app initialises and listens: body parsers, the sockets' adapter, routes ahead of Nest's. */
  mount: (app: NestFastifyApplication) => Promise<void> | void;
}

export interface RunningService<C extends BaseConfig> {
  app: NestFastifyApplication;
  platform: Platform<C>;
  /** `http://127.0.0.1:41234`. */
  url: string;
  /** Drains and closes everything; resolves when done. A second call waits for the first. */
  stop: () => Promise<void>;
}

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

async function createPlatform<C extends BaseConfig>(name: string, config: C): Promise<Platform<C>> {
  const { SERVICE_INSTANCE: instance, LOG_LEVEL: level } = config;
  const log = createLogger(name, { level, instance });
  const nc = await connectBus({ url: config.NATS_URL, name: `${name}-${instance}`, log });
  const setup = new JetStreamSetup(nc);
  try {
    await setup.ensure();
  } catch (error) {
    await nc.close();
    throw error;
  }
  const health = new HealthRegistry({
    service: name,
    instance,
    version,
    startedAt: new Date().toISOString(),
  });
  health.register('bus', () => {
    const { connected, since } = busState(nc);
    return connected ? { status: 'up', since } : { status: 'down', since, detail: 'reconnecting to NATS' };
  });
  return {
    name,
    config,
    log,
    nc,
    health,
    setup,
    publisher: new PipelinedPublisher(nc, { onNoStream: () => setup.ensure() }),
    rpc: new RpcClient(nc),
  };
}

function mountPublicRoutes(app: NestFastifyApplication, { health, nc }: Platform): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/health', async (_request, reply) => {
    const report = await health.report();
    return reply.code(health.isReady ? 200 : 503).send(report);
  });
  fastify.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metricsRegistry.contentType).send(await metricsRegistry.metrics()),
  );
  // No queue group: every process answers for itself.
  nc.subscribe(subjects.health, {
    callback: (error, msg) => {
      if (error === null) void health.report().then((report) => msg.respond(JSON.stringify(report)));
    },
  });
}

/**
 * Connects the bus, makes its streams and buckets, starts the Nest app and listens. It touches nothing of the process
 * (signals, exit): bootstrap() does. Thrown: whatever keeps it from starting, with everything closed again.
 */
export async function startService<C extends BaseConfig>(
  options: ServiceOptions<C>,
): Promise<RunningService<C>> {
  const platform = await createPlatform(options.name, options.config);
  const { log, config, health } = platform;
  let app: NestFastifyApplication | undefined;
  let server: BusServer | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(
      { module: RootModule, imports: [PlatformModule.of(platform), options.module] },
      options.http?.adapter ?? new FastifyAdapter(),
      { logger: new NestLogger(log), abortOnError: false },
    );
    mountPublicRoutes(app, platform);
    await options.http?.mount(app);
    if (app.get(DecoratedMethods).find(SERVE).length > 0) {
      server = new BusServer(config.NATS_URL, options.name);
      app.connectMicroservice({ strategy: server });
      await app.startAllMicroservices();
    }
    // Subscriptions travel without an answer; after a flush the server has them, so "ready" means that requests arrive.
    await Promise.all([platform.nc.flush(), server?.unwrap<NatsConnection>().flush()]);
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    await app?.close();
    await closeBus(platform);
    throw error;
  }
  health.setReady(true);
  const url = await app.getUrl();
  log.info({ url, version }, `${options.name} is up`);
  const running = app;
  let stopped: Promise<void> | undefined;
  return { app, platform, url, stop: () => (stopped ??= stop(running, platform, server)) };
}

class RootModule {}

/** Requests first, because they still use the rest; then the service's own work, then what both needed. */
async function stop(
  app: NestFastifyApplication,
  platform: Platform,
  server: BusServer | undefined,
): Promise<void> {
  const { health, log } = platform;
  health.setReady(false);
  await server
    ?.drain()
    .catch((error: unknown) => log.warn({ err: error }, 'the RPC connection did not drain'));
  await app.close();
  await closeBus(platform);
  log.info('stopped');
}

async function closeBus({ nc, publisher, log }: Platform): Promise<void> {
  await publisher.drain(); // Bounded by its own timeouts.
  publisher.close();
  if (nc.isClosed()) return;
  // Draining waits for the server; without one, close.
  if (busState(nc).connected)
    await nc.drain().catch((error: unknown) => log.warn({ err: error }, 'the bus did not drain'));
  else await nc.close();
}

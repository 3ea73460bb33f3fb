import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ActionsController } from './actions/actions.controller.js';
import { ProfilesController } from './actions/profiles.controller.js';
import { DispatchesController } from './dispatches/dispatches.controller.js';
import { DryRunController } from './dry-run/dry-run.controller.js';
import { BenchBaselinesController } from './bench/baselines.controller.js';
import { BenchExportController } from './bench/export.controller.js';
import { BenchFiguresController } from './bench/figures.controller.js';
import { BenchRunsController } from './bench/runs.controller.js';
import { BenchSchedulesController } from './bench/schedules.controller.js';
import { BenchSuitesController } from './bench/suites.controller.js';
import { SessionController } from './edge/session.controller.js';
import { Guard } from './edge/guard.js';
import { EvalBoardController } from './evals/board.controller.js';
import { EvalExportController } from './evals/export.controller.js';
import { EvalRunsController } from './evals/runs.controller.js';
import { EvalSamplesController } from './evals/samples.controller.js';
import { EvalSuitesController } from './evals/suites.controller.js';
import { FavoritesController } from './marks/favorites.controller.js';
import { FleetController } from './fleet/fleet.controller.js';
import { HealthController } from './health/health.controller.js';
import { HiddenController } from './marks/hidden.controller.js';
import { ActivityExportController } from './history/activity-export.controller.js';
import { HistoryController } from './history/history.controller.js';
import { BODY_LIMIT_BYTES } from './http/adapter.js';
import { guardRoot, mountArea } from './http/area.js';
import { compressRoot } from './http/compression.js';
import { mountDocs } from './http/docs.routes.js';
import { parseJson } from './http/json-body.js';
import { allowLargeBodies } from './http/large-bodies.js';
import { openApiDocument } from './http/openapi.js';
import { answerUpgrades } from './http/upgrades.js';
import { JobsController } from './jobs/jobs.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { LeasesController } from './leases/leases.controller.js';
import { ControlIoAdapter, SOCKET_PATH } from './live/io.adapter.js';
import { LogsController } from './logs/logs.controller.js';
import { PoliciesController } from './policies/policies.controller.js';
import { PromptCacheController } from './prompt-cache/prompt-cache.controller.js';
import { MaintenanceController } from './registry/maintenance.controller.js';
import { ProvidersController } from './registry/providers.controller.js';
import { ExplainController } from './routing/explain.controller.js';
import { UnderWayController } from './under-way/under-way.controller.js';
import { ScoresController } from './scores/scores.controller.js';
import { InferenceArea } from './v1/inference-area.js';
import { WebApp } from './web/web-app.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** In the order of the API's documentation. */
const DOCUMENTED = [
  HealthController,
  SessionController,
  FleetController,
  ActivityExportController,
  HistoryController,
  LogsController,
  ProvidersController,
  MaintenanceController,
  ActionsController,
  ProfilesController,
  LeasesController,
  JobsController,
  BenchSuitesController,
  BenchRunsController,
  BenchExportController,
  BenchBaselinesController,
  BenchSchedulesController,
  BenchFiguresController,
  EvalSuitesController,
  EvalRunsController,
  EvalSamplesController,
  EvalExportController,
  EvalBoardController,
  DispatchesController,
  PromptCacheController,
  KeysController,
  PoliciesController,
  ExplainController,
  DryRunController,
  UnderWayController,
  ScoresController,
  FavoritesController,
  HiddenController,
];

/** The one port: what stands before Nest's routes and beside them. */
@Injectable()
export class HttpServer implements BeforeApplicationShutdown {
  constructor(
    @Inject(Guard) private readonly guard: Guard,
    @Inject(WebApp) private readonly web: WebApp,
    @Inject(InferenceArea) private readonly inference: InferenceArea,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** To be called once, before the app listens. */
  async mount(app: NestFastifyApplication): Promise<void> {
    const fastify = app.getHttpAdapter().getInstance();
    // Areas first: the content types of the root are for the API, which is Nest's.
    await mountArea(fastify, this.inference);
    await mountArea(fastify, this.web);
    guardRoot(fastify, this.guard.door);
    compressRoot(fastify);
    allowLargeBodies(fastify);
    app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT_BYTES }, parseJson);
    mountDocs(fastify, openApiDocument(DOCUMENTED, version));
    answerUpgrades(this.host.httpAdapter.getHttpServer() as Server, SOCKET_PATH);
    app.useWebSocketAdapter(new ControlIoAdapter(app, (request) => this.guard.judge(request, true)));
  }

  /** No new connections; requests that are under way are finished. */
  beforeApplicationShutdown(): void {
    this.host.httpAdapter.getHttpServer().close();
  }
}

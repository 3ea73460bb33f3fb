import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ActionsModule } from './actions/actions.module.js';
import { BenchModule } from './bench/bench.module.js';
import { EvalsModule } from './evals/evals.module.js';
import { GatewayDatabaseModule } from './database/database.module.js';
import { DirectPromptsModule } from './direct-prompts/direct-prompts.module.js';
import { DispatchPrefixes1763769600001 } from './dispatches/dispatch-prefixes.migration.js';
import { Dispatches1763760000002 } from './dispatches/dispatches.migration.js';
import { DispatchesModule } from './dispatches/dispatches.module.js';
import { DryRunModule } from './dry-run/dry-run.module.js';
import { EdgeModule } from './edge/edge.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { HealthModule } from './health/health.module.js';
import { HistoryModule } from './history/history.module.js';
import { ApiErrorFilter } from './http/api-error.filter.js';
import { HttpServer } from './http-server.js';
import { JobsModule } from './jobs/jobs.module.js';
import { Keys1763760000001 } from './keys/keys.migration.js';
import { KeysModule } from './keys/keys.module.js';
import { LeasesModule } from './leases/leases.module.js';
import { LiveModule } from './live/live.module.js';
import { LogsModule } from './logs/logs.module.js';
import { Favorites1763650100001 } from './marks/favorites.migration.js';
import { Hidden1763746000000 } from './marks/hidden.migration.js';
import { MarksModule } from './marks/marks.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RoutePolicies1763756000001 } from './policies/policies.migration.js';
import { PrefixDrifts1763769600002 } from './prompt-cache/drifts.migration.js';
import { DirectPrompts1763769600003 } from './prompt-cache/direct-prompts.migration.js';
import { PromptCacheModule } from './prompt-cache/prompt-cache.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RemovedHosts1763735000001 } from './registry/removed-hosts.migration.js';
import type { Declaration } from './registry/seed-decision.js';
import { RoutingModule } from './routing/routing.module.js';
import { UnderWayModule } from './under-way/under-way.module.js';
import { V1Module } from './v1/v1.module.js';
import { WebModule } from './web/web.module.js';

@Module({})
export class GatewayModule {
  /** @param declarations hosts of the fleet file and the flags */
  static of(declarations: readonly Declaration[]): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        GatewayDatabaseModule.forRoot([
          Favorites1763650100001,
          RemovedHosts1763735000001,
          Hidden1763746000000,
          RoutePolicies1763756000001,
          Keys1763760000001,
          Dispatches1763760000002,
          DispatchPrefixes1763769600001,
          PrefixDrifts1763769600002,
          DirectPrompts1763769600003,
        ]),
        RegistryModule.forRoot(declarations),
        EdgeModule,
        WebModule,
        HealthModule,
        FleetModule,
        HistoryModule,
        ActionsModule,
        LeasesModule,
        JobsModule,
        BenchModule,
        EvalsModule,
        KeysModule,
        DispatchesModule,
        PromptCacheModule,
        DirectPromptsModule,
        MarksModule,
        RoutingModule,
        DryRunModule,
        LiveModule,
        LogsModule,
        V1Module,
        UnderWayModule,
        MetricsModule,
      ],
      // Errors of Nest's routes and of the root.
      providers: [HttpServer, { provide: APP_FILTER, useClass: ApiErrorFilter }],
    };
  }
}

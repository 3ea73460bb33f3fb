import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LiveFleetModule, type Platform } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import type { GatewayConfig } from './config.js';
import { Guard } from './edge/guard.js';
import { SessionController } from './edge/session.controller.js';
import { GatewayDatabase } from './favorites/database.js';
import { FavoritesController } from './favorites/favorites.controller.js';
import { FleetController } from './fleet/fleet.controller.js';
import { HealthController } from './health/health.controller.js';
import { HistoryController } from './history/history.controller.js';
import type { DocumentedController } from './http/openapi.js';
import { ControlGateway } from './live/control.gateway.js';
import { Hub } from './live/hub.js';
import { ProviderStore } from './registry/provider.store.js';
import { ProvidersController } from './registry/providers.controller.js';
import { Providers } from './registry/providers.service.js';
import { Registry } from './registry/registry.js';
import { ExportIndex } from './web/export-index.js';

export const controllers: readonly DocumentedController[] = [
  { prefix: 'api/health', type: HealthController },
  { prefix: 'api/session', type: SessionController },
  { prefix: 'api/fleet', type: FleetController },
  { prefix: 'api', type: HistoryController },
  { prefix: 'api/providers', type: ProvidersController },
  { prefix: 'api/favorites', type: FavoritesController },
];

/** The parts, wired by hand: what reaches whom is in one place. */
export interface Parts {
  guard: Guard;
  store: ProviderStore;
  registry: Registry;
  providers: Providers;
  hub: Hub;
  database: GatewayDatabase;
  web: ExportIndex;
  webDir: string;
}

const DEFAULT_WEB_DIR = fileURLToPath(new URL('../../../web/out', import.meta.url));

export function createParts({ config, log, nc }: Platform<GatewayConfig>): Parts {
  const webDir = resolve(config.BOOCONTROL_WEB_DIR ?? DEFAULT_WEB_DIR);
  const store = new ProviderStore(nc);
  const registry = new Registry(nc, log, () => hub.onProviders());
  const providers = new Providers(store, registry);
  const hub = new Hub({ nc, log, providers: () => providers.list() });
  const database = new GatewayDatabase({ url: config.DATABASE_URL, log });
  return {
    guard: new Guard(config),
    store,
    registry,
    providers,
    hub,
    database,
    web: new ExportIndex(webDir),
    webDir,
  };
}

@Module({})
export class GatewayModule {
  static of({ guard, providers, hub, database, web }: Parts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [LiveFleetModule],
      controllers: [
        HealthController,
        SessionController,
        FleetController,
        HistoryController,
        ProvidersController,
        FavoritesController,
      ],
      providers: [
        ControlGateway,
        { provide: Guard, useValue: guard },
        { provide: Providers, useValue: providers },
        { provide: Hub, useValue: hub },
        { provide: GatewayDatabase, useValue: database },
        { provide: ExportIndex, useValue: web },
      ],
    };
  }
}

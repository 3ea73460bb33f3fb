import { ProviderDirectoryModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ProviderStore } from './provider.store.js';
import { MaintenanceController } from './maintenance.controller.js';
import { ProvidersController } from './providers.controller.js';
import { Providers } from './providers.service.js';
import { RemovedHosts } from './removed-hosts.js';
import type { Declaration } from './seed-decision.js';
import { DECLARATIONS, Seeding } from './seeding.js';

/** Which hosts there are. Everywhere, because most of what the gateway tells is about them. */
@Module({})
export class RegistryModule {
  static forRoot(declarations: readonly Declaration[]): DynamicModule {
    return {
      module: RegistryModule,
      global: true,
      imports: [ProviderDirectoryModule],
      controllers: [ProvidersController, MaintenanceController],
      providers: [
        { provide: DECLARATIONS, useValue: declarations },
        ProviderStore,
        Providers,
        RemovedHosts,
        Seeding,
      ],
      exports: [Providers],
    };
  }
}

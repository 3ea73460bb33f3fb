import { Module, type DynamicModule } from '@nestjs/common';
import { ProviderStore } from './provider.store.js';
import { ProvidersController } from './providers.controller.js';
import { Providers } from './providers.service.js';
import { Registry } from './registry.js';
import type { Declaration } from './seed-decision.js';
import { DECLARATIONS, Seeding } from './seeding.js';

/** Which hosts there are. */
@Module({})
export class RegistryModule {
  static forRoot(declarations: readonly Declaration[]): DynamicModule {
    return {
      module: RegistryModule,
      global: true,
      controllers: [ProvidersController],
      providers: [
        { provide: DECLARATIONS, useValue: declarations },
        Registry,
        ProviderStore,
        Providers,
        Seeding,
      ],
      exports: [Providers],
    };
  }
}

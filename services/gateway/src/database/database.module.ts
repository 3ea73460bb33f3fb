import { Module, type DynamicModule } from '@nestjs/common';
import { GatewayDatabase, MIGRATIONS, type Migrations } from './gateway-database.js';

/** The schema `gateway`, for every feature that keeps something in it. */
@Module({})
export class GatewayDatabaseModule {
  static forRoot(migrations: Migrations): DynamicModule {
    return {
      module: GatewayDatabaseModule,
      global: true,
      providers: [{ provide: MIGRATIONS, useValue: migrations }, GatewayDatabase],
      exports: [GatewayDatabase],
    };
  }
}

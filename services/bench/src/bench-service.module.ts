import { DatabaseModule } from '@boocontrol/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { migrations } from './migrations.js';

@Module({})
export class BenchServiceModule {
  static of(): DynamicModule {
    return { module: BenchServiceModule, imports: [DatabaseModule.forRoot({ schema: 'bench', migrations })] };
  }
}

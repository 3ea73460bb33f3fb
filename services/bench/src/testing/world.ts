import { loadConfig, startService, type RunningService } from '@boocontrol/platform';
import { openGround, World as ServiceWorld } from '@boocontrol/stage';
import { BenchServiceModule } from '../bench-service.module.js';
import { benchConfig, type BenchConfig } from '../config.js';

export type Replica = RunningService<BenchConfig>;

/** A bus and a database, and as many replicas of the service as a test wants; without hosts. */
export class World extends ServiceWorld {
  static async open(): Promise<World> {
    return new World(await openGround());
  }

  /** One replica, in this process. @param environment beyond what every process needs */
  service(environment: Record<string, string> = {}): Promise<Replica> {
    const config = loadConfig(benchConfig, { ...this.environment, ...environment });
    return this.runs(startService({ name: 'bench', config, module: BenchServiceModule.of() }));
  }
}

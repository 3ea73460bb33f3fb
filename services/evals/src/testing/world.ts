import { loadConfig, startService, type RunningService } from '@boocontrol/platform';
import { openGround, World as ServiceWorld } from '@boocontrol/stage';
import { EvalsServiceModule } from '../evals-service.module.js';
import { evalsConfig, type EvalsConfig } from '../config.js';

export type Replica = RunningService<EvalsConfig>;

/** A bus and a database, and as many replicas of the service as a test wants; without hosts. */
export class World extends ServiceWorld {
  static async open(): Promise<World> {
    return new World(await openGround());
  }

  /** One replica, in this process. @param environment beyond what every process needs */
  service(environment: Record<string, string> = {}): Promise<Replica> {
    const config = loadConfig(evalsConfig, { ...this.environment, ...environment });
    return this.runs(startService({ name: 'evals', config, module: EvalsServiceModule.of() }));
  }
}

import { CONFIG, HealthRegistry, LOG, type Log } from '@boocontrol/platform';
import { Inject, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FleetStateConfig } from '../config.js';
import { MaintenanceJob } from './maintenance-job.js';
import { Maintenance } from './maintenance.js';

@Module({
  providers: [
    {
      provide: MaintenanceJob,
      inject: [DataSource, CONFIG, LOG],
      useFactory: (source: DataSource, config: FleetStateConfig, log: Log): MaintenanceJob => {
        const days = {
          perf: config.PERF_RETENTION_DAYS,
          rollups: config.ROLLUP_RETENTION_DAYS,
          requests: config.REQUEST_RETENTION_DAYS,
          modelEvents: config.MODEL_EVENT_RETENTION_DAYS,
        };
        return new MaintenanceJob(source, new Maintenance(source, days, log), log);
      },
    },
  ],
})
export class MaintenanceModule {
  constructor(@Inject(MaintenanceJob) job: MaintenanceJob, @Inject(HealthRegistry) health: HealthRegistry) {
    health.register('maintenance', () => job.health());
  }
}

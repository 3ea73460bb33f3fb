import { LiveFleetModule, ProviderDirectoryModule } from '@boocontrol/platform';
import { Module } from '@nestjs/common';
import { DirectTrafficModule } from '../direct/direct-traffic.module.js';
import { DispatchesModule } from '../dispatches/dispatches.module.js';
import { TrafficModule } from '../inference-wiring/traffic.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { FleetGauges } from './fleet-gauges.js';
import { GpuGauges } from './gpu-gauges.js';
import { ProductCounters } from './product-counters.js';

/** The whole product as Prometheus sees it, on the gateway's /metrics. */
@Module({
  imports: [
    LiveFleetModule,
    ProviderDirectoryModule,
    DispatchesModule,
    TrafficModule,
    LeasesModule,
    DirectTrafficModule,
  ],
  providers: [FleetGauges, GpuGauges, ProductCounters],
})
export class MetricsModule {}

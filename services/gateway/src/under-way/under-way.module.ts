import { Module } from '@nestjs/common';
import { TrafficModule } from '../inference-wiring/traffic.module.js';
import { V1Module } from '../v1/v1.module.js';
import { OwnRouting } from './own-routing.js';
import { RoutingLive } from './routing-live.js';
import { UnderWayController } from './under-way.controller.js';

/** Requests to /v1 that are under way, breakers and queues: told to whoever looks, over all gateways. */
@Module({
  imports: [TrafficModule, V1Module],
  controllers: [UnderWayController],
  providers: [OwnRouting, RoutingLive],
  exports: [RoutingLive],
})
export class UnderWayModule {}

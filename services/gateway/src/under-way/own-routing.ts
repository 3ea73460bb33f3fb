import type { GatewayRouting } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import { CONFIG } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { HostTraffic } from '../inference/traffic.js';
import { InferenceArea } from '../v1/inference-area.js';

/** What is under way through this gateway: read when somebody asks, never told by the path itself. */
@Injectable()
export class OwnRouting {
  private readonly gateway: string;

  constructor(
    @Inject(CONFIG) { SERVICE_INSTANCE: gateway }: GatewayConfig,
    @Inject(InferenceArea) private readonly area: InferenceArea,
    @Inject(HostTraffic) private readonly traffic: HostTraffic,
  ) {
    this.gateway = gateway.slice(0, 64);
  }

  read(): GatewayRouting {
    const nowMs = Date.now();
    return {
      gateway: this.gateway,
      at: instantFromMs(nowMs),
      ...this.area.underWay.describe(),
      ...this.traffic.describe(nowMs),
    };
  }

  /** false: no request of that id is under way here. */
  cancel(id: string, by: string): boolean {
    return this.area.underWay.cancel(id, by);
  }
}

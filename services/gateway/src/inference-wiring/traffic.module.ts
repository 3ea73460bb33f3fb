import { Module } from '@nestjs/common';
import { TARGET_HEALTH } from '../inference/parts.js';
import { HostTraffic } from '../inference/traffic.js';

/** What is under way to each host, and how it goes: the path states it, the decider asks. */
@Module({
  providers: [
    { provide: HostTraffic, useFactory: () => new HostTraffic() },
    { provide: TARGET_HEALTH, useExisting: HostTraffic },
  ],
  exports: [HostTraffic, TARGET_HEALTH],
})
export class TrafficModule {}

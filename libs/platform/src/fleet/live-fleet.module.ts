import { Module } from '@nestjs/common';
import { LiveFleet } from './live-fleet.js';

/** Gives `LiveFleet` to whoever imports it: one follower of the log for all modules of a process. */
@Module({ providers: [LiveFleet], exports: [LiveFleet] })
export class LiveFleetModule {}

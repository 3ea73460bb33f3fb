import { BUCKETS, STREAMS } from '@boocontrol/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { ensureBuckets, ensureStreams } from './streams.js';

/** The streams and buckets of the contracts on this bus: made at the start, and again by whoever finds one missing. */
export class JetStreamSetup {
  private underWay: Promise<void> | undefined;

  constructor(private readonly nc: NatsConnection) {}

  /**
   * Creates what is missing and changes what differs. Calls that come while one is under way share its outcome.
   * @throws {StreamConfigError} when a stream exists in a form that cannot be changed into the wanted one
   * @throws what the bus answers, after about half a minute of trying
   */
  ensure(): Promise<void> {
    this.underWay ??= this.run().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async run(): Promise<void> {
    await ensureStreams(this.nc, STREAMS);
    await ensureBuckets(this.nc, BUCKETS);
  }
}

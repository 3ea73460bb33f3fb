import { bucketStream, BUCKET } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { BUS } from '@boocontrol/platform';
import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { FleetWorld } from '../routing/fleet-world.js';
import { guessQuality } from '../routing/prior.js';
import type { Past } from './standings.js';

/** A change has reached the memory of every gateway after so long. */
const SETTLED_MS = 60_000;

/** What of the registry and of the scores is certainly as it was when a request came, because nothing was changed since. */
@Injectable()
export class PastFleet {
  constructor(
    @Inject(FleetWorld) private readonly world: FleetWorld,
    @Inject(BUS) private readonly nc: NatsConnection,
  ) {}

  /** @throws what the bus answers */
  async reader(): Promise<(at: string) => Past> {
    const scoresMs = await this.scoresChangedMs();
    const providers = new Map(this.world.providers.map(({ provider }) => [provider.id, provider]));
    return (at) => {
      const settledMs = instantToMs(at) - SETTLED_MS;
      return {
        provider: (id) => {
          const provider = providers.get(id);
          return provider !== undefined && instantToMs(provider.updatedAt) < settledMs ? provider : null;
        },
        quality: (model, category, providerId) =>
          scoresMs < settledMs
            ? (this.world.quality(model, category, providerId)?.low ?? guessQuality(model))
            : null,
      };
    };
  }

  /** When a score was last written or removed; 0: never. */
  private async scoresChangedMs(): Promise<number> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    try {
      const { state } = await jsm.streams.info(bucketStream(BUCKET.scores));
      return state.last_seq === 0 ? 0 : Date.parse(state.last_ts);
    } catch (error) {
      const STREAM_NOT_FOUND = 10_059;
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return 0;
      throw error;
    }
  }
}

import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayDatabase } from '../database/gateway-database.js';
import { DispatchRecorder } from '../dispatches/dispatch-recorder.js';
import { newestSizes } from '../dispatches/dispatches.repository.js';
import { BodySizes, sizedOf } from './body-sizes.js';

/** Learns from each request of this gateway; at the start, from the table, of those before. */
@Injectable()
export class BodySizeBook implements OnApplicationBootstrap {
  private readonly sizes = new BodySizes();

  constructor(
    @Inject(GatewayDatabase) private readonly database: GatewayDatabase,
    @Inject(DispatchRecorder) recorder: DispatchRecorder,
    @Inject(LOG) private readonly log: Log,
  ) {
    recorder.onRecord((fact) => {
      const sized = sizedOf(fact);
      if (sized !== null) this.sizes.learn(sized);
    });
  }

  onApplicationBootstrap(): void {
    void this.recall();
  }

  bytesPerToken(model: string): number | null {
    return this.sizes.bytesPerToken(model);
  }

  private async recall(): Promise<void> {
    await this.database.opened;
    try {
      for (const sized of await newestSizes(this.database.db)) this.sizes.learn(sized);
    } catch (error) {
      this.log.warn({ err: error }, 'how long the tokens of models are is learned anew');
    }
  }
}

import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Joiner } from './joiner.js';

/** Which row of activity each attempt of a request to /v1 is. */
@Module({
  providers: [
    {
      provide: Joiner,
      inject: [DataSource, LOG],
      useFactory: (source: DataSource, log: Log): Joiner => new Joiner(source, log),
    },
  ],
  exports: [Joiner],
})
export class JoinsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(Joiner) private readonly joiner: Joiner) {}

  onApplicationBootstrap(): void {
    this.joiner.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.joiner.stop();
  }
}

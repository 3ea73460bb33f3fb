import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NewRows } from '../projection/new-rows.js';
import { NewRowsModule } from '../projection/new-rows.module.js';
import { DispatchesConsumer } from './dispatches.consumer.js';
import { Joiner } from './joiner.js';

/** What became of requests to /v1, and which row of activity each of their attempts is. */
@Module({
  imports: [NewRowsModule],
  providers: [
    {
      provide: Joiner,
      inject: [DataSource, LOG],
      useFactory: (source: DataSource, log: Log): Joiner => new Joiner(source, log),
    },
    DispatchesConsumer,
  ],
})
export class DispatchesModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(Joiner) private readonly joiner: Joiner,
    @Inject(NewRows) news: NewRows,
  ) {
    news.onNew((providerId, span) => joiner.touch(providerId, span));
  }

  onApplicationBootstrap(): void {
    this.joiner.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.joiner.stop();
  }
}

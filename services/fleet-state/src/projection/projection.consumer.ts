import { STREAM } from '@boocontrol/contracts';
import { Consume, ProviderDirectory, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { historyFactSchema, type LogFact } from './history-fact.js';
import { NewRows } from './new-rows.js';
import { LogPosition } from './log-position.js';
import { Projector } from './projector.js';

/** The log, into the tables of history. */
@Injectable()
export class ProjectionConsumer {
  readonly position: LogPosition;
  private readonly projector: Projector;

  constructor(
    @Inject(DataSource) source: DataSource,
    @Inject(ProviderDirectory) private readonly directory: ProviderDirectory,
    @Inject(NewRows) news: NewRows,
  ) {
    const hostIds = (): string[] => this.hostIds();
    this.position = new LogPosition({ source, name: 'history', stream: STREAM.fleet, hostIds });
    this.projector = new Projector(source, this.position, news);
  }

  // All of the stream: nats-server 2.10 gives a filtered consumer a backlog of more than one 8 MB block at 1 ms a message.
  @Consume<LogFact, ProjectionConsumer>((self) => ({
    name: 'projection',
    stream: STREAM.fleet,
    schemaFor: historyFactSchema,
    position: self.position,
    // A row is the same whenever it is written, so batches may pass each other.
    batchSize: 2_000,
    parallelBatches: 3,
  }))
  write(batch: readonly BusMessage<LogFact>[]): Promise<void> {
    return this.projector.write(batch);
  }

  /** @throws when the registry has not been read yet; the consumer is then opened again */
  private hostIds(): string[] {
    const { providers } = this.directory;
    if (providers === null)
      throw new Error('A gap cannot be stated for every host: the registry has not been read yet');
    return providers.flatMap(({ id, kind }) => (kind === 'llama-swap' ? [id] : []));
  }
}

import { isRouteSubject, RouteFactSchema, STREAM, type RouteFact } from '@boocontrol/contracts';
import { Consume, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { LogPosition } from '../projection/log-position.js';
import { DispatchWriter } from './dispatch-writer.js';
import { NewRows } from '../projection/new-rows.js';

/** Prompts that changed are on the same stream, and the gateway's to write. */
const NotOurs = z.unknown().transform(() => null);

/** What became of requests to /v1: their attempts, to be joined with rows of activity, or as rows of their own. */
@Injectable()
export class DispatchesConsumer {
  readonly position: LogPosition;
  private readonly writer: DispatchWriter;

  constructor(@Inject(DataSource) source: DataSource, @Inject(NewRows) news: NewRows) {
    this.position = new LogPosition({ source, name: 'dispatches', stream: STREAM.routes, hostIds: null });
    this.writer = new DispatchWriter(source, this.position, news);
  }

  @Consume<RouteFact | null, DispatchesConsumer>((self) => ({
    name: 'dispatches',
    stream: STREAM.routes,
    schemaFor: (subject) => (isRouteSubject(subject) ? RouteFactSchema : NotOurs),
    position: self.position,
    batchSize: 500,
  }))
  write(batch: readonly BusMessage<RouteFact | null>[]): Promise<void> {
    return this.writer.write(batch);
  }
}

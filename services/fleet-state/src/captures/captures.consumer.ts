import { STREAM, subjects, type Capture } from '@boocontrol/contracts';
import { CONFIG, Consume, type BusMessage } from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FleetStateConfig } from '../config.js';
import { NewRows } from '../projection/new-rows.js';
import { captureSchema, CaptureStore } from './capture-store.js';

/** Captured bodies, from their queue into the table. */
@Injectable()
export class CapturesConsumer {
  private readonly store: CaptureStore;

  constructor(
    @Inject(DataSource) source: DataSource,
    @Inject(NewRows) news: NewRows,
    @Inject(CONFIG) { CAPTURE_BUDGET_MB }: Pick<FleetStateConfig, 'CAPTURE_BUDGET_MB'>,
  ) {
    this.store = new CaptureStore(source, CAPTURE_BUDGET_MB * 1024 * 1024, news);
  }

  @Consume<Capture>({
    name: 'captures',
    stream: STREAM.captures,
    filterSubjects: [subjects.allCaptures],
    schemaFor: captureSchema,
    batchSize: 100,
  })
  write(batch: readonly BusMessage<Capture>[]): Promise<void> {
    return this.store.write(batch);
  }
}

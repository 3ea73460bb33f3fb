import { STREAM, subjects } from '@boocontrol/contracts';
import {
  Consume,
  HEARD_KINDS,
  keepHeard,
  pause,
  schemaOfKind,
  type BusMessage,
  type HeardFact,
} from '@boocontrol/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVIDENCE } from './evidence.js';
import { Marks } from './marks.js';
import { OUR_SOURCE } from './our-source.js';

/** Between two batches: one question to the database for all that came meanwhile. */
const GATHER_MS = 100;

/** Facts of hosts whose models are asked, and who has used which host lately. */
@Injectable()
export class HeardConsumer {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Marks) private readonly marks: Marks,
  ) {}

  @Consume<HeardFact>({
    name: 'heard',
    durable: 'evals-heard',
    stream: STREAM.fleet,
    filterSubjects: HEARD_KINDS.map((kind) => subjects.factsOfKind(kind)),
    schemaFor: (subject) => schemaOfKind(subject.slice(subject.lastIndexOf('.') + 1)),
    batchSize: 2_000,
  })
  async hear(batch: readonly BusMessage<HeardFact>[]): Promise<void> {
    await pause(GATHER_MS);
    const facts = batch.map(({ value }) => value);
    const ended = await keepHeard(this.db, EVIDENCE, OUR_SOURCE, facts);
    // Whoever asks judges what is under way, and once more when it ends.
    for (const runId of ended) await this.marks.judge(runId);
  }
}

import { CAPTURE_MAX_BYTES, CaptureSchema, parseCaptureSubject, type Capture } from '@boocontrol/contracts';
import { counter, onePerSubject, type BusMessage } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import type { NewRows } from '../projection/new-rows.js';
import { insertCaptures, pruneCaptures, untoldRows } from './captures.repository.js';
import { readCaptures } from './read-captures.js';

const inserted = counter('boo_captures_stored_total', 'Captures stored');
const pruned = counter('boo_captures_pruned_total', 'Captures deleted for the budget');

/** The schema of a subject `boo.captures.<provider>`; null for any other subject. */
export const captureSchema = onePerSubject<Capture>((subject) => {
  const providerId = parseCaptureSubject(subject);
  if (providerId === null) return null;
  return CaptureSchema.refine((capture) => capture.providerId === providerId, {
    error: 'is not the host of the subject',
    path: ['providerId'],
  }).refine((capture) => Buffer.byteLength(JSON.stringify(capture)) <= CAPTURE_MAX_BYTES, {
    error: `is larger than ${CAPTURE_MAX_BYTES} bytes; its sender has to cut it`,
  });
});

export class CaptureStore {
  constructor(
    private readonly source: DataSource,
    private readonly budgetBytes: number,
    private readonly news: Pick<NewRows, 'tell'>,
  ) {}

  /** Stores a batch and keeps the budget, in one transaction. Resolves after the commit. */
  async write(batch: readonly BusMessage<Capture>[]): Promise<void> {
    const captures = batch.map(({ value }) => value);
    const readings = await readCaptures(captures);
    const counts = await this.source.transaction(async (tx) => ({
      inserted: await insertCaptures(tx, captures, readings),
      pruned: await pruneCaptures(tx, this.budgetBytes),
    }));
    // A body that came after its row tells which request to /v1 the row is of.
    for (const { providerId, ...span } of await untoldRows(this.source.manager, captures))
      this.news.tell(providerId, span);
    inserted.inc(counts.inserted);
    pruned.inc(counts.pruned);
  }
}

import { CAPTURE_MAX_BYTES, CaptureSchema, parseCaptureSubject, type Capture } from '@boocontrol/contracts';
import { counter, onePerSubject, type BusMessage } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { insertCaptures, pruneCaptures } from './captures.repository.js';

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
  ) {}

  /** Stores a batch and keeps the budget, in one transaction. Resolves after the commit. */
  async write(batch: readonly BusMessage<Capture>[]): Promise<void> {
    const counts = await this.source.transaction(async (tx) => ({
      inserted: await insertCaptures(
        tx,
        batch.map(({ value }) => value),
      ),
      pruned: await pruneCaptures(tx, this.budgetBytes),
    }));
    inserted.inc(counts.inserted);
    pruned.inc(counts.pruned);
  }
}

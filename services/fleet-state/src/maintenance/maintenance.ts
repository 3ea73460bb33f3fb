import { counter, isTransientDbError, type Log } from '@boocontrol/platform';
import type { DataSource } from 'typeorm';
import { dueHours, rollUpHour } from '../perf/rollup.repository.js';
import { AGING, agedChunks, agedHours, deleteHour, dropChunk } from './retention.repository.js';
import { cutoffs, type Cutoff, type RetentionDays } from './retention-policy.js';
import { raiseWatermark } from './watermarks.repository.js';

const rolledUp = counter('boo_rollup_buckets_total', '5-minute buckets rolled up');
const deleted = counter('boo_retention_rows_total', 'Rows deleted because of their age', ['table']);
const dropped = counter('boo_retention_chunks_total', 'Chunks dropped because of their age', ['table']);

export interface RollUpResult {
  /** Rolled up now. */
  buckets: number;
  /** Hours of hosts that PostgreSQL refused; the log says why. */
  failedHours: number;
}

/**
 * Rollups and retention: small transactions, each of which leaves the tables right. Safe to repeat and to cut anywhere;
 * the signal cuts it between two of them.
 */
export class Maintenance {
  constructor(
    private readonly source: DataSource,
    private readonly days: RetentionDays,
    private readonly log: Log,
  ) {}

  /**
   * Rolls up every closed bucket that is due. An hour of a host that PostgreSQL refuses stays due and does not keep the
   * others from it. Thrown: the database's absence.
   */
  async rollUp(nowMs: number, signal?: AbortSignal): Promise<RollUpResult> {
    const now = new Date(nowMs).toISOString();
    const result = { buckets: 0, failedHours: 0 };
    for (const hostHour of await dueHours(this.source.manager, now)) {
      if (signal?.aborted) break;
      try {
        const buckets = await this.source.transaction((tx) => rollUpHour(tx, hostHour, now));
        result.buckets += buckets;
        rolledUp.inc(buckets);
      } catch (error) {
        if (isTransientDbError(error)) throw error;
        result.failedHours++;
        this.log.error({ err: error, ...hostHour }, 'an hour could not be rolled up');
      }
    }
    return result;
  }

  /** Rolls up, then deletes what is older than it has to be kept: whole chunks, then what is left an hour of a host at a time. */
  async retain(nowMs: number, signal?: AbortSignal): Promise<RollUpResult> {
    const result = await this.rollUp(nowMs, signal);
    for (const cutoff of cutoffs(this.days, nowMs)) {
      if (signal?.aborted) break;
      if (cutoff.aging === AGING.perfSamples)
        await raiseWatermark(this.source.manager, 'raw_deleted', cutoff.before);
      if (cutoff.aging.isHypertable) await this.dropChunks(cutoff, signal);
      await this.deleteHours(cutoff, signal);
    }
    return result;
  }

  private async dropChunks({ aging, before }: Cutoff, signal?: AbortSignal): Promise<void> {
    for (const chunk of await agedChunks(this.source.manager, aging, before)) {
      if (signal?.aborted) return;
      const isGone = await this.source.transaction((tx) => dropChunk(tx, aging, chunk));
      if (isGone) dropped.inc({ table: aging.table });
      else this.log.info({ chunk: chunk.name }, 'kept: it has samples that are not rolled up');
    }
  }

  private async deleteHours({ aging, before }: Cutoff, signal?: AbortSignal): Promise<void> {
    for (const hostHour of await agedHours(this.source.manager, aging, before)) {
      if (signal?.aborted) return;
      deleted.inc({ table: aging.table }, await deleteHour(this.source.manager, aging, hostHour));
    }
  }
}

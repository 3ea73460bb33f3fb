import { Rounds, type Log } from '@boocontrol/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { storeReadings, unreadCaptures } from './captures.repository.js';
import { readCaptures } from './read-captures.js';

/** Captures of one transaction: at most 256 kB each. */
const BATCH = 20;
/** A process of an older version beside this one may store captures unread. */
const EVERY_MS = 5 * 60_000;
const RETRY_AFTER_MS = 30_000;

/**
 * Reads captures that were stored before they could be searched, newest first, until none is left. A batch is one
 * transaction, so that it can be cut anywhere; of several processes each reads what no other has in hand.
 */
export class UnreadCaptures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      trouble: 'older captures could not be read for the search, trying again',
      everyMs: EVERY_MS,
      againMs: RETRY_AFTER_MS,
      round: (signal) => this.readAll(signal),
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  /** Resolves when none is left, or the signal fires. */
  async readAll(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true && (await this.readBatch()) > 0);
  }

  private readBatch(): Promise<number> {
    return this.source.transaction(async (tx) => {
      const captures = await unreadCaptures(tx, BATCH);
      await storeReadings(tx, captures, await readCaptures(captures));
      return captures.length;
    });
  }
}

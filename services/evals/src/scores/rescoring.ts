import { LOG, Rounds, type Log } from '@boocontrol/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isRescored, toRescore } from '../rescoring/asked.repository.js';
import { rescore } from '../runs/summary.repository.js';
import { Suites } from '../suites/suites.js';
import { familiesOf } from './comparisons.js';
import { ScoreWriter } from './score-writer.js';

/** What another process was told to do, and did not, is done after so long. */
const EVERY_MS = 10_000;
const AGAIN_MS = 2_000;

/**
 * Scores of runs that have ended, made again of their samples when an item was retired or is asked again. That it is to be
 * done stands in a table, written with the retirement, so it is done whatever becomes of this process.
 */
@Injectable()
export class Rescoring implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: Rounds;

  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(ScoreWriter) private readonly writer: ScoreWriter,
    @Inject(LOG) log: Log,
  ) {
    this.rounds = new Rounds({
      log,
      everyMs: EVERY_MS,
      againMs: AGAIN_MS,
      trouble: 'scores could not be made again after an item was retired, trying again',
      round: (signal) => this.all(signal),
    });
  }

  onApplicationBootstrap(): void {
    this.suites.whenChanged(() => this.rounds.soon());
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Every run of a version. */
  async again(suiteName: string, suiteHash: string): Promise<void> {
    const runs = await this.db.query<{ id: string }[]>(
      `SELECT id FROM evals.runs WHERE suite_name = $1 AND suite_hash = $2 AND ended_at IS NOT NULL`,
      [suiteName, suiteHash],
    );
    const found = await this.suites.find(suiteName, suiteHash);
    const scored = {
      families: familiesOf(found?.suite ?? null),
      retired: found?.retired ?? new Set<string>(),
    };
    for (const { id } of runs) await this.db.transaction((manager) => rescore(manager, id, scored));
    this.writer.soon();
  }

  private async all(signal: AbortSignal): Promise<void> {
    for (const asked of await toRescore(this.db)) {
      signal.throwIfAborted();
      await this.again(asked.name, asked.hash);
      await isRescored(this.db, asked);
    }
  }
}

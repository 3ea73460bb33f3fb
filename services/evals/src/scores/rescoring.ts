import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Suites } from '../suites/suites.js';
import { familiesOf } from './comparisons.js';
import { outcomesOf } from './leaderboard.repository.js';
import { scoreOf } from './score.js';
import { ScoreWriter } from './score-writer.js';

/** Scores of runs that have ended, made again of their samples: an item was retired, or a sample graded once more. */
@Injectable()
export class Rescoring implements OnApplicationBootstrap {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(ScoreWriter) private readonly writer: ScoreWriter,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.suites.whenRetired((name, hash) => {
      this.again(name, hash).catch((error: unknown) =>
        this.log.error(
          { err: error, name, hash },
          'scores could not be made again after an item was retired',
        ),
      );
    });
  }

  /** @param runId only this one; absent: all of the version */
  async again(suiteName: string, suiteHash: string, runId?: string): Promise<void> {
    const runs = await this.db.query<{ id: string; k: number }[]>(
      `SELECT id, k FROM evals.runs
       WHERE suite_name = $1 AND suite_hash = $2 AND ended_at IS NOT NULL AND ($3::uuid IS NULL OR id = $3)`,
      [suiteName, suiteHash, runId ?? null],
    );
    const found = await this.suites.find(suiteName, suiteHash);
    const families = familiesOf(found?.suite ?? null);
    for (const { id, k } of runs) {
      const items = await outcomesOf(this.db, [id], families, found?.retired ?? new Set());
      const score = scoreOf(items.get(id) ?? [], k);
      await this.db.query(
        `UPDATE evals.runs SET score = $2, version = version + 1 WHERE id = $1 AND score IS DISTINCT FROM $2::jsonb`,
        [id, score && JSON.stringify(score)],
      );
    }
    this.writer.soon();
  }
}

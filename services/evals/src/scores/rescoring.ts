import { LOG, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rescore } from '../runs/summary.repository.js';
import { Suites } from '../suites/suites.js';
import { familiesOf } from './comparisons.js';
import { ScoreWriter } from './score-writer.js';

/** Scores of runs that have ended, made again of their samples when an item was retired or is asked again. */
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
}

import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Suites } from '../suites/suites.js';
import { jobs } from './jobs.js';
import { rescore, type Scored } from './summary.repository.js';

/** Keeps score and speed of runs in step with their samples. */
@Injectable()
export class Scoring {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
  ) {}

  /** @returns whether either has changed */
  async again(runId: string): Promise<boolean> {
    const scored = await this.knownOf(runId);
    return this.db.transaction((manager) => rescore(manager, runId, scored));
  }

  /** What `rescore` needs, to be asked for before a transaction begins. */
  async knownOf(runId: string): Promise<Scored> {
    const row = await jobs.find(this.db, runId);
    const found = row === null ? null : await this.suites.find(row.run.suiteName, row.run.suiteHash);
    const families = (found?.suite.items ?? []).flatMap(({ id, family }): [string, string][] =>
      family === undefined ? [] : [[id, family]],
    );
    return { families: new Map(families), retired: found?.retired ?? new Set() };
  }
}

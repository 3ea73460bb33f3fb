import { calls, type EvalComparison, type Leaderboard } from '@boocontrol/contracts';
import { answering, LiveFleet, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Suites } from '../suites/suites.js';
import { Comparisons } from './comparisons.js';
import { leaderboardOf } from './leaderboard.js';
import { newestRuns } from './leaderboard.repository.js';

/** What runs say about models. */
@Controller()
export class ScoresController {
  constructor(
    @Inject(DataSource) private readonly db: DataSource,
    @Inject(Suites) private readonly suites: Suites,
    @Inject(LiveFleet) private readonly live: LiveFleet,
    @Inject(Comparisons) private readonly comparisons: Comparisons,
  ) {}

  @Serve(calls.evalLeaderboard)
  leaderboard(query: z.output<typeof calls.evalLeaderboard.request>): Promise<Leaderboard> {
    return answering('evals', this.read(query));
  }

  @Serve(calls.compareEvals)
  compare({ a, b }: z.output<typeof calls.compareEvals.request>): Promise<EvalComparison> {
    return answering('evals', this.comparisons.compare(a, b));
  }

  private async read(query: z.output<typeof calls.evalLeaderboard.request>): Promise<Leaderboard> {
    const runs = await newestRuns(this.db, query);
    const hashes = new Map<string, string>();
    for (const name of new Set(runs.map(({ suiteName }) => suiteName))) {
      const suite = await this.suites.find(name);
      if (suite) hashes.set(name, suite.hash);
    }
    return leaderboardOf(runs, hashes, this.live.state);
  }
}

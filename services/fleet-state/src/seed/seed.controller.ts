import { calls, type Seed } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { refuse, Serve } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { seed } from './seed.js';

@Controller()
export class SeedController {
  constructor(private readonly db: HistoryDb) {}

  /** @throws {CallError} `bad_range` when recentSince is no day of the calendar. */
  @Serve(calls.seed)
  seed({ recentSince, ...start }: z.output<typeof calls.seed.request>): Promise<Seed> {
    const since = toInstant(recentSince);
    if (since === null) throw refuse(calls.seed, 'bad_range', `"recentSince" is no instant: ${recentSince}`);
    return seed(this.db, since, start);
  }
}

import { calls, type PerfSeries } from '@boocontrol/contracts';
import { Serve } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { perfSeries } from './perf-series.js';

@Controller()
export class PerfController {
  constructor(private readonly db: HistoryDb) {}

  @Serve(calls.perf)
  perf(query: z.output<typeof calls.perf.request>): Promise<PerfSeries> {
    return perfSeries(this.db, query, Date.now());
  }
}

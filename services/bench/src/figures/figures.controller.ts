import { calls, type BenchHistory } from '@boocontrol/contracts';
import { answering, Serve } from '@boocontrol/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { fastestHosts } from './fastest.repository.js';
import { figureHistory } from './history.repository.js';

/** What runs came to, over time and over hosts. */
@Controller()
export class FiguresController {
  constructor(@Inject(DataSource) private readonly db: DataSource) {}

  @Serve(calls.benchHistory)
  history(query: z.output<typeof calls.benchHistory.request>): Promise<BenchHistory> {
    return answering('benchmarks', figureHistory(this.db, query));
  }

  @Serve(calls.benchFastest)
  fastest(
    _request: z.output<typeof calls.benchFastest.request>,
  ): Promise<z.output<typeof calls.benchFastest.reply>> {
    return answering('benchmarks', fastestHosts(this.db));
  }
}

import { rpc, type PerfSeries } from '@boocontrol/contracts';
import { zodPayload } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { perfSeries } from './perf-series.js';

@Controller()
export class PerfController {
  constructor(private readonly db: HistoryDb) {}

  @MessagePattern(rpc.perf.subject)
  perf(@Payload(zodPayload(rpc.perf.request)) query: z.output<typeof rpc.perf.request>): Promise<PerfSeries> {
    return perfSeries(this.db, query, Date.now());
  }
}

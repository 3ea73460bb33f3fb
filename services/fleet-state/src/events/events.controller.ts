import { calls, type Gaps, type ModelLoads } from '@boocontrol/contracts';
import { Serve } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { gaps } from './gaps.repository.js';
import { modelLoads } from './model-loads.repository.js';
import { modelEvents, swaps } from './model-events.repository.js';

@Controller()
export class EventsController {
  constructor(private readonly db: HistoryDb) {}

  @Serve(calls.modelEvents)
  modelEvents(
    query: z.output<typeof calls.modelEvents.request>,
  ): Promise<z.output<typeof calls.modelEvents.reply>> {
    return modelEvents(this.db, query);
  }

  @Serve(calls.swaps)
  swaps(query: z.output<typeof calls.swaps.request>): Promise<z.output<typeof calls.swaps.reply>> {
    return swaps(this.db, query);
  }

  @Serve(calls.modelLoads)
  modelLoads(query: z.output<typeof calls.modelLoads.request>): Promise<ModelLoads> {
    return modelLoads(this.db, query);
  }

  @Serve(calls.gaps)
  gaps(query: z.output<typeof calls.gaps.request>): Promise<Gaps> {
    return gaps(this.db, query);
  }
}

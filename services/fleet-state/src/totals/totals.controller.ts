import { calls, type ModelFigures, type Totals } from '@boocontrol/contracts';
import { Serve } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { modelFigures } from './model-figures.repository.js';
import { totals } from './totals.repository.js';

@Controller()
export class TotalsController {
  constructor(private readonly db: HistoryDb) {}

  @Serve(calls.totals)
  totals(query: z.output<typeof calls.totals.request>): Promise<Totals> {
    return totals(this.db, query);
  }

  @Serve(calls.modelFigures)
  modelFigures(query: z.output<typeof calls.modelFigures.request>): Promise<ModelFigures> {
    return modelFigures(this.db, query);
  }
}

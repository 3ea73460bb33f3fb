import { rpc, type Totals } from '@boocontrol/contracts';
import { zodPayload } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { totals } from './totals.repository.js';

@Controller()
export class TotalsController {
  constructor(private readonly db: HistoryDb) {}

  @MessagePattern(rpc.totals.subject)
  totals(
    @Payload(zodPayload(rpc.totals.request)) query: z.output<typeof rpc.totals.request>,
  ): Promise<Totals> {
    return totals(this.db, query);
  }
}

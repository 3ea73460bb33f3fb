import { rpc, type Gaps } from '@boocontrol/contracts';
import { zodPayload } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { gaps } from './gaps.repository.js';
import { modelEvents, swaps } from './model-events.repository.js';

@Controller()
export class EventsController {
  constructor(private readonly db: HistoryDb) {}

  @MessagePattern(rpc.modelEvents.subject)
  modelEvents(
    @Payload(zodPayload(rpc.modelEvents.request)) query: z.output<typeof rpc.modelEvents.request>,
  ): Promise<z.output<typeof rpc.modelEvents.response>> {
    return modelEvents(this.db, query);
  }

  @MessagePattern(rpc.swaps.subject)
  swaps(
    @Payload(zodPayload(rpc.swaps.request)) query: z.output<typeof rpc.swaps.request>,
  ): Promise<z.output<typeof rpc.swaps.response>> {
    return swaps(this.db, query);
  }

  @MessagePattern(rpc.gaps.subject)
  gaps(@Payload(zodPayload(rpc.gaps.request)) query: z.output<typeof rpc.gaps.request>): Promise<Gaps> {
    return gaps(this.db, query);
  }
}

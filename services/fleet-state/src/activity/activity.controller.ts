import { rpc, type ActivityEntry, type ActivityPage } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { RpcError, zodPayload } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { activityEntry, activityPage, captureLoss, storedCapture } from './activity.repository.js';
import { captureState } from './capture-state.js';

@Controller()
export class ActivityController {
  constructor(private readonly db: HistoryDb) {}

  @MessagePattern(rpc.activity.subject)
  activity(
    @Payload(zodPayload(rpc.activity.request)) query: z.output<typeof rpc.activity.request>,
  ): Promise<ActivityPage> {
    return activityPage(this.db, query);
  }

  /** Thrown: RpcError `not_found`. */
  @MessagePattern(rpc.activityEntry.subject)
  async entry(
    @Payload(zodPayload(rpc.activityEntry.request)) key: z.output<typeof rpc.activityEntry.request>,
  ): Promise<ActivityEntry> {
    // An instant that no calendar has (30 February) fits the schema, and PostgreSQL refuses it.
    const found = toInstant(key.ts) === key.ts ? await activityEntry(this.db, key) : null;
    if (found === null) throw new RpcError('not_found', 'There is no such request in the history');
    const { row, statedAtMs } = found;
    const capture = await storedCapture(this.db, key);
    const loss = capture === null ? await captureLoss(this.db, key) : { pruned: false, lost: false };
    const isStored = capture !== null;
    const { hasCapture } = row;
    return {
      row,
      capture,
      captureState: captureState({ isStored, hasCapture, ...loss, statedAtMs }, Date.now()),
    };
  }
}

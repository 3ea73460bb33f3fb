import { calls, type ActivityEntry, type ActivityPage } from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { refuse, Serve } from '@boocontrol/platform';
import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { HistoryDb } from '../db/history-db.js';
import { activityEntry, activityPage, captureLoss, storedCapture } from './activity.repository.js';
import { captureState } from './capture-state.js';

@Controller()
export class ActivityController {
  constructor(private readonly db: HistoryDb) {}

  @Serve(calls.activity)
  activity(query: z.output<typeof calls.activity.request>): Promise<ActivityPage> {
    return activityPage(this.db, query);
  }

  /** @throws {CallError} `not_found` when the history has no such row */
  @Serve(calls.activityEntry)
  async entry(key: z.output<typeof calls.activityEntry.request>): Promise<ActivityEntry> {
    // An instant that no calendar has (30 February) fits the schema, and PostgreSQL refuses it.
    const found = toInstant(key.ts) === key.ts ? await activityEntry(this.db, key) : null;
    if (found === null)
      throw refuse(calls.activityEntry, 'not_found', 'There is no such request in the history');
    const { row, statedAtMs, endedAt } = found;
    const capture = await storedCapture(this.db, key);
    const loss =
      capture === null ? await captureLoss(this.db, key, statedAtMs) : { pruned: false, lost: false };
    const isStored = capture !== null;
    const { hasCapture } = row;
    return {
      row,
      capture,
      endedAt,
      captureState: captureState({ isStored, hasCapture, ...loss, statedAtMs }, Date.now()),
    };
  }
}

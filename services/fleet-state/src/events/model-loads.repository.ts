import type { ModelLoads, ModelLoadsQuerySchema } from '@boocontrol/contracts';
import { fitPage, instantSql } from '@boocontrol/platform';
import type { z } from 'zod';
import type { HistoryDb } from '../db/history-db.js';
import { loadsOf, type ModelStep } from './model-loads.js';

/** State changes that are looked at, of all models of the host: bounds the work, and is a week of a busy host. */
const MAX_STEPS = 5_000;

// By index model_events_of_host.
const STEPS = `
  SELECT model, state, ${instantSql('ts')} AS ts, detail->>'from' AS "from", detail->>'observed' AS observed
  FROM fleet.model_events
  WHERE provider_id = $1 AND model <> '*'
  ORDER BY fleet.model_events.ts DESC, fleet.model_events.seq DESC LIMIT $2`;

// Models that became ready before the oldest step and had no other step since.
const STANDING = `
  SELECT model FROM (
    SELECT DISTINCT ON (model) model, state FROM fleet.model_events
    WHERE provider_id = $1 AND model <> '*'
    ORDER BY model, ts DESC, seq DESC
  ) AS newest
  WHERE state = 'ready' AND model <> ALL($2::text[])`;

/**
 * The last loads of a model that were followed live, fewer than asked for where they do not fit into one message.
 * Thrown: RpcError `unavailable`.
 */
export async function modelLoads(
  db: HistoryDb,
  { providerId, model, limit }: z.output<typeof ModelLoadsQuerySchema>,
  maxSteps: number = MAX_STEPS,
): Promise<ModelLoads> {
  const newest = await db.rows<ModelStep>(STEPS, [providerId, maxSteps]);
  const stepping = [...new Set(newest.map((step) => step.model))];
  const standing =
    newest.length < maxSteps ? [] : await db.rows<{ model: string }>(STANDING, [providerId, stepping]);
  const loads = loadsOf(
    model,
    newest.toReversed(),
    standing.map((row) => row.model),
  );
  return { loads: fitPage(loads.slice(0, limit)) };
}

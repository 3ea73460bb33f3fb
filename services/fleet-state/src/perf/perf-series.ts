import type { PerfQuerySchema, PerfSeries } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { z } from 'zod';
import { fitPage, MAX_REPLY_BYTES } from '@boocontrol/platform';
import type { HistoryDb } from '../db/history-db.js';
import { parseRange } from '../db/range.js';
import { planPerf, type PerfRange } from './perf-plan.js';
import { gpusIn, toPoints } from './perf-points.js';
import { perfBounds, rawSteps, rollupSteps, type PerfBounds } from './perf.repository.js';

type PerfQuery = z.output<typeof PerfQuerySchema>;

/** Whatever a host has, so many points are one message. */
const FEWEST_POINTS = 2;

/**
 * Whole steps from the one that holds `from` to the one before `to`; of a host with many GPUs fewer and longer ones, so
 * that the whole range fits into one message. Thrown: CallError `bad_range`; RpcError `unavailable`.
 */
export async function perfSeries(
  db: HistoryDb,
  query: PerfQuery,
  nowMs: number,
  maxBytes = MAX_REPLY_BYTES,
): Promise<PerfSeries> {
  const { providerId } = query;
  const asked = parseRange(query);
  const bounds = await perfBounds(db, providerId);
  const range = keptRange(
    asked.from === null ? null : instantToMs(asked.from),
    asked.to === null ? null : instantToMs(asked.to),
    bounds,
    nowMs,
  );
  for (let { maxPoints } = query; ;) {
    const plan = planPerf(range, maxPoints, bounds.rawFromMs);
    const steps = plan.resolution === 'raw' ? rawSteps : rollupSteps;
    const rows = range.toMs > range.fromMs ? await steps(db, providerId, plan) : [];
    const { stepS, resolution } = plan;
    const points = toPoints(rows, stepS);
    const fitting = fitPage(points, maxBytes).length;
    if (fitting === points.length || maxPoints <= FEWEST_POINTS)
      return { providerId, stepS, resolution, gpus: gpusIn(rows), points };
    maxPoints = Math.max(FEWEST_POINTS, fitting);
  }
}

/** A clock that is further ahead is not ahead but lost. */
const AHEAD_MS = 24 * 3_600_000;

/** The asked range, no further back than anything is kept. A host's clock may be ahead: without `to`, to its newest sample. */
export function keptRange(
  fromMs: number | null,
  toMs: number | null,
  { oldestMs, newestMs }: PerfBounds,
  nowMs: number,
): PerfRange {
  const aheadMs = newestMs !== null && newestMs < nowMs + AHEAD_MS ? newestMs + 1 : 0;
  const end = toMs ?? Math.max(nowMs, aheadMs);
  const start = Math.max(fromMs ?? -Infinity, oldestMs ?? end);
  return { fromMs: Math.min(start, end), toMs: end };
}

import { z } from 'zod';
import {
  AnyInstantSchema,
  InstantSchema,
  ModelIdSchema,
  ProviderIdSchema,
  SearchTextSchema,
  SourceSchema,
} from './common.js';
import { GapReasonSchema, ModelStateSchema, PerfSchema, RequestSchema } from './facts.js';
import { CaptureSchema } from './messages.js';

/** History questions to fleet-state, over the bus (request/reply). Bodies in and out are these schemas. */

const range = {
  from: AnyInstantSchema.optional().describe('Inclusive; default: as far back as is kept'),
  to: AnyInstantSchema.optional().describe('Exclusive; default: now'),
};

export const ActivityFilterSchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional(),
  model: z.array(ModelIdSchema).max(64).optional(),
  source: z.array(SourceSchema).max(64).optional(),
  reqPath: z.array(SearchTextSchema.max(256)).max(64).optional(),
  status: z
    .array(z.enum(['2xx', '3xx', '4xx', '5xx']))
    .max(4)
    .optional()
    .describe('Status classes'),
});
export type ActivityFilter = z.infer<typeof ActivityFilterSchema>;

export const ActivityRowSchema = RequestSchema.omit({ at: true, endedAt: true })
  .extend({ key: z.string().describe('Opaque; names this row in URLs') })
  .meta({ id: 'ActivityRow' });
export type ActivityRow = z.infer<typeof ActivityRowSchema>;

export const ActivityQuerySchema = ActivityFilterSchema.extend({
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(512).optional().describe('nextCursor of the page before'),
});
export const ActivityPageSchema = z
  .object({
    rows: z.array(ActivityRowSchema).describe('Newest first'),
    nextCursor: z.string().nullable().describe('null: no older rows'),
  })
  .meta({ id: 'ActivityPage' });
export type ActivityPage = z.infer<typeof ActivityPageSchema>;

export const ActivityEntryQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  entryId: z.int().min(0),
  ts: InstantSchema,
});
export const ActivityEntrySchema = z
  .object({
    row: ActivityRowSchema,
    capture: CaptureSchema.nullable(),
    captureState: z
      .enum(['stored', 'none', 'pending', 'gone'])
      .describe(
        'none: the host kept none; pending: not stored yet; gone: pruned by the budget or lost before it could be fetched',
      ),
  })
  .meta({ id: 'ActivityEntry' });
export type ActivityEntry = z.infer<typeof ActivityEntrySchema>;

export const TotalsQuerySchema = ActivityFilterSchema.extend({
  groupBy: z
    .array(z.enum(['provider', 'model', 'source']))
    .max(3)
    .default([]),
  bucketS: z
    .int()
    .min(60)
    .max(31 * 86_400)
    .optional()
    .describe('Seconds of a time bucket; absent: one total over the whole range'),
});
export const TotalsSchema = z
  .object({
    groups: z.array(
      z.object({
        bucket: InstantSchema.nullable(),
        providerId: z.string().nullable(),
        model: z.string().nullable(),
        source: z.string().nullable(),
        requests: z.int(),
        errors: z.int(),
        inputTokens: z.number(),
        cacheTokens: z.number(),
        outputTokens: z.number(),
        durationMs: z.number().describe('Sum'),
        genTps: z
          .number()
          .nullable()
          .describe('Mean over requests that report it, weighted by output tokens'),
        promptTps: z
          .number()
          .nullable()
          .describe('Mean over requests that report it, weighted by prompt tokens'),
      }),
    ),
  })
  .meta({ id: 'Totals' });
export type Totals = z.infer<typeof TotalsSchema>;

export const PerfQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  ...range,
  maxPoints: z
    .int()
    .min(10)
    .max(2000)
    .default(300)
    .describe('The step is the smallest sensible one that gives no more points'),
});
const stat = z.object({ avg: z.number().nullable(), max: z.number().nullable() });
export const PerfSeriesSchema = z
  .object({
    providerId: ProviderIdSchema,
    stepS: z.int(),
    resolution: z.enum(['raw', 'rollup']).describe('raw samples, or the 5-minute rollups'),
    gpus: z.array(z.object({ id: z.int(), name: z.string(), memTotalMb: z.number().nullable() })),
    points: z
      .array(
        z.object({
          ts: InstantSchema.describe('Start of the step'),
          samples: z.int(),
          gpus: z.array(z.object({ id: z.int(), utilPct: stat, memUsedMb: stat, tempC: stat, powerW: stat })),
          cpuUtilPct: stat,
          memUsedMb: stat,
          netRxBps: z.number().nullable().describe('Bytes per second'),
          netTxBps: z.number().nullable().describe('Bytes per second'),
        }),
      )
      .describe('Ascending; steps without samples are absent'),
  })
  .meta({ id: 'PerfSeries' });
export type PerfSeries = z.infer<typeof PerfSeriesSchema>;

export const ModelEventsQuerySchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional(),
  model: z.array(ModelIdSchema).max(64).optional(),
  limit: z.int().min(1).max(2000).default(500),
  cursor: z.string().max(512).optional(),
});
export const ModelEventSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: z.string().describe('"*" for the host itself'),
    state: z
      .string()
      .describe(
        'A model state; for "*": host_connected, host_reconnecting, host_down, host_disabled, gap_suspected',
      ),
    ts: InstantSchema,
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ModelEvent' });
export type ModelEvent = z.infer<typeof ModelEventSchema>;
export const ModelEventsSchema = z
  .object({ events: z.array(ModelEventSchema).describe('Newest first'), nextCursor: z.string().nullable() })
  .meta({ id: 'ModelEvents' });

export const SwapsQuerySchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional(),
});
export const SwapsSchema = z
  .object({
    swaps: z.array(
      z.object({
        providerId: z.string(),
        model: z.string(),
        loads: z.int().describe('Times it became ready'),
        failed: z.int(),
      }),
    ),
  })
  .meta({ id: 'Swaps' });

export const GapsQuerySchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional(),
});
export const GapsSchema = z
  .object({
    gaps: z.array(
      z.object({
        providerId: z.string(),
        kind: z
          .enum(['unreachable', 'lost'])
          .describe(
            'unreachable: the host could not be followed; lost: rows or samples that cannot be had any more',
          ),
        fromTs: InstantSchema,
        toTs: InstantSchema.nullable().describe('null: still open'),
        reason: z.string(),
        missingRows: z
          .int()
          .min(0)
          .nullable()
          .optional()
          .describe(
            'How many rows, samples or bodies are lost, where that is known: `missing` of the gap fact; null for `unreachable`',
          ),
      }),
    ),
  })
  .meta({ id: 'Gaps' });
export type Gaps = z.infer<typeof GapsSchema>;

/** What the table knows of the fleet, to rebuild it when the bus was wiped. */
export const SeedQuerySchema = z.strictObject({ recentSince: AnyInstantSchema });
export const SeedSchema = z.object({
  hosts: z.array(
    z.object({
      providerId: ProviderIdSchema,
      models: z
        .array(z.object({ model: z.string(), state: ModelStateSchema, ts: InstantSchema }))
        .describe('Newest event of each model'),
      lastEndByModel: z.record(z.string(), InstantSchema),
      recent: z.array(RequestSchema).describe('Requests since recentSince, ascending'),
      perf: PerfSchema.nullable(),
      gap: z.object({ fromTs: InstantSchema, toTs: InstantSchema, reason: GapReasonSchema }).nullable(),
    }),
  ),
});
export type Seed = z.infer<typeof SeedSchema>;

/** Asked of the ingest process that holds the host (`calls.reconnect`). */
export const ReconnectRequestSchema = z.strictObject({ providerId: ProviderIdSchema });
export const ReconnectReplySchema = z.object({ accepted: z.literal(true) });

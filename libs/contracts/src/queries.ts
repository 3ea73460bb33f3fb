import { z } from 'zod';
import {
  AnyInstantSchema,
  InstantSchema,
  ModelIdSchema,
  ProviderIdSchema,
  SearchTextSchema,
  SourceSchema,
} from './common.js';
import { GapReasonSchema, GapSchema, ModelStateSchema, PerfSchema, RequestSchema } from './facts.js';
import { CaptureSchema } from './messages.js';
import { STATUS_FILTERS } from './outcome.js';
import { RouteAttemptSchema } from './routes.js';

/** History questions to fleet-state, over the bus (request/reply). Bodies in and out are these schemas. */

const range = {
  from: AnyInstantSchema.optional().describe('Inclusive; default: as far back as is kept'),
  to: AnyInstantSchema.optional().describe('Exclusive; default: now'),
};

export const ActivityFilterSchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional().describe('Any of these hosts; absent: all'),
  model: z.array(ModelIdSchema).max(64).optional().describe('Any of these models; absent: all'),
  source: z.array(SourceSchema).max(64).optional().describe('Any of these consumers; absent: all'),
  reqPath: z.array(SearchTextSchema.max(256)).max(64).optional().describe('Any of these paths; absent: all'),
  status: z
    .array(z.enum(STATUS_FILTERS))
    .max(STATUS_FILTERS.length)
    .optional()
    .describe(
      'Any of these outcomes (ok: 100 to 399; client_left: 499; failed: every other status, and no answer) or classes of statuses (none: no answer); absent: all',
    ),
  text: SearchTextSchema.min(1)
    .max(256)
    .optional()
    .describe(
      'Words that the captured prompt or answer has, in capitals or not: all of them, "next to each other", -without, this or that. Only requests whose bodies are kept are found. Absent: all',
    ),
});
export type ActivityFilter = z.infer<typeof ActivityFilterSchema>;

/** What a row's attempt was in its request to /v1. */
export const RowDispatchSchema = z
  .object({
    joined: z
      .enum(['exact', 'matched'])
      .describe(
        'exact: by its request id, or the row is made of the dispatch; matched: by host, model, path, time and tokens, which may err between requests that are alike',
      ),
    attempt: z.int().min(1).describe('Which attempt of the dispatch it is, from 1'),
    attempts: z.int().min(1).describe('How many attempts it took; more than one: it failed over'),
    outcome: RouteAttemptSchema.shape.outcome,
  })
  .meta({ id: 'RowDispatch' });

/** Where a search found what it looked for. */
export const FoundTextSchema = z
  .object({
    in: z.enum(['prompt', 'answer']).describe('Which of both has it'),
    parts: z
      .array(
        z.object({
          text: z.string().describe('As it stands there, spaces and line ends as one space'),
          hit: z.boolean().describe('It is what was looked for'),
        }),
      )
      .describe('One after the other they are a short piece of the text'),
  })
  .meta({ id: 'FoundText' });
export type FoundText = z.infer<typeof FoundTextSchema>;

export const ActivityRowSchema = RequestSchema.omit({ at: true, endedAt: true, dispatchId: true })
  .extend({
    key: z.string().describe('Opaque; names this row in URLs'),
    dispatchId: z
      .uuid()
      .nullable()
      .optional()
      .describe(
        'The request to /v1 that it came from, see GET /api/routing/dispatches/{id}; null or absent: it did not, or is not known to',
      ),
    dispatch: RowDispatchSchema.nullable()
      .optional()
      .describe(
        'How the two belong together; null or absent: without a dispatch, or what became of it is not known here',
      ),
    found: FoundTextSchema.optional().describe('Where the `text` that was asked for is; absent: none was'),
  })
  .meta({ id: 'ActivityRow' });
export type ActivityRow = z.infer<typeof ActivityRowSchema>;

const cursor = z
  .string()
  .max(512)
  .optional()
  .describe('nextCursor of the page before; absent: the first page');
const nextCursor = z.string().nullable().describe('null: nothing older');
/** Of answers that had no pages at first, and were cut to one message of the bus. */
const laterNextCursor = z
  .string()
  .nullable()
  .optional()
  .describe(
    'Ask again with it as `cursor`; null: this was the last page; absent: the service is too old to have pages',
  );

export const ActivityQuerySchema = ActivityFilterSchema.extend({
  dispatchId: z
    .uuid()
    .optional()
    .describe('Rows of this request to /v1 only: one for each attempt that a host took; absent: all'),
  ran: z
    .boolean()
    .optional()
    .describe(
      'true: rows that were under way at some time between `from` and `to`, those too that ended up to 24 h later; false or absent: those that ended between them',
    ),
  limit: z.int().min(1).max(500).default(100).describe('Rows of a page at most'),
  cursor,
});
export const ActivityPageSchema = z
  .object({
    rows: z.array(ActivityRowSchema).describe('Newest first'),
    nextCursor,
    searched: z
      .object({
        since: InstantSchema.nullable().describe(
          'Time of the oldest request whose bodies are kept; null: none are',
        ),
        unread: z
          .int()
          .min(0)
          .describe(
            'Kept bodies that cannot be searched yet: they are older than the search, and are being read',
          ),
      })
      .optional()
      .describe('What a `text` was looked for in; absent: none was'),
  })
  .meta({ id: 'ActivityPage' });
export type ActivityPage = z.infer<typeof ActivityPageSchema>;

export const ActivityEntryQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  entryId: z.int().min(0).describe('The host’s row id'),
  ts: InstantSchema,
});
export const ActivityEntrySchema = z
  .object({
    row: ActivityRowSchema.describe('The request'),
    capture: CaptureSchema.nullable().describe('The bodies; null: see captureState'),
    captureState: z
      .enum(['stored', 'none', 'pending', 'gone'])
      .describe(
        'none: the host kept none; pending: not stored yet; gone: pruned by the budget or lost before it could be fetched',
      ),
    endedAt: InstantSchema.optional().describe(
      'When it ended by our clock, as nearly as that is known: to hold it against logs and events. row.ts is by the clock of its host. Absent: the service is too old to tell',
    ),
  })
  .meta({ id: 'ActivityEntry' });
export type ActivityEntry = z.infer<typeof ActivityEntrySchema>;

export const TotalsQuerySchema = ActivityFilterSchema.extend({
  groupBy: z
    .array(z.enum(['provider', 'model', 'source']))
    .max(3)
    .default([])
    .describe('One group for each combination that occurs; empty: one for all'),
  bucketS: z
    .int()
    .min(60)
    .max(31 * 86_400)
    .optional()
    .describe('Seconds of a time bucket; absent: one total over the whole range'),
  limit: z.int().min(1).max(2500).optional().describe('Groups of a page at most; absent: 2500'),
  cursor,
});
const figures = {
  requests: z.int().describe('Finished requests'),
  errors: z
    .int()
    .describe('Of those, the failed ones: no answer, or a status from 400 but 499 (the client left)'),
  inputTokens: z.number().describe('Prompt tokens as the hosts count them, summed up; see promptTokens'),
  promptTokens: z
    .number()
    .optional()
    .describe('Whole prompts, new and cached tokens, summed up; absent: the service is too old to tell'),
  cacheTokens: z.number().describe('Prompt tokens served from the KV cache, summed up'),
  outputTokens: z.number().describe('Generated tokens, summed up'),
  durationMs: z.number().describe('Sum'),
  genTps: z.number().nullable().describe('Mean over requests that report it, weighted by output tokens'),
  promptTps: z.number().nullable().describe('Mean over requests that report it, weighted by inputTokens'),
};
export const TotalsSchema = z
  .object({
    groups: z
      .array(
        z.object({
          bucket: InstantSchema.nullable().describe('Start of the time bucket; null without bucketS'),
          providerId: z.string().nullable().describe('null unless grouped by provider'),
          model: z.string().nullable().describe('null unless grouped by model'),
          source: z.string().nullable().describe('null unless grouped by source'),
          ...figures,
        }),
      )
      .describe('By bucket, host, model, consumer'),
    rest: z
      .object(figures)
      .nullable()
      .optional()
      .describe(
        'All groups of the pages that follow, added up, so that sums are right without asking for them; null: none follow; absent: the service is too old to have pages',
      ),
    nextCursor: laterNextCursor,
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
    .describe(
      'The step is the smallest sensible one that gives no more points; longer where a host has so many GPUs that they would not fit into one answer',
    ),
});
const stat = z.object({
  avg: z.number().nullable().describe('Mean over the step; null: not reported'),
  max: z.number().nullable().describe('Highest of the step; null: not reported'),
});
const gpuId = z.int().describe('Index of the GPU on its host');
export const PerfSeriesSchema = z
  .object({
    providerId: ProviderIdSchema,
    stepS: z.int().describe('Seconds from one point to the next'),
    resolution: z.enum(['raw', 'rollup']).describe('raw samples, or the 5-minute rollups'),
    gpus: z
      .array(
        z.object({
          id: gpuId,
          name: z.string().describe('Its name, as the host shows it'),
          memTotalMb: z.number().nullable().describe('Memory, MB; null: not reported'),
        }),
      )
      .describe('Every GPU that the range has samples of'),
    points: z
      .array(
        z.object({
          ts: InstantSchema.describe('Start of the step'),
          samples: z.int().describe('Samples in the step'),
          gpus: z
            .array(
              z.object({
                id: gpuId,
                utilPct: stat.describe('Load, percent'),
                memUsedMb: stat.describe('Memory in use, MB'),
                tempC: stat.describe('Degrees Celsius'),
                powerW: stat.describe('Power drawn, watts'),
              }),
            )
            .describe('GPU by GPU'),
          cpuUtilPct: stat.describe('Mean over all cores, percent'),
          memUsedMb: stat.describe('System memory in use, MB'),
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
  providerId: z.array(ProviderIdSchema).max(64).optional().describe('Any of these hosts; absent: all'),
  model: z.array(ModelIdSchema).max(64).optional().describe('Any of these models; absent: all'),
  limit: z.int().min(1).max(2000).default(500).describe('Events of a page at most'),
  cursor,
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
    detail: z.record(z.string(), z.unknown()).describe('More, by state'),
  })
  .meta({ id: 'ModelEvent' });
export type ModelEvent = z.infer<typeof ModelEventSchema>;
export const ModelEventsSchema = z
  .object({ events: z.array(ModelEventSchema).describe('Newest first'), nextCursor })
  .meta({ id: 'ModelEvents' });

export const SwapsQuerySchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional().describe('Any of these hosts; absent: all'),
  limit: z.int().min(1).max(5000).optional().describe('Entries of a page at most; absent: 5000'),
  cursor,
});
export const SwapsSchema = z
  .object({
    swaps: z
      .array(
        z.object({
          providerId: z.string().describe('Provider id'),
          model: z.string().describe('Model id'),
          loads: z.int().describe('Times it became ready'),
          failed: z.int().describe('Loads that ended before it was ready'),
        }),
      )
      .describe('One for each host and model, in their order'),
    nextCursor: laterNextCursor,
  })
  .meta({ id: 'Swaps' });
export type Swaps = z.infer<typeof SwapsSchema>;

export const ModelFiguresQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  ...range,
  limit: z.int().min(1).max(1000).optional().describe('Models of a page at most; absent: 1000'),
  cursor,
});
export const ModelFiguresSchema = z
  .object({
    models: z
      .array(
        z.object({
          model: z.string().describe('Model id'),
          ...figures,
          genTpsP50: z.number().nullable().describe('Median over requests that report it; null: none does'),
          genTpsP95: z
            .number()
            .nullable()
            .describe('95th percentile over requests that report it: 5 % are faster; null: none does'),
          recentGenTps: z
            .number()
            .nullable()
            .optional()
            .describe(
              'Weighted median of tokens a second: a request counts half as much for each 3 days that it is older; null: none reports it; absent: an older fleet-state',
            ),
          recentTtftMs: z
            .number()
            .nullable()
            .optional()
            .describe(
              'Weighted median of the milliseconds that the new tokens of a prompt took, as recentGenTps; null: no request reports it',
            ),
          loads: z.int().describe('Times it became ready'),
          failedLoads: z.int().describe('Loads that ended before it was ready'),
          loadMsP50: z
            .number()
            .nullable()
            .describe(
              'Median time from the start of a load to ready; null: no load was followed from end to end',
            ),
        }),
      )
      .describe('By model id; models that had neither requests nor loads are absent'),
    nextCursor: z.string().nullable().describe('Ask again with it as `cursor`; null: this was the last page'),
  })
  .meta({ id: 'ModelFigures' });
export type ModelFigures = z.infer<typeof ModelFiguresSchema>;

export const ModelLoadsQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  model: ModelIdSchema,
  limit: z.int().min(1).max(100).default(20).describe('Loads at most'),
});
export const ModelLoadsSchema = z
  .object({
    loads: z
      .array(
        z.object({
          startedAt: InstantSchema.describe('When the load was first seen'),
          readyAt: InstantSchema.nullable().describe('When it was ready; null: it never was'),
          readyBefore: z.array(ModelIdSchema).describe('Models that were ready just before'),
          stopped: z
            .array(ModelIdSchema)
            .describe('Of those, the ones that were stopped by the time it ended'),
        }),
      )
      .describe('Loads that were followed live, newest first'),
  })
  .meta({ id: 'ModelLoads' });
export type ModelLoads = z.infer<typeof ModelLoadsSchema>;

export const GapsQuerySchema = z.strictObject({
  ...range,
  providerId: z.array(ProviderIdSchema).max(64).optional().describe('Any of these hosts; absent: all'),
  limit: z.int().min(1).max(5000).optional().describe('Gaps of a page at most; absent: 5000'),
  cursor,
});
export const GapsSchema = z
  .object({
    gaps: z
      .array(
        z.object({
          providerId: z.string().describe('Provider id'),
          kind: z
            .enum(['unreachable', 'lost'])
            .describe(
              'unreachable: the host could not be followed; lost: rows or samples that cannot be had any more',
            ),
          fromTs: InstantSchema.describe('Where it begins'),
          toTs: InstantSchema.nullable().describe('null: still open'),
          reason: z.string().describe('Why, by kind'),
          missingRows: z
            .int()
            .min(0)
            .nullable()
            .optional()
            .describe(
              'How many rows, samples or bodies are lost: `missing` of the gap fact, which always has it. null where that is null (nothing tells how many) and for `unreachable`; absent only in the answer of a service that is too old to pass it on',
            ),
        }),
      )
      .describe('Newest first, by where they begin'),
    nextCursor: laterNextCursor,
  })
  .meta({ id: 'Gaps' });
export type Gaps = z.infer<typeof GapsSchema>;

/** What the table knows of the fleet, to rebuild it when the bus was wiped. */
export const SeedQuerySchema = z.strictObject({
  recentSince: AnyInstantSchema.describe('How far back requests are told'),
  after: ProviderIdSchema.optional().describe('`nextAfter` of the page before; absent: the first page'),
  afterModel: SearchTextSchema.optional().describe(
    '`nextAfterModel` of the page before, where it had one: the models of host `after` go on behind this one',
  ),
});
export const SeedSchema = z.object({
  hosts: z
    .array(
      z.object({
        providerId: ProviderIdSchema,
        models: z
          .array(
            z.object({
              model: z.string().describe('Model id'),
              state: ModelStateSchema,
              ts: InstantSchema.describe('When'),
            }),
          )
          .describe('Newest event of each model'),
        lastEndByModel: z
          .record(z.string(), InstantSchema)
          .describe('When the last request of each model ended'),
        recent: z
          .array(RequestSchema)
          .describe('Requests since recentSince, ascending: the newest ones, as many as fit'),
        perf: PerfSchema.nullable().describe('The newest sample; null: none'),
        gap: z
          .object({
            fromTs: InstantSchema,
            toTs: InstantSchema,
            reason: GapReasonSchema,
            missing: GapSchema.shape.missing
              .optional()
              .describe('`missing` of the gap fact; absent: the service is too old to pass it on'),
          })
          .nullable()
          .describe('The newest gap; null: none'),
      }),
    )
    .describe(
      'Hosts that are not removed, by id. Where a host goes on from the page before, it has only the models that are left',
    ),
  nextAfter: ProviderIdSchema.nullable()
    .optional()
    .describe('Ask again with `after`: many hosts do not fit into one message; null: these were the last'),
  nextAfterModel: SearchTextSchema.nullable()
    .optional()
    .describe(
      'Ask again with `afterModel` too: the last host has more models than fit into one message; null or absent: it is whole',
    ),
});
export type Seed = z.infer<typeof SeedSchema>;

/** Asked of the ingest process that holds the host (`calls.reconnect`). */
export const ReconnectRequestSchema = z.strictObject({ providerId: ProviderIdSchema });
export const ReconnectReplySchema = z.object({ accepted: z.literal(true).describe('The attempt begins') });

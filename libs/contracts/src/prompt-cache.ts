import { z } from 'zod';
import { AnyInstantSchema, InstantSchema, ModelIdSchema, ProviderIdSchema, SourceSchema } from './common.js';

/** Whether the beginnings of prompts stay as they are, so that hosts need not read them again. Hashes and lengths; never text. */

const count = z.int().min(0);
const ms = z.number().min(0);

/** Of a session: what stands for its name, which is not kept. */
export const SessionHashSchema = z
  .string()
  .regex(/^[\w-]{22}$/)
  .describe('Stands for a session: the first 128 bits of a SHA-256 (base64url) of the consumer and its name')
  .meta({ id: 'SessionHash' });

const PrefixHashSchema = z
  .string()
  .regex(/^[\w-]{43}$/)
  .describe('SHA-256 (base64url) over the segments of a prompt');

export const SegmentKindSchema = z
  .enum(['tools', 'system', 'message', 'text'])
  .describe(
    'Parts of a prompt, in the order in which templates write them; text: a piece of a prompt that is one text',
  );

/** How the prompt of a request begins, held against those of its session. */
export const PrefixMarkSchema = z
  .object({
    session: SessionHashSchema,
    hash: PrefixHashSchema.describe('Of the whole prompt: SHA-256 (base64url) over its segments'),
    bytes: count.describe('Of its segments'),
    segments: count.describe('Tools, system and messages; of a prompt that is one text, pieces of 512 bytes'),
    relation: z
      .enum(['first', 'continued', 'rewound', 'changed'])
      .describe(
        'To the session so far. first: it begins a conversation; continued: it begins with all of the last prompt; rewound: it is the beginning of the last prompt, or differs in its last message alone; changed: what was sent before is not what it was, a drift',
      ),
  })
  .describe('How a prompt begins, and whether its session had begun like that')
  .meta({ id: 'PrefixMark' });
export type PrefixMark = z.infer<typeof PrefixMarkSchema>;

/** The prompt changed before its end. */
const DRIFT_CAUSES = [
  'tools_reordered',
  'tools_changed',
  'system_timestamp',
  'system_changed',
  'message_edited',
  'messages_removed',
  'text_changed',
] as const;
/** The prompt began as before, and the cache did not have it. */
const MISS_CAUSES = [
  'other_host',
  'other_model',
  'model_reloaded',
  'evicted',
  'other_slot',
  'unknown',
] as const;

export const PrefixCauseSchema = z
  .enum([...DRIFT_CAUSES, ...MISS_CAUSES])
  .describe(
    'Of a drift, what came first. tools_reordered: the same tools in another order; tools_changed; system_timestamp: the system prompt differs in dates, times or the like alone; system_changed; message_edited: an earlier message is another one; messages_removed: earlier messages are gone; text_changed: of a prompt that is one text, what was there before. Of a miss, what is likely. other_host: the session was at another host before; other_model: it was with another model; model_reloaded: the model was loaded anew meanwhile; evicted: other sessions took its slot; other_slot: the model has slots enough, and it got another one; unknown',
  )
  .meta({ id: 'PrefixCause' });
export type PrefixCause = z.infer<typeof PrefixCauseSchema>;

const SeenBySchema = z
  .enum(['gateway', 'capture'])
  .describe('gateway: the request came through /v1; capture: a host had kept it');

const HostRowSchema = z
  .object({
    entryId: count.describe('The host’s row id'),
    ts: InstantSchema.describe('The host’s timestamp of the row'),
  })
  .describe('The host’s own row of a request that went straight to it');

const keySchema = z.string().regex(/^[0-9a-f]{16}$/);

export const CapturedPromptSchema = z
  .object({
    providerId: ProviderIdSchema,
    at: InstantSchema.describe('When ingest stated it'),
    ...HostRowSchema.shape,
    source: SourceSchema,
    session: SessionHashSchema,
    isNamed: z
      .boolean()
      .describe('true: the client said which session it is; false: its first message stands for it'),
    inputs: z
      .record(z.string().max(64), z.string().max(16))
      .describe('Names of x-boo-prefix-inputs, with hashes of their values'),
    hash: PrefixHashSchema.describe('Of the whole prompt'),
    bytes: count.describe('Of the prompt'),
    segments: z
      .array(
        z.object({
          kind: SegmentKindSchema,
          role: z.string().max(32).nullable().describe('Of a message; null: it has none'),
          bytes: count.describe('Of its text'),
          key: keySchema.describe('The first 64 bits of its SHA-256, in hexadecimal'),
          looseKey: keySchema
            .nullable()
            .describe(
              'The same of tools whatever their order, of a system prompt whatever its dates and times; null: as key',
            ),
        }),
      )
      .max(4_096)
      .describe('In the order of the template'),
  })
  .describe(
    'How the prompt of a request begins that went straight to a host and that the host kept: hashes and lengths, made before the capture was cut. It comes before the host’s row of it. Nats-Msg-Id is `<provider>:prompt:<entryId>:<ts>`.',
  )
  .meta({ id: 'CapturedPrompt' });
export type CapturedPrompt = z.infer<typeof CapturedPromptSchema>;

export const DirectPromptSchema = z
  .object({
    id: z.uuid().describe('Made of the host and its row'),
    at: InstantSchema.describe('When the request came'),
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    source: SourceSchema,
    row: HostRowSchema,
    promptTokens: count.nullable().describe('The whole prompt; null: not told'),
    cacheTokens: count.nullable().describe('Of it, from the cache; null: not told'),
    prefix: PrefixMarkSchema.nullable().describe('How it begins; null: the host kept no copy of it'),
  })
  .describe(
    'A request that went straight to a host, and what the prompt cache did for it. Nats-Msg-Id is `prompt-` and its id.',
  )
  .meta({ id: 'DirectPrompt' });
export type DirectPrompt = z.infer<typeof DirectPromptSchema>;

export const PrefixDriftSchema = z
  .object({
    id: z.uuid().describe('Of what was observed; of a request to /v1, its x-request-id'),
    at: InstantSchema.describe('When the request came'),
    kind: z
      .enum(['drift', 'miss'])
      .describe('drift: the beginning of the prompt changed; miss: it did not, and the cache had it not'),
    cause: PrefixCauseSchema,
    seenBy: SeenBySchema,
    dispatchId: z
      .uuid()
      .nullable()
      .describe('x-request-id of the request; null: it did not come through /v1'),
    row: HostRowSchema.optional(),
    session: SessionHashSchema,
    consumer: SourceSchema,
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    previousProviderId: ProviderIdSchema.describe('Where the session was before'),
    previousModel: ModelIdSchema.describe('Which model it had there'),
    previousAt: InstantSchema.describe('When its request before came'),
    previousHash: PrefixHashSchema.describe('Of the whole prompt before'),
    hash: PrefixHashSchema.describe('Of the whole prompt'),
    previousBytes: count.describe('Of the prompt before'),
    bytes: count.describe('Of the prompt'),
    sameBytes: count.describe('Of the segments that both begin with'),
    firstChangedSegment: z
      .object({
        index: count.describe('Among all segments, from 0'),
        kind: SegmentKindSchema,
        role: z.string().max(32).nullable().describe('Of a message; null: it has none'),
      })
      .nullable()
      .describe('Where they part; null: they do not'),
    changedInputs: z
      .array(z.string().max(80))
      .max(64)
      .describe(
        'What changed: segments by comparison ("tools reordered", "timestamp in system", "message 3 edited"), and names that the client declared in x-boo-prefix-inputs whose value differs',
      ),
    promptTokens: count.nullable().describe('The whole prompt; null: not told'),
    cachedTokens: count.nullable().describe('Of it, from the cache; null: not told'),
    expectedCachedTokens: count
      .nullable()
      .describe('What the cache would have had, had nothing changed: the prompt before; null: not known'),
    lostTokens: count
      .nullable()
      .describe('Tokens that were read again: expected less cached; null: one of them is not known'),
    lostMs: ms
      .nullable()
      .describe(
        'Milliseconds that reading them again took, by the speed with which this model read this prompt at this host, else the last ones; null: not known',
      ),
  })
  .describe(
    'A session’s prompt that did not begin as before, or did and was not in the cache. Never its text. Nats-Msg-Id is `drift-` and its id.',
  )
  .meta({ id: 'PrefixDrift' });
export type PrefixDrift = z.infer<typeof PrefixDriftSchema>;

const period = {
  from: AnyInstantSchema.optional().describe('At or after this; absent: 24 hours before `to`'),
  to: AnyInstantSchema.optional().describe('Before this; absent: until now'),
};
const whose = {
  source: SourceSchema.optional().describe('Of this consumer; absent: of all'),
  model: ModelIdSchema.optional().describe('With this model; absent: with all'),
  providerId: ProviderIdSchema.optional().describe('At this host; absent: at all'),
};

export const CacheRatesQuerySchema = z.strictObject({ ...period, ...whose });
/** GET /api/prompt-cache/rates */
export const CacheRatesSchema = z
  .object({
    from: InstantSchema.describe('Beginning of the period'),
    to: InstantSchema.describe('End of the period'),
    stepS: z.int().min(1).describe('Seconds of a point'),
    series: z
      .array(
        z.object({
          source: SourceSchema,
          model: ModelIdSchema,
          requests: count.describe('Of which the host told tokens of the prompt and cached ones'),
          promptTokens: count.describe('Of all of them'),
          cacheTokens: count.describe('Of these, from the cache; divided by promptTokens it is the hit rate'),
          points: z
            .array(
              z.object({
                at: InstantSchema.describe('Beginning of the point'),
                requests: count.describe('That came within it'),
                promptTokens: count.describe('Of them'),
                cacheTokens: count.describe('Of these, from the cache'),
              }),
            )
            .describe('In order of time; where nothing was asked there is none'),
        }),
      )
      .describe('By consumer and model, most tokens of prompts first; at most 50'),
    leftOut: count.describe('Further pairs of consumer and model'),
  })
  .meta({ id: 'CacheRates' });
export type CacheRates = z.infer<typeof CacheRatesSchema>;

const costs = {
  drifts: count.describe('Prompts that changed before their end'),
  misses: count.describe('Prompts that did not change and were not in the cache'),
  lostTokens: count.describe('Read again because of either, as far as it is known'),
  lostMs: ms.describe('Milliseconds that it took, as far as it is known'),
};

export const CacheTotalsQuerySchema = z.strictObject({ ...period, ...whose });
/** GET /api/prompt-cache/totals */
export const CacheTotalsSchema = z
  .object({
    from: InstantSchema.describe('Beginning of the period'),
    to: InstantSchema.describe('End of the period'),
    requests: count.describe('Of which the host told tokens of the prompt and cached ones'),
    promptTokens: count.describe('Of them'),
    cacheTokens: count.describe('Of these, from the cache'),
    sessions: count.describe('That were there'),
    ...costs,
    causes: z
      .array(
        z.object({
          kind: PrefixDriftSchema.shape.kind,
          cause: PrefixCauseSchema,
          count: z.int().min(1).describe('How often'),
          sessions: z.int().min(1).describe('In how many sessions'),
          lostTokens: costs.lostTokens,
          lostMs: costs.lostMs,
          lastAt: InstantSchema.describe('When it last happened'),
        }),
      )
      .describe('What cost most first'),
  })
  .meta({ id: 'CacheTotals' });
export type CacheTotals = z.infer<typeof CacheTotalsSchema>;

export const PrefixDriftsQuerySchema = z.strictObject({
  ...period,
  ...whose,
  kind: PrefixDriftSchema.shape.kind.optional().describe('Of this kind; absent: of both'),
  cause: PrefixCauseSchema.optional().describe('With this cause; absent: with any'),
  session: SessionHashSchema.optional().describe('Of this session; absent: of all'),
  order: z
    .enum(['newest', 'cost'])
    .default('newest')
    .describe('newest: newest first; cost: most milliseconds lost first'),
  limit: z.int().min(1).max(500).default(100).describe('Of a page at most'),
  cursor: z.string().max(512).optional().describe('nextCursor of the page before; absent: the first page'),
});
/** GET /api/prompt-cache/drifts */
export const PrefixDriftsSchema = z
  .object({
    drifts: z.array(PrefixDriftSchema).describe('In the order that was asked for'),
    nextCursor: z.string().nullable().describe('null: no more'),
  })
  .meta({ id: 'PrefixDrifts' });
export type PrefixDrifts = z.infer<typeof PrefixDriftsSchema>;

export const CacheSessionSchema = z
  .object({
    session: SessionHashSchema,
    source: SourceSchema,
    providerId: ProviderIdSchema.describe('Where it was last'),
    model: ModelIdSchema.describe('Which model it had last'),
    requests: z.int().min(1).describe('In the period'),
    firstAt: InstantSchema.describe('Of its requests in the period'),
    lastAt: InstantSchema.describe('Of its requests in the period'),
    segments: count.describe('Of its last prompt'),
    bytes: count.describe('Of its last prompt'),
    promptTokens: count.describe('Of its requests of which the host told both'),
    cacheTokens: count.describe('Of these, from the cache'),
    ...costs,
  })
  .meta({ id: 'CacheSession' });
export type CacheSession = z.infer<typeof CacheSessionSchema>;

export const CacheSessionsQuerySchema = z.strictObject({
  ...period,
  ...whose,
  limit: z.int().min(1).max(200).default(50).describe('Of a page at most'),
  cursor: z.string().max(512).optional().describe('nextCursor of the page before; absent: the first page'),
});
/** GET /api/prompt-cache/sessions */
export const CacheSessionsSchema = z
  .object({
    sessions: z.array(CacheSessionSchema).describe('Who was there last, first'),
    nextCursor: z.string().nullable().describe('null: no more'),
  })
  .meta({ id: 'CacheSessions' });
export type CacheSessions = z.infer<typeof CacheSessionsSchema>;

export const CacheTurnsQuerySchema = z.strictObject(period);
/** GET /api/prompt-cache/sessions/{session} */
export const CacheTurnsSchema = z
  .object({
    turns: z
      .array(
        z.object({
          id: z.uuid().describe('x-request-id; of one that went straight to a host, made of its row'),
          row: HostRowSchema.optional(),
          at: InstantSchema.describe('When it came'),
          providerId: ProviderIdSchema,
          model: ModelIdSchema,
          prefix: PrefixMarkSchema,
          promptTokens: count.nullable().describe('The whole prompt; null: not told'),
          cacheTokens: count.nullable().describe('Of it, from the cache; null: not told'),
          drift: PrefixDriftSchema.nullable().describe('What went wrong with it; null: nothing'),
        }),
      )
      .describe('Newest first, at most 500'),
  })
  .meta({ id: 'CacheTurns' });
export type CacheTurns = z.infer<typeof CacheTurnsSchema>;

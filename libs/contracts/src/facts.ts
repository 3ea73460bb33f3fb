import { z } from 'zod';
import {
  HostInstantSchema,
  InstantSchema,
  ModelIdSchema,
  ProblemSchema,
  ProviderIdSchema,
  ShallowSchema,
  SourceSchema,
} from './common.js';

const base = {
  providerId: ProviderIdSchema,
  at: InstantSchema.describe('When ingest stated the fact'),
};
const count = z.int().min(0);
/** Sums over many of them must not overflow. */
const finite = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const measured = finite.nullable();

export const GenerationSchema = z
  .enum(['A', 'B', 'C'])
  .describe('Wire generation: A up to v235, B v236 to v239, C v240 and later')
  .meta({ id: 'Generation' });
export type Generation = z.infer<typeof GenerationSchema>;

export const LivenessStateSchema = z
  .enum(['connecting', 'connected', 'reconnecting', 'down', 'disabled'])
  .describe('down: given up for now, tried again ever more rarely; disabled: switched off in the registry')
  .meta({ id: 'LivenessState' });
export type LivenessState = z.infer<typeof LivenessStateSchema>;

export const LivenessSchema = z
  .object({
    ...base,
    state: LivenessStateSchema,
    since: InstantSchema.describe('When this state began'),
    attempt: count.describe('Failed connection attempts in a row; 0 while connected'),
    nextAttemptAt: InstantSchema.nullable().describe(
      'When the next attempt is due; null while connected, connecting or disabled',
    ),
    lastSeenAt: InstantSchema.nullable().describe('When the host was last heard; null when never'),
    rowsCompleteUntil: InstantSchema.nullish().describe(
      'Requests that ended until then are all on the log, or a gap tells of them; null or absent: not known',
    ),
    reason: ProblemSchema.nullable().describe('Why it is not connected; null while connected'),
    generation: GenerationSchema.nullable().describe('null until the host has shown it'),
    version: z
      .object({
        version: z.string().describe('e.g. v236'),
        commit: z.string().nullable().describe('null where not told'),
        buildDate: z.string().nullable().describe('In the host’s own form; null where not told'),
      })
      .nullable()
      .describe('GET /api/version; null where not offered'),
    hardware: z
      .record(z.string(), ShallowSchema)
      .nullable()
      .describe('GET /api/hardware (generation C), as the host says it'),
    monitoring: z
      .enum(['on', 'off', 'absent', 'unknown'])
      .describe('Performance samples: on, off (503), absent (404, older builds), unknown (not asked yet)'),
    list: z
      .object({
        ms: count.describe(
          'How long it took to answer the newest time, in milliseconds, give or take a fourth',
        ),
        leftOut: count.describe('Entries that are not among its models: too many, or not to be read'),
      })
      .nullish()
      .describe(
        'GET /v1/models of a provider that is followed by its list alone (kinds openai and boocontrol-gateway); null or absent: it is not, or was not read yet',
      ),
  })
  .describe('Whether the host can be followed, and why not. Carries the whole current value.')
  .meta({ id: 'Liveness' });
export type Liveness = z.infer<typeof LivenessSchema>;

export const ModelStateSchema = z
  .enum(['stopped', 'starting', 'ready', 'stopping', 'shutdown', 'unknown', 'absent'])
  .describe(
    'The host’s states; "absent": the model left the host’s list; "unknown": a state this version does not know',
  )
  .meta({ id: 'ModelState' });
export type ModelState = z.infer<typeof ModelStateSchema>;

export const ModelSchema = z
  .object({
    id: ModelIdSchema,
    name: z.string().describe('Its name, as the host shows it'),
    description: z.string().describe('What its host’s config says of it; may be empty'),
    state: ModelStateSchema,
    since: InstantSchema.nullable().describe(
      'When this state was first observed; null when it was so at first sight',
    ),
    failedAt: InstantSchema.nullable().describe(
      'Last load that ended before the model was ready; null once it was ready again',
    ),
    unlisted: z.boolean().describe('true: the host serves it without listing it'),
    peerId: z.string().nullable().describe('Set for models that a peer of the host serves'),
    aliases: z.array(z.string()).describe('Other names that requests may use for it'),
    capabilities: z.array(z.string()).describe('What it can do, in the host’s words'),
    contextLength: count.nullable().describe('Tokens; from the host’s config or the running server’s /props'),
    ttlS: count.nullable().describe('Idle seconds until unload, 0 = never; known only of running models'),
    slots: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Requests that its server works on at the same time, as its /props said when it was last loaded; absent: not told',
      ),
    available: z
      .boolean()
      .optional()
      .describe(
        'false: its provider, another BooControl, says that it would refuse a request for it now; absent: nothing is said',
      ),
  })
  .meta({ id: 'Model' });
export type Model = z.infer<typeof ModelSchema>;

export const ModelsSchema = z
  .object({ ...base, models: z.array(ModelSchema).describe('Every model that the host lists') })
  .describe('All models of the host with their states. Carries the whole current value.')
  .meta({ id: 'Models' });
export type Models = z.infer<typeof ModelsSchema>;

export const ModelChangedSchema = z
  .object({
    ...base,
    model: ModelIdSchema,
    from: ModelStateSchema.nullable().describe('null: seen for the first time'),
    to: ModelStateSchema,
    observed: z
      .enum(['live', 'after_gap'])
      .describe('after_gap: it happened at some time while the host could not be followed'),
    failed: z.boolean().describe('true: a load that ended before the model was ready'),
  })
  .describe('One model went from one state to another.')
  .meta({ id: 'ModelChanged' });
export type ModelChanged = z.infer<typeof ModelChangedSchema>;

export const InflightRequestSchema = z
  .object({
    id: z.string().describe('The host’s own id of the request in flight (for cancel)'),
    startedAt: InstantSchema.nullable().describe('When it began; null where not told'),
    model: z.string().describe('Model, as the request named it or the host resolved it'),
    reqPath: z.string().describe('Path of the request'),
    method: z.string().describe('HTTP method'),
    source: SourceSchema,
    sourceKnown: z
      .boolean()
      .optional()
      .describe(
        'false: this build does not tell who sent it before it is done (generation B), and source is "unattributed" for want of better; true or absent: source is what its headers say',
      ),
    remoteIp: z.string().nullable().describe('Who sent it, as the host sees it; null where not told'),
    respBytes: count.nullable().describe('Bytes answered so far; null where not told'),
    dispatchId: z
      .uuid()
      .nullable()
      .optional()
      .describe(
        'The request to /v1 that it is: x-boo-request-id of its headers (generation C); null: they have none, so it did not come from there; absent: its headers are not told',
      ),
  })
  .meta({ id: 'InflightRequest' });
export type InflightRequest = z.infer<typeof InflightRequestSchema>;

export const InflightSchema = z
  .object({
    ...base,
    total: count.describe('Requests under way'),
    requests: z
      .array(InflightRequestSchema)
      .describe('At most 200; empty in generation A, which tells only the total'),
  })
  .describe('Requests under way. Carries the whole current value.')
  .meta({ id: 'Inflight' });
export type Inflight = z.infer<typeof InflightSchema>;

export const RequestSchema = z
  .object({
    ...base,
    entryId: count.describe(
      'The host’s row id; starts again when the host restarts. (providerId, entryId, ts) is the key',
    ),
    ts: InstantSchema.describe('The host’s timestamp of the row, by the host’s clock'),
    endedAt: InstantSchema.describe(
      'When it ended by our clock: ts corrected by the host’s clock skew (its Date header) where that is more than 2 s, never after at',
    ),
    model: z.string().describe('Model, as the request named it or the host resolved it'),
    source: SourceSchema,
    reqPath: z.string().describe('Path of the request'),
    respContentType: z.string().nullable().describe('Content type of the answer; null where not told'),
    statusCode: z.int().min(0).max(999).describe('HTTP status of the answer; 0: none'),
    durationMs: finite.min(0).describe('From the request to the end of the answer, milliseconds'),
    cacheTokens: count.nullable().describe('Prompt tokens served from the KV cache; null = not reported'),
    inputTokens: count
      .nullable()
      .describe(
        'Prompt tokens as the host counts them: new ones only where the answer had llama.cpp’s `timings` (and for Anthropic’s Messages), else with the cached ones; null = not reported',
      ),
    promptTokens: count
      .nullable()
      .optional()
      .describe(
        'The whole prompt, new and cached tokens; null = not reported; absent in facts that are older than this field: `promptOf` works it out. To be required when those have left the log and the history',
      ),
    promptCounts: z
      .enum(['known', 'uncertain'])
      .optional()
      .describe(
        'uncertain: nothing told whether `inputTokens` holds the cached ones, `promptTokens` takes it that it does not; absent where promptTokens is',
      ),
    outputTokens: count.nullable().describe('Generated tokens; null = not reported'),
    draftTokens: count.nullable().describe('Tokens that speculative decoding drafted; null = not reported'),
    draftAcceptedTokens: count.nullable().describe('Of those, accepted; null = not reported'),
    promptTps: measured.describe('Prompt tokens per second; null = not reported'),
    genTps: measured.describe('Generated tokens per second; null = not reported'),
    hasCapture: z.boolean().describe('true: the host kept the bodies'),
    errorMsg: z.string().nullable().describe('The host’s words for what went wrong; null: nothing'),
    dispatchId: z
      .uuid()
      .nullable()
      .optional()
      .describe(
        'The request to /v1 that it came from: x-boo-request-id of its captured headers; null: they have none, so it did not come from there; absent: its headers are not known',
      ),
  })
  .describe(
    'A finished request. Nats-Msg-Id is `<provider>:<entryId>:<ts>`; rows of a host come in its order, without holes.',
  )
  .meta({ id: 'Request' });
export type Request = z.infer<typeof RequestSchema>;

export const GpuSchema = z
  .object({
    id: z.int().describe('Index of the GPU on its host'),
    name: z.string().describe('Its name, as the host shows it'),
    uuid: z.string().describe('The driver’s id; may be empty'),
    tempC: measured.describe('Degrees Celsius; null = not reported'),
    vramTempC: measured.describe('Memory, degrees Celsius; null = not reported'),
    utilPct: measured.describe('Load, percent; null = not reported'),
    memUtilPct: measured.describe('Load of the memory bus, percent; null = not reported'),
    memUsedMb: measured.describe('Memory in use, MB; null = not reported'),
    memTotalMb: measured.describe('Memory, MB; null = not reported'),
    fanPct: measured.describe('Fan speed, percent; null = not reported'),
    powerW: measured.describe('Power drawn, watts; null = not reported'),
  })
  .meta({ id: 'Gpu' });
export type Gpu = z.infer<typeof GpuSchema>;

export const SysSchema = z
  .object({
    cpuUtilPct: measured.describe('Mean over all cores'),
    cpuUtilPctPerCore: z.array(finite).describe('Percent, core by core'),
    memTotalMb: measured.describe('Memory, MB; null = not reported'),
    memUsedMb: measured.describe('Memory in use, MB; null = not reported'),
    memFreeMb: measured.describe('Free memory, MB; null = not reported'),
    swapTotalMb: measured.describe('Swap space, MB; null = not reported'),
    swapUsedMb: measured.describe('Swap space in use, MB; null = not reported'),
    loadAvg1: measured.describe('Load average over 1 minute; null = not reported'),
    loadAvg5: measured.describe('Load average over 5 minutes; null = not reported'),
    loadAvg15: measured.describe('Load average over 15 minutes; null = not reported'),
    net: z
      .array(
        z.object({
          name: z.string().describe('Network interface'),
          rxBytes: finite.describe('Bytes received'),
          txBytes: finite.describe('Bytes sent'),
        }),
      )
      .describe('Counters since the host booted'),
  })
  .meta({ id: 'Sys' });
export type Sys = z.infer<typeof SysSchema>;

export const PerfSchema = z
  .object({
    ...base,
    ts: InstantSchema.describe('The sample’s time by the host’s clock'),
    gpus: z
      .array(GpuSchema)
      .nullable()
      .describe('null: this sample has no GPU reading; the host’s lists have separate tickers'),
    sys: SysSchema.nullable().describe('null: this sample has no system reading'),
    gpuTs: HostInstantSchema.nullable().describe('Newest GPU reading published so far: the watermark'),
    sysTs: HostInstantSchema.nullable().describe('Newest system reading published so far: the watermark'),
  })
  .describe('One sample of GPUs and system. The newest is the current value.')
  .meta({ id: 'Perf' });
export type Perf = z.infer<typeof PerfSchema>;

export const GapReasonSchema = z
  .enum(['ring_overflow', 'host_restarted', 'perf_ring_overflow', 'capture_lost', 'projection_behind_log'])
  .describe(
    'ring_overflow: rows left the host’s ring before we saw them; host_restarted: its ring was lost with it; perf_ring_overflow: samples older than the host’s hour; capture_lost: bodies left its buffer; projection_behind_log: facts left the log before the history database had them (it was put back to an old copy, or away for too long)',
  )
  .meta({ id: 'GapReason' });
export const GapSchema = z
  .object({
    ...base,
    model: z.literal('*').describe('Always "*": the host itself'),
    state: z.literal('gap_suspected').describe('Always the same; how the gap stands among the model events'),
    fromTs: InstantSchema.describe('Where it begins'),
    toTs: InstantSchema.describe('Where it ends'),
    reason: GapReasonSchema,
    missing: count.nullable().describe('How many rows are missing, where the ids tell; else null'),
  })
  .describe('Rows or samples that cannot be had any more, with both ends of the time in question.')
  .meta({ id: 'Gap' });
export type Gap = z.infer<typeof GapSchema>;

/** The kinds of facts: the last token of a fact's subject, and the schema of its body. All else is derived from here. */
export const FactSchemas = {
  liveness: LivenessSchema,
  models: ModelsSchema,
  'model-changed': ModelChangedSchema,
  inflight: InflightSchema,
  request: RequestSchema,
  perf: PerfSchema,
  gap: GapSchema,
} as const;

export type FactKind = keyof typeof FactSchemas;
export type FactMap = { [K in FactKind]: z.infer<(typeof FactSchemas)[K]> };
export const FACT_KINDS = Object.keys(FactSchemas) as readonly FactKind[];

/** A fact as it stands in the log: its kind, its stream sequence, its body. */
export type Fact = { [K in FactKind]: { kind: K; seq: number; body: FactMap[K] } }[FactKind];

const factOf = (kind: FactKind) =>
  z.object({
    kind: z.literal(kind).describe('Last token of its subject'),
    seq: z.int().describe('Its sequence in the FLEET stream'),
    body: FactSchemas[kind].describe('The fact itself'),
  });
const [firstKind = 'liveness', ...otherKinds] = FACT_KINDS;
const factUnion = z.discriminatedUnion('kind', [factOf(firstKind), ...otherKinds.map(factOf)]);
// The compiler loses which body goes with which kind on the way through the list.
export const FactSchema = (factUnion as unknown as z.ZodType<Fact, Fact>).meta({ id: 'Fact' });

import { z } from 'zod';
import {
  AnyInstantSchema,
  InstantSchema,
  ModelIdSchema,
  ProblemSchema,
  ProviderIdSchema,
  SearchTextSchema,
  SourceSchema,
} from './common.js';
import { CursorSchema, nextCursorOf } from './paging.js';
import { PrefixMarkSchema } from './prompt-cache.js';
import { ProviderKindSchema } from './provider.js';
import { ScoreMarkSchema } from './scores.js';

/** What became of requests to the gateway's `/v1`, and the policies by which a name like `auto:code` finds a model. */

/** In place of a policy in subjects, where a request named a model itself. */
export const DIRECT = 'direct';
/** In place of a policy in subjects, where no request is told of but a prompt that changed. */
const DRIFT = 'drift';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const ms = z.number().min(0);

export const PolicyNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
    'use 1 to 32 of a-z, 0-9 and hyphen, no hyphen at the ends',
  )
  .refine((name) => name !== DIRECT && name !== DRIFT, 'is reserved; use another name')
  .describe('Name of a policy: clients ask for `auto:<name>`; the one called "auto" is `auto` alone')
  .meta({ id: 'PolicyName' });

/** The parts of a candidate’s score. Each is 0 to 1, and the higher the better. */
export const RouteTermsSchema = z
  .object({
    quality: share.describe(
      'How well the model does what the policy is for; without scores, what its name suggests',
    ),
    speed: share.describe('Measured tokens a second and time to first token of this model on this host'),
    readiness: share.describe(
      '1: loaded; less while it loads, and by how long a load takes; what it would evict counts',
    ),
    load: share.describe('1: nothing under way; 0: as much as the host can take'),
    affinity: share.describe('1: the same session, or one that begins alike, was there last'),
    price: share.describe('1: costs nothing'),
  })
  .meta({ id: 'RouteTerms' });
export type RouteTerms = z.infer<typeof RouteTermsSchema>;

export const RoutePolicyInputSchema = z
  .strictObject({
    description: z.string().trim().max(200).default('').describe('What it is for, in words'),
    weights: RouteTermsSchema.describe('How much each part of the score counts'),
    category: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .nullable()
      .default(null)
      .describe('Which scores of quality count, e.g. agent-coding; null: the overall one'),
    providers: z.array(ProviderIdSchema).max(64).default([]).describe('Only these; empty: all'),
    tags: z
      .array(z.string().min(1).max(32))
      .max(16)
      .default([])
      .describe('Only providers with one of these; empty: all'),
    models: z
      .array(z.string().min(1).max(256))
      .max(64)
      .default([])
      .describe('Only models whose id fits one of these, `*` for any text; empty: all'),
    attempts: z.int().min(1).max(3).default(3).describe('Hosts that are tried at most'),
    firstByteS: z
      .number()
      .min(1)
      .max(3_600)
      .default(600)
      .describe('Seconds until the first byte of one host, a cold load included'),
    budgetS: z
      .number()
      .min(1)
      .max(86_400)
      .nullable()
      .default(null)
      .describe(
        'Seconds until an answer has begun, over all hosts that are tried, queues and pauses included; null: no limit but those of each host',
      ),
    hedgeAfterMs: z
      .int()
      .min(50)
      .max(60_000)
      .nullable()
      .default(null)
      .describe(
        'Milliseconds of silence of a host before another one that has the same model loaded and nothing to do is asked too; whoever answers first counts; null: never',
      ),
    maxPrice: z
      .number()
      .min(0)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe(
        'US dollars for a million generated tokens at most; services whose price is not known are left out too; null: any price',
      ),
  })
  .meta({ id: 'RoutePolicyInput' });
export type RoutePolicyInput = z.infer<typeof RoutePolicyInputSchema>;

export const RoutePolicySchema = RoutePolicyInputSchema.extend({
  name: PolicyNameSchema,
  version: z.int().min(1).describe('Counts its changes; a record names the version that decided'),
  isBuiltIn: z.boolean().describe('true: present from the first start; it can be changed, not removed'),
  updatedAt: InstantSchema.describe('When it last changed'),
}).meta({ id: 'RoutePolicy' });
export type RoutePolicy = z.infer<typeof RoutePolicySchema>;

export const NewRoutePolicySchema = RoutePolicyInputSchema.extend({ name: PolicyNameSchema }).meta({
  id: 'NewRoutePolicy',
});
export const RoutePoliciesSchema = z
  .object({ policies: z.array(RoutePolicySchema).describe('By name, the built-in ones first') })
  .meta({ id: 'RoutePolicies' });
export type RoutePolicies = z.infer<typeof RoutePoliciesSchema>;

/** GET /api/routing/policies/{name}/versions */
export const RoutePolicyVersionsSchema = z
  .object({
    versions: z
      .array(
        z.object({
          version: z.int().min(1).describe('As records of requests name it'),
          at: InstantSchema.describe('When it was made'),
          policy: RoutePolicyInputSchema.nullable().describe('As it was from then on; null: removed'),
        }),
      )
      .describe('Newest first, at most 100'),
  })
  .meta({ id: 'RoutePolicyVersions' });
export type RoutePolicyVersions = z.infer<typeof RoutePolicyVersionsSchema>;

/** Codes of errors that `/v1` makes itself; a host’s own error passes unchanged where a host answered. */
export const GATEWAY_ERROR_CODES = [
  'model_not_found',
  'provider_offline',
  'provider_unhealthy',
  'provider_disabled',
  'host_leased',
  'context_too_long',
  'no_candidate',
  'queue_full',
  'key_invalid',
  'key_forbidden',
  'rate_limited',
  'upstream_error',
  'upstream_timeout',
  'bad_request',
  'body_too_large',
  'cancelled',
  'internal',
] as const;
export type GatewayErrorCode = (typeof GATEWAY_ERROR_CODES)[number];

export const RouteFilterSchema = z
  .enum([
    'offline',
    'unhealthy',
    'disabled',
    'maintenance',
    'leased',
    'load_failed',
    'context_too_long',
    'capability_missing',
    'key_forbidden',
    'policy_excludes',
    'too_expensive',
  ])
  .describe(
    'Why a candidate was left out. unhealthy: its breaker is open; load_failed: it could not be loaded in the last minutes; too_expensive: above the policy’s maxPrice',
  );
export type RouteFilter = z.infer<typeof RouteFilterSchema>;

export const RouteCandidateSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    filter: RouteFilterSchema.nullable().describe('null: it could have been chosen'),
    why: z.string().nullable().describe('The filter in a sentence; null without one'),
    score: z
      .number()
      .nullable()
      .describe('Weighted mean of its terms; null when it was left out or nothing was to choose'),
    terms: RouteTermsSchema.nullable().describe('null with the score'),
    isSure: z
      .boolean()
      .optional()
      .describe(
        'Whether it is known to be able to do what is asked; those of which it is not come after all others, whatever their score; absent without terms, and in records that are older than this field',
      ),
    quality: z
      .enum(['measured', 'guessed'])
      .optional()
      .describe(
        'Where the term quality is from: measured: GET /api/routing/scores has it; guessed: parameters and quantisation in the model’s name; absent without terms',
      ),
    measured: ScoreMarkSchema.optional().describe(
      'The score that the term quality is from: its lower end; absent: it is guessed, or from before this was noted',
    ),
  })
  .meta({ id: 'RouteCandidate' });
export type RouteCandidate = z.infer<typeof RouteCandidateSchema>;

export const RouteAttemptSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    providerKind: ProviderKindSchema.optional().describe(
      'What the provider is: only a llama-swap tells of its requests itself; absent in facts that are older than this field',
    ),
    startedAt: InstantSchema.describe('When it was sent'),
    outcome: z
      .enum(['answered', 'refused', 'reset', 'timeout', 'status', 'incomplete', 'abandoned'])
      .describe(
        'answered: the host’s answer went to the client, whole; refused: no connection; reset: it broke off; timeout: no first byte in time; status: an HTTP error that another host may do better; incomplete: the answer ended without its end; abandoned: the client left, or another host that was asked too answered first',
      ),
    status: z.int().min(100).max(999).nullable().describe('HTTP status of the host; null: none came'),
    firstByteMs: ms.nullable().describe('Until the first byte of the host’s answer; null: none came'),
    durationMs: ms.describe('From sending to the end of it'),
    bytes: count.describe('Of the host’s answer'),
    message: z.string().max(512).nullable().describe('What went wrong, in words; null: nothing'),
  })
  .meta({ id: 'RouteAttempt' });
export type RouteAttempt = z.infer<typeof RouteAttemptSchema>;

export const RouteFactSchema = z
  .object({
    id: z.uuid().describe('x-request-id of the answer'),
    at: InstantSchema.describe('When the request came'),
    endpoint: z.string().max(64).describe('Path below /v1, e.g. /chat/completions'),
    asked: z.string().max(512).describe('The model that the client asked for, as it said it'),
    policy: z
      .object({ name: PolicyNameSchema, version: z.int().min(1).describe('Of the policy') })
      .nullable()
      .describe('What decided; null: the client named a model'),
    source: SourceSchema,
    keyId: z.string().max(64).nullable().describe('Which API key; null: none was needed'),
    candidates: z.array(RouteCandidateSchema).max(64).describe('Best first, then those left out; at most 64'),
    attempts: z
      .array(RouteAttemptSchema)
      .max(3)
      .describe('In the order in which they ended; empty: nothing was sent'),
    outcome: z
      .enum(['succeeded', 'failed', 'incomplete', 'client_left', 'refused'])
      .describe(
        'failed: the answer is an error; incomplete: it ended without its dialect’s end; refused: nothing was sent to any host',
      ),
    status: z.int().min(0).max(999).describe('HTTP status that the client got; 0: none'),
    error: ProblemSchema.nullable().describe('Our own error; null: none, or the host’s passed through'),
    isStream: z.boolean().describe('true: a stream was asked for'),
    queueMs: ms.describe('Waited for a place at a host'),
    firstByteMs: ms.nullable().describe('Until the first byte of the answer; null: none was sent'),
    firstContentMs: ms
      .nullable()
      .describe('Until the first byte of content (text, reasoning or a tool call); null: none, or not told'),
    durationMs: ms.describe('From the request to the end of the answer'),
    requestBytes: count.describe('Of the body'),
    responseBytes: count.describe('Of the answer’s body'),
    promptTokens: count.nullable().describe('The whole prompt; null: not told'),
    cacheTokens: count.nullable().describe('Of it, from the KV cache; null: not told'),
    outputTokens: count.nullable().describe('Generated; null: not told'),
    prefix: PrefixMarkSchema.optional().describe(
      'How its prompt begins; absent: it is no chat, is of no session, got no answer, or is from before this was noted',
    ),
  })
  .describe('A request to /v1 and what became of it; never its text. Nats-Msg-Id is its id.')
  .meta({ id: 'RouteFact' });
export type RouteFact = z.infer<typeof RouteFactSchema>;

/** Which dispatches; what is absent does not matter. */
const dispatchFilter = {
  policy: z
    .union([PolicyNameSchema, z.literal(DIRECT)])
    .optional()
    .describe('Of this policy, or "direct"; absent: all'),
  providerId: ProviderIdSchema.optional().describe('That this host was asked for; absent: all'),
  outcome: RouteFactSchema.shape.outcome.optional().describe('With this outcome; absent: all'),
  source: SourceSchema.optional().describe('Of this consumer; absent: of all'),
  asked: SearchTextSchema.min(1)
    .max(512)
    .optional()
    .describe('For this name, as the client said it; absent: all'),
  failedOver: z
    .boolean()
    .optional()
    .describe(
      'true: only those for which more than one attempt was made; false: only the others; absent: all',
    ),
  from: AnyInstantSchema.optional().describe('That came at or after this; absent: from the beginning'),
  to: AnyInstantSchema.optional().describe('That came before this; absent: until now'),
};

export const DispatchesQuerySchema = z.strictObject({
  ...dispatchFilter,
  limit: z.int().min(1).max(500).default(100).describe('Dispatches of a page at most'),
  cursor: CursorSchema,
});
export const DispatchesPageSchema = z
  .object({
    dispatches: z.array(RouteFactSchema).describe('Newest first'),
    nextCursor: nextCursorOf('nothing older'),
  })
  .meta({ id: 'Dispatches' });
export type DispatchesPage = z.infer<typeof DispatchesPageSchema>;

export const DispatchTotalsQuerySchema = z.strictObject(dispatchFilter);
/** GET /api/routing/dispatches/totals */
export const DispatchTotalsSchema = z
  .object({
    requests: count.describe('That have ended'),
    failovers: count.describe('For which more than one attempt was made'),
    failed: count.describe('That were answered with an error, or refused'),
    incomplete: count.describe('Whose answer was cut off'),
    firstContentMsP50: ms
      .nullable()
      .describe('Median of the time to the first content; null: of none it is known'),
    firstContentMsP95: ms.nullable().describe('Its 95th percentile; null with the median'),
  })
  .meta({ id: 'DispatchTotals' });
export type DispatchTotals = z.infer<typeof DispatchTotalsSchema>;

export const ExplainRequestSchema = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^\/[a-z_/]{1,63}$/)
      .default('/chat/completions')
      .describe('Path below /v1 that the body would be sent to'),
    body: z
      .looseObject({ model: z.string().min(1).max(512).describe('As a client would ask for it') })
      .describe('The body of the request, as a client would send it; nothing of it is kept'),
    session: z.string().min(1).max(256).optional().describe('x-boo-session of the request'),
    keyId: z.uuid().optional().describe('As for a client with this API key; absent: without one'),
    draft: NewRoutePolicySchema.optional().describe(
      'A policy as it would be, in place of the one of its name; it is not saved',
    ),
  })
  .meta({ id: 'ExplainRequest' });

/** POST /api/routing/explain: what would be decided now. */
export const ExplainSchema = z
  .object({
    policy: RoutePolicySchema.nullable().describe('null: a model was named'),
    candidates: z.array(RouteCandidateSchema).describe('Best first, then those left out'),
    choice: z
      .object({ providerId: ProviderIdSchema, model: ModelIdSchema })
      .nullable()
      .describe('Who would be asked first; null: nobody'),
    error: z
      .object({
        code: z.enum(GATEWAY_ERROR_CODES).describe('As /v1 would answer it'),
        message: z.string().describe('A sentence for a person: what happened and what to do'),
      })
      .nullable()
      .describe('What the client would be told; null: it would be served'),
  })
  .meta({ id: 'Explain' });
export type Explain = z.infer<typeof ExplainSchema>;

/** GET /api/routing/choices: what is worth choosing now. */
export const RouteChoicesSchema = z
  .object({
    policies: z
      .array(
        z.object({
          name: PolicyNameSchema,
          choice: RouteCandidateSchema.pick({ providerId: true, model: true, score: true, terms: true })
            .nullable()
            .describe('What a plain chat would get now; null: nothing'),
          why: z.string().nullable().describe('Why there is nothing, in a sentence; null: there is'),
        }),
      )
      .describe('The built-in ones first, then by name'),
    speeds: z
      .array(
        z.object({
          providerId: ProviderIdSchema,
          model: ModelIdSchema,
          genTps: z
            .number()
            .min(0)
            .describe(
              'Tokens a second of its answers there in the last 14 days, the newer ones counting more',
            ),
        }),
      )
      .describe('Of every model on every host where it was measured'),
  })
  .meta({ id: 'RouteChoices' });
export type RouteChoices = z.infer<typeof RouteChoicesSchema>;

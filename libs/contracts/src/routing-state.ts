import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProviderIdSchema, SourceSchema } from './common.js';
import { PolicyNameSchema, RouteAttemptSchema } from './routes.js';

/** What is under way through /v1 at this moment, in the memory of each gateway. */

const count = z.int().min(0);
const ms = z.number().min(0);

/** Requests under way that a gateway names; of more it tells the number. */
export const MAX_INFLIGHT_TOLD = 200;

export const InflightRouteSchema = z
  .object({
    id: z.uuid().describe('x-request-id of the answer; its record will have it'),
    at: InstantSchema.describe('When the request came'),
    endpoint: z.string().max(64).describe('Path below /v1, e.g. /chat/completions'),
    asked: z
      .string()
      .max(512)
      .describe('The model that the client asked for; empty: its body is still coming'),
    policy: PolicyNameSchema.nullable().describe(
      'What decided; null: the client named a model, or nothing is decided yet',
    ),
    source: SourceSchema,
    state: z
      .enum(['receiving', 'queued', 'loading', 'waiting', 'streaming'])
      .describe(
        'receiving: its body is still coming; queued: it waits for a place at the host; loading: the host was asked, and had to load the model; waiting: the host was asked, and has sent no content yet; streaming: the answer is going out',
      ),
    providerId: ProviderIdSchema.nullable().describe(
      'The host that it waits for or that answers; null: none yet',
    ),
    model: ModelIdSchema.nullable().describe('As the host names it; null with the host'),
    attempts: z.array(RouteAttemptSchema).max(3).describe('Those that have failed so far, in their order'),
    bytes: count.describe('Of the answer, sent to the client so far'),
  })
  .meta({ id: 'InflightRoute' });
export type InflightRoute = z.infer<typeof InflightRouteSchema>;

export const RouteQueueSchema = z
  .object({
    providerId: ProviderIdSchema,
    running: count.describe('Requests of this gateway that have a place at the host'),
    slots: z.int().min(1).describe('Places that this gateway gives at the same time'),
    waiting: z
      .array(
        z.object({
          source: SourceSchema,
          requests: z.int().min(1).describe('Of it that wait'),
          longestMs: ms.describe('How long its first one has waited'),
        }),
      )
      .max(MAX_INFLIGHT_TOLD)
      .describe('In the order of their turns; empty: nobody waits'),
  })
  .meta({ id: 'RouteQueue' });
export type RouteQueue = z.infer<typeof RouteQueueSchema>;

export const RouteBreakerSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    state: z
      .enum(['closed', 'open', 'half-open'])
      .describe(
        'closed: it is asked; open: it is left alone until `retryAt`; half-open: one request may try it',
      ),
    retryAt: InstantSchema.nullable().describe('When a request may try it again; null: it is closed'),
    failuresInARow: count.describe('Since the last answer'),
    failures: count.describe('Among the last `of` answers'),
    of: count.describe('Answers that are remembered, 20 at most'),
    lastFailure: z
      .object({
        at: InstantSchema.describe('When it was'),
        message: z.string().max(512).describe('What went wrong, in words'),
      })
      .nullable()
      .describe('null: there was none'),
  })
  .meta({ id: 'RouteBreaker' });
export type RouteBreaker = z.infer<typeof RouteBreakerSchema>;

export const GatewayRoutingSchema = z
  .object({
    gateway: z.string().min(1).max(64).describe('Which gateway process'),
    at: InstantSchema.describe('When it looked'),
    inflight: z
      .array(InflightRouteSchema)
      .max(MAX_INFLIGHT_TOLD)
      .describe('Requests under way, oldest first, at most 200'),
    inflightTotal: count.describe('How many are under way'),
    queues: z
      .array(RouteQueueSchema)
      .max(1_000)
      .describe('Hosts that have requests of this gateway, or to which some wait'),
    breakers: z
      .array(RouteBreakerSchema)
      .max(1_000)
      .describe('Models on hosts that have failed lately; of all others the breaker is closed'),
  })
  .describe(
    'What is under way through one gateway. Told once a second while somebody looks; a gateway of which nothing was heard for 5 s is gone.',
  )
  .meta({ id: 'GatewayRouting' });
export type GatewayRouting = z.infer<typeof GatewayRoutingSchema>;

/** GET /api/routing/state; on the socket whole each time. */
export const RoutingStateSchema = z
  .object({
    gateways: z.array(GatewayRoutingSchema).describe('Every gateway that runs, by its name'),
  })
  .meta({ id: 'RoutingState' });
export type RoutingState = z.infer<typeof RoutingStateSchema>;

export const CancelRouteSchema = z
  .object({
    id: z.uuid().describe('Of the request under way'),
    by: SourceSchema.describe('Who ends it'),
  })
  .describe(
    'To every gateway: the one that has the request ends it, and answers true; the others are silent.',
  )
  .meta({ id: 'CancelRoute' });

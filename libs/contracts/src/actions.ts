import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProblemSchema, ProviderIdSchema, SourceSchema } from './common.js';
import { ModelStateSchema } from './facts.js';
import { LeaseProofSchema } from './leases.js';
import { CursorSchema, nextCursorOf } from './paging.js';

/** What people and programs have hosts do: commands that queue for each host, and the facts of what became of them. */

/** One running, the others waiting; the bus refuses more. */
export const ACTION_QUEUE_DEPTH = 4;

export const ActionKindSchema = z
  .enum(['warm', 'profile', 'unload', 'unload-all', 'cancel'])
  .describe(
    'warm: load a model; profile: make a profile of the host the active one; unload: stop a model; unload-all: stop all of them; cancel: end a request under way, at once and past the queue',
  )
  .meta({ id: 'ActionKind' });
export type ActionKind = z.infer<typeof ActionKindSchema>;

const providerId = ProviderIdSchema;
const inflightId = z.string().min(1).max(256).describe('The host’s own id of the request in flight');
const profileId = z.string().min(1).max(256);

export const ActionRequestSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('warm').describe('Load a model'), providerId, model: ModelIdSchema }),
    z.strictObject({ kind: z.literal('unload').describe('Stop a model'), providerId, model: ModelIdSchema }),
    z.strictObject({ kind: z.literal('unload-all').describe('Stop every model of the host'), providerId }),
    z.strictObject({
      kind: z.literal('profile').describe('Make a profile the active one'),
      providerId,
      profile: profileId.nullable().describe('Its id on the host; null: none'),
    }),
    z.strictObject({ kind: z.literal('cancel').describe('End a request under way'), providerId, inflightId }),
  ])
  .meta({ id: 'ActionRequest' });
export type ActionRequest = z.infer<typeof ActionRequestSchema>;

export const ActionStateSchema = z
  .enum(['queued', 'started', 'succeeded', 'failed', 'skipped', 'cancelled', 'outcome_unknown'])
  .describe(
    'skipped: it made no sense any more when its turn came, the host was not asked; cancelled: taken back before it started; outcome_unknown: the host was asked, and what it made of that could not be seen',
  )
  .meta({ id: 'ActionState' });
export type ActionState = z.infer<typeof ActionStateSchema>;

export const ActionSchema = z
  .object({
    id: z.uuid().describe('Id of the action'),
    version: z
      .int()
      .min(1)
      .describe('Counts its changes: of two copies, the one with the higher version is newer'),
    providerId,
    kind: ActionKindSchema,
    model: ModelIdSchema.nullable().describe('warm and unload; else null'),
    profile: profileId.nullable().describe('profile; null also where it is to be none'),
    inflightId: inflightId.nullable().describe('cancel; else null'),
    state: ActionStateSchema,
    source: SourceSchema.describe('Who asked for it: X-Boo-Source of the request, else its User-Agent'),
    confirmed: z.boolean().describe('true: asked for in spite of what stood against it'),
    turn: z
      .int()
      .nullable()
      .describe('Its place in the order of its host: lower ones come first; null: it does not queue'),
    createdAt: InstantSchema.describe('When it was asked for'),
    startedAt: InstantSchema.nullable().describe(
      'When it was its turn and the host was about to be asked; null: not yet, or never',
    ),
    endedAt: InstantSchema.nullable().describe('null: not yet'),
    progress: z
      .object({
        at: InstantSchema.describe('When it was seen'),
        modelState: ModelStateSchema.nullable().describe('Of its model; null: it has none'),
        note: z.string().max(256).nullable().describe('What the model’s server printed last; null: nothing'),
      })
      .nullable()
      .describe('How far it is; null while there is nothing to tell, and when it has ended'),
    reason: ProblemSchema.nullable().describe(
      'Why it failed, was skipped or has an unknown outcome, or how a success was seen; null: nothing to add',
    ),
  })
  .meta({ id: 'Action' });
export type Action = z.infer<typeof ActionSchema>;

export const ActionEventSchema = z
  .enum([...ActionStateSchema.options, 'progress'])
  .describe('The state that it entered, or `progress` while it is started');
export type ActionEvent = z.infer<typeof ActionEventSchema>;

export const ActionFactSchema = z
  .object({
    event: ActionEventSchema,
    at: InstantSchema.describe('When it happened'),
    action: ActionSchema.describe('The whole action after it'),
  })
  .describe('One step in the life of an action. Nats-Msg-Id is `<action id>:<version>`.')
  .meta({ id: 'ActionFact' });
export type ActionFact = z.infer<typeof ActionFactSchema>;

/** What stands in the queue of a host; the rest is in the table of the service. */
export const QueuedActionSchema = z
  .object({ id: z.uuid().describe('Id of the action'), providerId })
  .describe('An action waiting for its turn on its host. A work queue: the actions service takes them.')
  .meta({ id: 'QueuedAction' });
export type QueuedAction = z.infer<typeof QueuedActionSchema>;

/** By whom and under which circumstances an action is asked for. */
const asking = {
  request: ActionRequestSchema.describe('What the host is to do'),
  source: SourceSchema.describe('Who asks'),
  confirm: z
    .boolean()
    .default(false)
    .describe('true: also if that ends somebody’s lease or unloads a protected model'),
  fencingToken: LeaseProofSchema.shape.fencingToken
    .optional()
    .describe(
      'Of the asking program’s own lease on the host; an older one than the host has seen is refused',
    ),
};

export const SubmitActionSchema = z.strictObject({
  ...asking,
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x20-\x7e]+$/, 'use printable ASCII')
    .optional()
    .describe('Asking again with the same key gives the same action and does nothing more'),
});
export const SubmittedSchema = z
  .object({
    action: ActionSchema.describe('As it stands now; a cancel has already ended'),
    ahead: z
      .int()
      .min(0)
      .nullable()
      .describe('How many actions of its host come first; null: it does not queue'),
    isReplay: z.boolean().describe('true: the key was known, this is the action of then'),
  })
  .meta({ id: 'Submitted' });
export type Submitted = z.infer<typeof SubmittedSchema>;

export const PreviewActionSchema = z.strictObject(asking);
const seconds = z.number().min(0);
export const ActionPreviewSchema = z
  .object({
    refusal: ProblemSchema.nullable().describe('Why it would be refused now; null: it would be accepted'),
    ahead: z.int().min(0).describe('How many actions of the host come first'),
    evicts: z
      .array(
        z.object({
          model: ModelIdSchema,
          certainty: z
            .enum(['sure', 'likely', 'possible'])
            .describe(
              'sure: it is what was asked for; likely: in most loads of this model that were seen it went; possible: nothing was seen that would tell, or it went in some',
            ),
          seen: z
            .object({
              times: z.int().min(0).describe('Loads of this model in which it went'),
              of: z.int().min(0).describe('Loads of this model while it was ready'),
            })
            .describe('What that is judged from'),
        }),
      )
      .describe('Models that are loaded now and would be stopped, the likeliest first'),
    load: z
      .object({
        medianS: seconds.describe('Median, seconds'),
        minS: seconds.describe('Shortest, seconds'),
        maxS: seconds.describe('Longest, seconds'),
        samples: z.int().min(1).describe('Loads that were followed from end to end'),
      })
      .nullable()
      .describe('How long loads of this model took on this host; null: none was seen, or nothing is loaded'),
    inflight: z
      .array(
        z.object({
          model: z.string().describe('Model as the host names it'),
          requests: z.int().min(1).describe('Requests under way that would be cut off or have to wait'),
        }),
      )
      .describe('What would suffer'),
    sentence: z.string().describe('All of it in words for a person'),
  })
  .describe('What an action would do if it were asked for now')
  .meta({ id: 'ActionPreview' });
export type ActionPreview = z.infer<typeof ActionPreviewSchema>;

export const HostProfilesQuerySchema = z.strictObject({ providerId: ProviderIdSchema });
export const HostProfilesSchema = z
  .object({
    active: profileId.nullable().describe('Id of the active one; null: none is'),
    profiles: z
      .array(
        z.object({
          id: profileId.describe('As its config names it'),
          description: z.string().describe('What its config says of it; may be empty'),
        }),
      )
      .describe('In the order of the host'),
  })
  .meta({ id: 'HostProfiles' });
export type HostProfiles = z.infer<typeof HostProfilesSchema>;

export const ActionIdQuerySchema = z.strictObject({ id: z.uuid().describe('Id of the action') });

export const ActionsQuerySchema = z.strictObject({
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  limit: z.int().min(1).max(500).default(100).describe('Ended actions of a page at most'),
  cursor: CursorSchema,
});
export const ActionsPageSchema = z
  .object({
    open: z
      .array(ActionSchema)
      .describe('Queued and started ones, in the order of their turns; the same on every page'),
    ended: z.array(ActionSchema).describe('Newest first'),
    nextCursor: nextCursorOf('nothing older'),
  })
  .meta({ id: 'ActionsPage' });
export type ActionsPage = z.infer<typeof ActionsPageSchema>;

import { z } from 'zod';
import { ActionSchema } from './actions.js';
import { InstantSchema, LogSourceSchema, ProviderIdSchema } from './common.js';
import { FactSchema, type FactKind } from './facts.js';
import { JobFactSchema } from './jobs.js';
import { LeaseSchema } from './leases.js';
import { LogLineSchema } from './messages.js';
import { FleetStateSchema } from './fleet.js';
import { ActivityRowSchema } from './queries.js';
import { FavoriteSchema, HiddenSchema, ProviderSchema } from './provider.js';
import { RouteFactSchema } from './routes.js';
import { RoutingStateSchema, type RoutingState } from './routing-state.js';

/**
 * Rooms a page may join. `fleet`: liveness, models, inflight and gap facts; `perf`: performance facts;
 * `activity`: request facts; `routing`: what goes through /v1; `log:<provider>:<source>`; `jobs`. After every join the server sends a fresh snapshot.
 */
export const RoomSchema = z.union([
  z.enum(['fleet', 'perf', 'activity', 'jobs', 'routing']),
  z.templateLiteral(['log:', z.string().regex(/^[a-z0-9-]{1,63}$/), ':', LogSourceSchema]),
]);
export type Room = z.infer<typeof RoomSchema>;

/** The room in which the facts of a kind are told. */
export const FACT_ROOM = {
  liveness: 'fleet',
  models: 'fleet',
  'model-changed': 'fleet',
  inflight: 'fleet',
  gap: 'fleet',
  perf: 'perf',
  request: 'activity',
} as const satisfies Record<FactKind, Room>;
export type FactRoom = (typeof FACT_ROOM)[FactKind];

/** Client event `join`: the complete set of rooms from now on; answered with {ok:true} or {error:Problem}. */
export const JoinSchema = z
  .strictObject({ rooms: z.array(RoomSchema).max(64).describe('All rooms from now on') })
  .meta({ id: 'Join' });

export const PublicProviderSchema = ProviderSchema.omit({
  sshKeyPath: true,
  sshUser: true,
  sshHost: true,
  restartCmd: true,
  configPath: true,
  seedHash: true,
})
  .extend({
    apiKeySet: z.boolean().describe('The variable named by apiKeyEnv is set in the gateway’s environment'),
  })
  .meta({ id: 'PublicProvider' });
export type PublicProvider = z.infer<typeof PublicProviderSchema>;

const epoch = z
  .string()
  .describe('Sequences of different epochs do not compare; a new one begins with a snapshot');

export const ControlFleetSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('snapshot').describe('The whole live state'),
      at: InstantSchema.describe('When it was taken'),
      fleet: FleetStateSchema.describe('The live state of every host'),
      providers: z.array(PublicProviderSchema).describe('The registry, in the order of labels'),
    }),
    z.object({
      type: z.literal('facts').describe('What came since'),
      epoch,
      facts: z.array(FactSchema).describe('In the order of the log'),
    }),
    z.object({
      type: z.literal('providers').describe('The registry changed'),
      providers: z.array(PublicProviderSchema).describe('The registry, in the order of labels'),
    }),
  ])
  .meta({ id: 'ControlFleet' });
export type ControlFleet = z.infer<typeof ControlFleetSchema>;

export const ControlPerfSchema = z
  .object({ epoch, facts: z.array(FactSchema).describe('Performance facts, in the order of the log') })
  .meta({ id: 'ControlPerf' });
export type ControlPerf = z.infer<typeof ControlPerfSchema>;

export const ControlActivitySchema = z
  .object({
    epoch,
    facts: z.array(FactSchema).describe('Request facts, in the order of the log'),
    rows: z
      .array(ActivityRowSchema)
      .optional()
      .describe(
        'Requests through /v1 to providers that tell of none themselves; what the history has of them. Absent: none',
      ),
  })
  .meta({ id: 'ControlActivity' });
export type ControlActivity = z.infer<typeof ControlActivitySchema>;

export const ControlLogSchema = z
  .object({
    type: z
      .enum(['tail', 'lines'])
      .describe('tail: what late joiners missed, replaces what is shown; lines: what came since'),
    providerId: ProviderIdSchema,
    source: LogSourceSchema,
    lines: z
      .array(
        LogLineSchema.omit({ providerId: true, source: true }).extend({
          seq: z.int().describe('Its sequence in the LOGS stream'),
        }),
      )
      .describe('In the order of their stream'),
  })
  .meta({ id: 'ControlLog' });
export type ControlLog = z.infer<typeof ControlLogSchema>;

export const ControlJobSchema = z
  .object({
    jobs: z
      .array(JobFactSchema.and(z.object({ seq: z.int().describe('Its sequence in the JOBS stream') })))
      .describe('Job facts, in the order of their stream'),
  })
  .meta({ id: 'ControlJob' });
export type ControlJob = z.infer<typeof ControlJobSchema>;

/** Whole each time: after a join, and when one of them changed. */
export const ControlMarksSchema = z
  .object({
    favorites: z.array(FavoriteSchema).describe('Models that come first, oldest mark first'),
    hidden: z.array(HiddenSchema).describe('Hosts and models that lists leave out, oldest first'),
  })
  .meta({ id: 'ControlMarks' });
export type ControlMarks = z.infer<typeof ControlMarksSchema>;

/** Of each action the copy with the highest `version` holds, so frames may come late or twice. */
export const ControlActionsSchema = z
  .object({
    type: z
      .enum(['all', 'changed'])
      .describe(
        'all: every action under way and the last few that ended, replaces what is shown; changed: as they are now',
      ),
    actions: z.array(ActionSchema).describe('In no particular order'),
    trouble: z
      .string()
      .nullable()
      .describe('Why actions cannot be followed at the moment, in words; null: they can'),
  })
  .meta({ id: 'ControlActions' });
export type ControlActions = z.infer<typeof ControlActionsSchema>;

/** Whole each time: after a join, and when one of them changed. */
export const ControlLeasesSchema = z
  .object({
    leases: z.array(LeaseSchema).describe('Leases that are held, in the order of their hosts'),
    trouble: z
      .string()
      .nullable()
      .describe('Why leases cannot be followed at the moment, in words; null: they can'),
  })
  .meta({ id: 'ControlLeases' });
export type ControlLeases = z.infer<typeof ControlLeasesSchema>;

/** To the room `routing`. */
export const ControlDispatchesSchema = z
  .object({
    dispatches: z
      .array(RouteFactSchema)
      .describe('Requests to /v1 that have ended, in the order of their log'),
    missed: z
      .int()
      .min(0)
      .describe(
        'Others that ended in the same moment: too many to be told here, GET /api/routing/dispatches has them',
      ),
  })
  .meta({ id: 'ControlDispatches' });
export type ControlDispatches = z.infer<typeof ControlDispatchesSchema>;

/** Sent before the server closes the connection; the client connects again by itself. */
export const ControlByeSchema = z
  .object({ code: z.string().describe('shutting_down'), message: z.string().describe('For a person') })
  .meta({ id: 'ControlBye' });
export type ControlBye = z.infer<typeof ControlByeSchema>;

/** Server event name to its frame. */
export interface ControlFrames {
  control_fleet: ControlFleet;
  control_perf: ControlPerf;
  control_activity: ControlActivity;
  control_log: ControlLog;
  control_job: ControlJob;
  control_marks: ControlMarks;
  control_actions: ControlActions;
  control_leases: ControlLeases;
  control_dispatches: ControlDispatches;
  control_routing: RoutingState;
  bye: ControlBye;
}
export const ControlFrameSchemas = {
  control_fleet: ControlFleetSchema,
  control_perf: ControlPerfSchema,
  control_activity: ControlActivitySchema,
  control_log: ControlLogSchema,
  control_job: ControlJobSchema,
  control_marks: ControlMarksSchema,
  control_actions: ControlActionsSchema,
  control_leases: ControlLeasesSchema,
  control_dispatches: ControlDispatchesSchema,
  control_routing: RoutingStateSchema,
  bye: ControlByeSchema,
} as const;

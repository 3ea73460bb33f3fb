import { z } from 'zod';
import {
  ActionIdQuerySchema,
  ActionPreviewSchema,
  ActionSchema,
  ActionsPageSchema,
  ActionsQuerySchema,
  HostProfilesQuerySchema,
  HostProfilesSchema,
  PreviewActionSchema,
  SubmitActionSchema,
  SubmittedSchema,
} from './actions.js';
import { benchCalls } from './bench/calls.js';
import { defineCall } from './call.js';
import { evalCalls } from './evals/calls.js';
import {
  AcquireLeaseSchema,
  EndLeaseSchema,
  HeldLeaseSchema,
  LeaseIdSchema,
  LeaseProofSchema,
  LeasesPageSchema,
  LeasesQuerySchema,
} from './leases.js';
import {
  ActivityEntryQuerySchema,
  ActivityEntrySchema,
  ActivityPageSchema,
  ActivityQuerySchema,
  GapsQuerySchema,
  GapsSchema,
  ModelEventsQuerySchema,
  ModelEventsSchema,
  ModelFiguresQuerySchema,
  ModelFiguresSchema,
  ModelLoadsQuerySchema,
  ModelLoadsSchema,
  PerfQuerySchema,
  PerfSeriesSchema,
  ReconnectReplySchema,
  ReconnectRequestSchema,
  SeedQuerySchema,
  SeedSchema,
  SwapsQuerySchema,
  SwapsSchema,
  TotalsQuerySchema,
  TotalsSchema,
} from './queries.js';

/** Of every question about a range of time: an end that is no day of the calendar, or ends in the wrong order. */
export const rangeRefusals = { errors: { bad_range: 400 } } as const;
/** Of every question that is answered in pages: a cursor that this question did not give out. */
export const cursorRefusals = { errors: { bad_cursor: 400 } } as const;

/** Of every question that searches in captured texts: it names no word, too many, or only such that must not be there. */
export const textRefusals = { errors: { bad_text: 400 } } as const;

const paged = { ...rangeRefusals.errors, ...cursorRefusals.errors };

/** Of whoever wants something of a host: it is not there, or nothing may be asked of it. */
export const hostRefusals = {
  errors: {
    unknown_provider: 404,
    not_offered: 409,
    host_disabled: 409,
    host_offline: 409,
    in_maintenance: 409,
  },
} as const;
/** Somebody has it to themselves. */
const leaseRefusals = { errors: { host_leased: 409, bench_in_progress: 409 } } as const;
/** Of whoever wants something done to a host. `confirm` overrides those in CONFIRMABLE. */
export const actionRefusals = {
  errors: {
    ...hostRefusals.errors,
    ...leaseRefusals.errors,
    stale_lease: 409,
    unknown_model: 404,
    unknown_profile: 404,
    unknown_request: 404,
    model_protected: 409,
  },
} as const;

/** Refusals that are a question: the same again with `confirm` is done. Their problem says `requiresConfirmation`. */
export const CONFIRMABLE: ReadonlySet<string> = new Set([
  'host_leased',
  'bench_in_progress',
  'model_protected',
  'host_busy',
] satisfies (keyof typeof actionRefusals.errors | 'host_busy')[]);

/** Every call that a service answers. */
export const calls = {
  activity: defineCall({
    subject: 'boo.rpc.fleet.activity',
    summary: 'Requests that the hosts have answered, newest first, in pages.',
    request: ActivityQuerySchema,
    reply: ActivityPageSchema,
    errors: { ...paged, ...textRefusals.errors },
  }),
  activityEntry: defineCall({
    subject: 'boo.rpc.fleet.activity-entry',
    summary: 'One request with its captured bodies.',
    request: ActivityEntryQuerySchema,
    reply: ActivityEntrySchema,
    errors: { not_found: 404 },
  }),
  totals: defineCall({
    subject: 'boo.rpc.fleet.totals',
    summary:
      'Sums over requests, by host, model, consumer and time, in pages; what is not on a page yet is its `rest`.',
    request: TotalsQuerySchema,
    reply: TotalsSchema,
    errors: { ...paged, ...textRefusals.errors },
  }),
  perf: defineCall({
    subject: 'boo.rpc.fleet.perf',
    summary: 'GPU and system samples of a host over time.',
    request: PerfQuerySchema,
    reply: PerfSeriesSchema,
    errors: rangeRefusals.errors,
  }),
  modelEvents: defineCall({
    subject: 'boo.rpc.fleet.model-events',
    summary: 'State changes of models and hosts, newest first, in pages.',
    request: ModelEventsQuerySchema,
    reply: ModelEventsSchema,
    errors: paged,
  }),
  swaps: defineCall({
    subject: 'boo.rpc.fleet.swaps',
    summary: 'How often models were loaded, and failed to, by host and model, in pages.',
    request: SwapsQuerySchema,
    reply: SwapsSchema,
    errors: paged,
  }),
  modelFigures: defineCall({
    subject: 'boo.rpc.fleet.model-figures',
    summary: 'What each model of a host did: requests, tokens, speed, loads; in pages.',
    request: ModelFiguresQuerySchema,
    reply: ModelFiguresSchema,
    errors: paged,
  }),
  gaps: defineCall({
    subject: 'boo.rpc.fleet.gaps',
    summary: 'Times for which something is missing, and why, newest first, in pages.',
    request: GapsQuerySchema,
    reply: GapsSchema,
    errors: paged,
  }),
  modelLoads: defineCall({
    subject: 'boo.rpc.fleet.model-loads',
    summary: 'The last loads of a model on a host: how long they took, and which models went for it.',
    request: ModelLoadsQuerySchema,
    reply: ModelLoadsSchema,
    errors: {},
  }),
  submitAction: defineCall({
    subject: 'boo.rpc.actions.submit',
    summary: 'Have a host do something when its turn comes; a cancel is done at once.',
    request: SubmitActionSchema,
    reply: SubmittedSchema,
    errors: { ...actionRefusals.errors, queue_full: 409, idempotency_conflict: 409 },
  }),
  previewAction: defineCall({
    subject: 'boo.rpc.actions.preview',
    summary: 'What an action would do if it were asked for now; nothing is done.',
    request: PreviewActionSchema,
    reply: ActionPreviewSchema,
    errors: {},
  }),
  action: defineCall({
    subject: 'boo.rpc.actions.get',
    summary: 'One action, under way or ended.',
    request: ActionIdQuerySchema,
    reply: ActionSchema,
    errors: { not_found: 404 },
  }),
  takeBackAction: defineCall({
    subject: 'boo.rpc.actions.take-back',
    summary: 'Take back an action that has not started.',
    request: ActionIdQuerySchema,
    reply: ActionSchema,
    errors: { not_found: 404, already_started: 409, already_ended: 409 },
  }),
  actions: defineCall({
    subject: 'boo.rpc.actions.list',
    summary: 'Actions that are under way, and those that have ended, in pages.',
    request: ActionsQuerySchema,
    reply: ActionsPageSchema,
    errors: cursorRefusals.errors,
  }),
  hostProfiles: defineCall({
    subject: 'boo.rpc.actions.profiles',
    summary: 'The profiles of a host, as it tells them now.',
    request: HostProfilesQuerySchema,
    reply: HostProfilesSchema,
    errors: hostRefusals.errors,
  }),
  acquireLease: defineCall({
    subject: 'boo.rpc.leases.acquire',
    summary: 'Have a host to oneself, for as long as heartbeats come.',
    request: AcquireLeaseSchema.required({ source: true }),
    reply: HeldLeaseSchema,
    errors: { ...hostRefusals.errors, ...leaseRefusals.errors },
  }),
  heartbeatLease: defineCall({
    subject: 'boo.rpc.leases.heartbeat',
    summary: 'Keep a lease.',
    request: LeaseProofSchema,
    reply: HeldLeaseSchema,
    errors: { lease_lost: 409, taken_over: 409 },
  }),
  releaseLease: defineCall({
    subject: 'boo.rpc.leases.release',
    summary: 'Give a lease back; one that is over already is no error.',
    request: LeaseProofSchema,
    reply: z.null(),
    errors: {},
  }),
  endLease: defineCall({
    subject: 'boo.rpc.leases.end',
    summary:
      'End the lease of somebody else, who is told; the host is free. One that is over already is no error.',
    request: EndLeaseSchema.extend({ leaseId: LeaseIdSchema }),
    reply: z.null(),
    errors: {},
  }),
  leases: defineCall({
    subject: 'boo.rpc.leases.list',
    summary: 'Leases that are held, and those that have ended, in pages.',
    request: LeasesQuerySchema,
    reply: LeasesPageSchema,
    errors: cursorRefusals.errors,
  }),
  seed: defineCall({
    subject: 'boo.rpc.fleet.seed',
    summary: 'What the tables know of the fleet, to rebuild its live state when the bus was wiped.',
    request: SeedQuerySchema,
    reply: SeedSchema,
    errors: rangeRefusals.errors,
  }),
  reconnect: defineCall({
    subject: 'boo.rpc.ingest.reconnect.{providerId}',
    summary: 'Connect to the host now. Answered by the ingest process that holds it.',
    request: ReconnectRequestSchema,
    reply: ReconnectReplySchema,
    errors: { host_disabled: 409 },
  }),
  ...benchCalls,
  ...evalCalls,
} as const;

import { defineCall } from './call.js';
import {
  ActivityEntryQuerySchema,
  ActivityEntrySchema,
  ActivityPageSchema,
  ActivityQuerySchema,
  GapsQuerySchema,
  GapsSchema,
  ModelEventsQuerySchema,
  ModelEventsSchema,
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

const paged = { ...rangeRefusals.errors, ...cursorRefusals.errors };

/** Every call that a service answers. */
export const calls = {
  activity: defineCall({
    subject: 'boo.rpc.fleet.activity',
    request: ActivityQuerySchema,
    reply: ActivityPageSchema,
    errors: paged,
  }),
  activityEntry: defineCall({
    subject: 'boo.rpc.fleet.activity-entry',
    request: ActivityEntryQuerySchema,
    reply: ActivityEntrySchema,
    errors: { not_found: 404 },
  }),
  totals: defineCall({
    subject: 'boo.rpc.fleet.totals',
    request: TotalsQuerySchema,
    reply: TotalsSchema,
    errors: { ...rangeRefusals.errors, too_many_groups: 400 },
  }),
  perf: defineCall({
    subject: 'boo.rpc.fleet.perf',
    request: PerfQuerySchema,
    reply: PerfSeriesSchema,
    errors: rangeRefusals.errors,
  }),
  modelEvents: defineCall({
    subject: 'boo.rpc.fleet.model-events',
    request: ModelEventsQuerySchema,
    reply: ModelEventsSchema,
    errors: paged,
  }),
  swaps: defineCall({
    subject: 'boo.rpc.fleet.swaps',
    request: SwapsQuerySchema,
    reply: SwapsSchema,
    errors: paged,
  }),
  gaps: defineCall({
    subject: 'boo.rpc.fleet.gaps',
    request: GapsQuerySchema,
    reply: GapsSchema,
    errors: paged,
  }),
  /** What the tables know of the fleet, to rebuild its live state when the bus was wiped. */
  seed: defineCall({
    subject: 'boo.rpc.fleet.seed',
    request: SeedQuerySchema,
    reply: SeedSchema,
    errors: rangeRefusals.errors,
  }),
  /** Connect to the host now. Only the ingest process that holds the host listens. */
  reconnect: defineCall({
    subject: 'boo.rpc.ingest.reconnect.{providerId}',
    request: ReconnectRequestSchema,
    reply: ReconnectReplySchema,
    errors: { host_disabled: 409 },
  }),
} as const;

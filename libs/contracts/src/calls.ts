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
  ModelFiguresQuerySchema,
  ModelFiguresSchema,
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
    summary: 'Requests that the hosts have answered, newest first, in pages.',
    request: ActivityQuerySchema,
    reply: ActivityPageSchema,
    errors: paged,
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
    errors: paged,
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
} as const;

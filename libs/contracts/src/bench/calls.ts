import { z } from 'zod';
import { SourceSchema } from '../common.js';
import { defineCall } from '../call.js';
import { CursorSchema, nextCursorOf } from '../paging.js';
import { BenchBaselineKeySchema, BenchBaselineSchema, BenchBaselinesSchema } from './baselines.js';
import { BenchFastestSchema, BenchHistoryQuerySchema, BenchHistorySchema } from './history.js';
import { ImportBenchSchema, RecordedTrafficQuerySchema, RecordedTrafficSchema } from './imports.js';
import { BenchEstimateSchema, EstimateBenchSchema, RerunBenchSchema, StartBenchSchema } from './launch.js';
import {
  BenchIdSchema,
  BenchRunDetailSchema,
  BenchRunSchema,
  BenchRunsPageSchema,
  BenchRunsQuerySchema,
  BenchSamplesPageSchema,
  BenchSamplesQuerySchema,
  BenchStartedSchema,
} from './runs.js';
import { BenchScheduleInputSchema, BenchScheduleSchema, BenchSchedulesSchema } from './schedules.js';
import {
  BenchSuiteSchema,
  BenchSuitesSchema,
  BenchSuiteVersionsSchema,
  SuiteNameSchema,
} from './stored-suites.js';
import { SuiteSchema } from './suite.js';

const source = SourceSchema.describe('Who asks');
const named = z.strictObject({ name: SuiteNameSchema });
const nextCursor = nextCursorOf('this was the last page');

/** Refused when a run would disturb, or could not be: `confirm` overrides those in CONFIRMABLE. */
const launchRefusals = {
  unknown_suite: 404,
  unknown_run: 404,
  nothing_to_measure: 409,
  unknown_provider: 404,
  unknown_model: 404,
  host_disabled: 409,
  host_offline: 409,
  in_maintenance: 409,
  host_leased: 409,
  bench_in_progress: 409,
  host_busy: 409,
} as const;

/** What the bench service answers. */
export const benchCalls = {
  benchSuites: defineCall({
    subject: 'boo.rpc.bench.suites',
    summary: 'Suites that are stored, those that came with the program included; by name, in pages.',
    request: z.strictObject({ cursor: CursorSchema }),
    reply: BenchSuitesSchema.extend({ nextCursor }),
    errors: { bad_cursor: 400 },
  }),
  benchSuiteVersions: defineCall({
    subject: 'boo.rpc.bench.suite-versions',
    summary: 'Every version of a suite, newest first, in pages.',
    request: named.extend({ cursor: CursorSchema }),
    reply: BenchSuiteVersionsSchema.extend({ nextCursor }),
    errors: { unknown_suite: 404, bad_cursor: 400 },
  }),
  saveBenchSuite: defineCall({
    subject: 'boo.rpc.bench.save-suite',
    summary: 'Store a suite; one of the same name gets a new version.',
    request: named.extend({
      suite: SuiteSchema,
      ifHash: z
        .string()
        .nullable()
        .optional()
        .describe('Hash of the version that was edited, null: there was none; absent: whatever is there'),
    }),
    reply: BenchSuiteSchema,
    errors: { suite_changed: 409, suite_from_file: 409 },
  }),
  removeBenchSuite: defineCall({
    subject: 'boo.rpc.bench.remove-suite',
    summary: 'Remove a suite; its runs stay. One that came with the program is what it was at first.',
    request: named,
    reply: z.null(),
    errors: { unknown_suite: 404, built_in: 409, suite_from_file: 409, suite_in_use: 409 },
  }),
  recordedTraffic: defineCall({
    subject: 'boo.rpc.bench.recorded-traffic',
    summary: 'A suite that replays the requests of a consumer.',
    request: RecordedTrafficQuerySchema,
    reply: RecordedTrafficSchema,
    errors: { bad_range: 400, nothing_recorded: 404 },
  }),
  estimateBench: defineCall({
    subject: 'boo.rpc.bench.estimate',
    summary: 'How long a run would take, and whom it would disturb; nothing is done.',
    request: EstimateBenchSchema,
    reply: BenchEstimateSchema,
    errors: { unknown_suite: 404, nothing_to_measure: 409 },
  }),
  startBench: defineCall({
    subject: 'boo.rpc.bench.start',
    summary: 'Measure models of hosts by a suite, each when its turn comes.',
    request: StartBenchSchema.extend({ source }),
    reply: BenchStartedSchema,
    errors: launchRefusals,
  }),
  rerunBench: defineCall({
    subject: 'boo.rpc.bench.rerun',
    summary: 'Measure cells of a run that has ended: again, or those that it did not come to.',
    request: RerunBenchSchema.extend({ ...BenchIdSchema.shape, source }),
    reply: BenchRunSchema,
    errors: { ...launchRefusals, not_ended: 409, not_measured: 409 },
  }),
  cancelBench: defineCall({
    subject: 'boo.rpc.bench.cancel',
    summary: 'End a run before its end; what was measured stands.',
    request: BenchIdSchema.extend({ source }),
    reply: BenchRunSchema,
    errors: { unknown_run: 404, already_ended: 409 },
  }),
  benchRuns: defineCall({
    subject: 'boo.rpc.bench.runs',
    summary: 'Runs that are under way, and those that have ended, in pages.',
    request: BenchRunsQuerySchema,
    reply: BenchRunsPageSchema,
    errors: { bad_cursor: 400 },
  }),
  benchRun: defineCall({
    subject: 'boo.rpc.bench.run',
    summary: 'One run with its cells, held against its baseline.',
    request: BenchIdSchema.extend({
      against: z.uuid().optional().describe('Held against this run; absent: against its baseline'),
    }),
    reply: BenchRunDetailSchema,
    errors: { unknown_run: 404 },
  }),
  benchSamples: defineCall({
    subject: 'boo.rpc.bench.samples',
    summary: 'Every request of a run, in pages.',
    request: BenchSamplesQuerySchema,
    reply: BenchSamplesPageSchema,
    errors: { unknown_run: 404, bad_cursor: 400 },
  }),
  removeBenchRun: defineCall({
    subject: 'boo.rpc.bench.remove-run',
    summary: 'Remove a run that has ended, its samples included.',
    request: BenchIdSchema,
    reply: z.null(),
    errors: { unknown_run: 404, not_ended: 409, is_baseline: 409 },
  }),
  importBench: defineCall({
    subject: 'boo.rpc.bench.import',
    summary: 'Keep what llama-bench has measured beside what is measured over HTTP.',
    request: ImportBenchSchema.extend({ source }),
    reply: BenchRunSchema,
    errors: { unknown_provider: 404, not_llama_bench: 400 },
  }),
  benchBaselines: defineCall({
    subject: 'boo.rpc.bench.baselines',
    summary: 'Baselines that somebody has set.',
    request: z.strictObject({}),
    reply: BenchBaselinesSchema,
    errors: {},
  }),
  setBenchBaseline: defineCall({
    subject: 'boo.rpc.bench.set-baseline',
    summary: 'Hold later runs of the same suite, host and model against this one.',
    request: BenchIdSchema.extend({ source }),
    reply: BenchBaselineSchema,
    errors: { unknown_run: 404, not_ended: 409, nothing_measured: 409 },
  }),
  removeBenchBaseline: defineCall({
    subject: 'boo.rpc.bench.remove-baseline',
    summary: 'Go back to the last clean run of the same fingerprint as the baseline.',
    request: BenchBaselineKeySchema,
    reply: z.null(),
    errors: {},
  }),
  benchSchedules: defineCall({
    subject: 'boo.rpc.bench.schedules',
    summary: 'Runs that begin by themselves, the next one first, in pages.',
    request: z.strictObject({ cursor: CursorSchema }),
    reply: BenchSchedulesSchema.extend({ nextCursor }),
    errors: { bad_cursor: 400 },
  }),
  saveBenchSchedule: defineCall({
    subject: 'boo.rpc.bench.save-schedule',
    summary: 'Make a schedule, or change one.',
    request: BenchScheduleInputSchema.extend({
      id: z.uuid().optional().describe('The one to change; absent: a new one'),
    }),
    reply: BenchScheduleSchema,
    errors: { unknown_schedule: 404, unknown_suite: 404, unknown_time_zone: 400, nothing_to_measure: 409 },
  }),
  removeBenchSchedule: defineCall({
    subject: 'boo.rpc.bench.remove-schedule',
    summary: 'Remove a schedule; its runs stay.',
    request: z.strictObject({ id: z.uuid().describe('Of the schedule') }),
    reply: z.null(),
    errors: { unknown_schedule: 404 },
  }),
  benchHistory: defineCall({
    subject: 'boo.rpc.bench.history',
    summary: 'One figure over all runs, oldest first.',
    request: BenchHistoryQuerySchema,
    reply: BenchHistorySchema,
    errors: {},
  }),
  benchFastest: defineCall({
    subject: 'boo.rpc.bench.fastest',
    summary: 'How fast each model is on each host.',
    request: z.strictObject({}),
    reply: BenchFastestSchema,
    errors: {},
  }),
} as const;

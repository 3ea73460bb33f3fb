import { z } from 'zod';
import { defineCall } from '../call.js';
import { SourceSchema } from '../common.js';
import { CursorSchema } from '../paging.js';
import {
  CompareEvalsSchema,
  EvalComparisonSchema,
  LeaderboardQuerySchema,
  LeaderboardSchema,
} from './leaderboard.js';
import { EstimateEvalSchema, EvalEstimateOfRunSchema, StartEvalSchema } from './launch.js';
import {
  EvalIdSchema,
  EvalRunDetailSchema,
  EvalRunQuerySchema,
  EvalRunSchema,
  EvalRunsPageSchema,
  EvalRunsQuerySchema,
  EvalStartedSchema,
} from './runs.js';
import {
  EvalSampleKeySchema,
  EvalSampleSchema,
  EvalSamplesPageSchema,
  EvalSamplesQuerySchema,
} from './samples.js';
import { EvalSandboxesSchema } from './sandboxes.js';
import {
  EvalSuiteDetailSchema,
  EvalSuiteHashSchema,
  EvalSuiteHeadSchema,
  EvalSuitesSchema,
  ImportedEvalSuiteSchema,
  ImportEvalSuiteSchema,
  RetireEvalItemSchema,
} from './stored-suites.js';
import { EvalSuiteNameSchema, EvalSuiteSchema } from './suite.js';

const source = SourceSchema.describe('Who asks');
const named = z.strictObject({ name: EvalSuiteNameSchema });

/** Refused when a run would disturb, or could not be. */
const launchRefusals = {
  unknown_suite: 404,
  nothing_to_ask: 409,
  no_sandbox: 409,
  unknown_provider: 404,
  unknown_model: 404,
  host_disabled: 409,
  host_offline: 409,
  in_maintenance: 409,
  host_leased: 409,
  bench_in_progress: 409,
  host_busy: 409,
} as const;

/** What the evals service answers. */
export const evalCalls = {
  evalSuites: defineCall({
    subject: 'boo.rpc.evals.suites',
    summary: 'Suites that measure quality, those that came with the program included; by name, in pages.',
    request: z.strictObject({ cursor: CursorSchema }),
    reply: EvalSuitesSchema,
    errors: { bad_cursor: 400 },
  }),
  evalSuite: defineCall({
    subject: 'boo.rpc.evals.suite',
    summary: 'One version of a suite with its items.',
    request: named.extend({
      hash: EvalSuiteHashSchema.optional().describe('Which version; absent: the newest'),
    }),
    reply: EvalSuiteDetailSchema,
    errors: { unknown_suite: 404 },
  }),
  saveEvalSuite: defineCall({
    subject: 'boo.rpc.evals.save-suite',
    summary:
      'Store a suite; one of the same name gets a new version when what it asks or how it grades differs.',
    request: z.strictObject({
      suite: EvalSuiteSchema.describe('With its items'),
      ifHash: EvalSuiteHashSchema.nullable()
        .optional()
        .describe('Version that was edited, null: there was none; absent: whatever is there'),
    }),
    reply: EvalSuiteHeadSchema,
    errors: { suite_changed: 409, suite_from_file: 409, bad_suite: 400 },
  }),
  removeEvalSuite: defineCall({
    subject: 'boo.rpc.evals.remove-suite',
    summary: 'Remove a suite that has no runs; one that came with the program is what it was at first.',
    request: named,
    reply: z.null(),
    errors: { unknown_suite: 404, built_in: 409, suite_from_file: 409, suite_in_use: 409 },
  }),
  retireEvalItem: defineCall({
    subject: 'boo.rpc.evals.retire-item',
    summary: 'Ask an item no more and leave it out of every score, or take that back.',
    request: RetireEvalItemSchema.extend({ ...named.shape, source }),
    reply: EvalSuiteHeadSchema,
    errors: { unknown_suite: 404, unknown_item: 404 },
  }),
  importEvalSuite: defineCall({
    subject: 'boo.rpc.evals.import-suite',
    summary: 'Make a suite of a file of tasks.',
    request: ImportEvalSuiteSchema,
    reply: ImportedEvalSuiteSchema,
    errors: { nothing_imported: 400, suite_from_file: 409, no_sandbox: 409 },
  }),
  estimateEval: defineCall({
    subject: 'boo.rpc.evals.estimate',
    summary: 'How long a run would take, and whom it would disturb; nothing is done.',
    request: EstimateEvalSchema,
    reply: EvalEstimateOfRunSchema,
    errors: { unknown_suite: 404, nothing_to_ask: 409 },
  }),
  startEval: defineCall({
    subject: 'boo.rpc.evals.start',
    summary: 'Ask models of hosts all items of a suite, each when its turn comes.',
    request: StartEvalSchema.extend({ source }),
    reply: EvalStartedSchema,
    errors: launchRefusals,
  }),
  resumeEval: defineCall({
    subject: 'boo.rpc.evals.resume',
    summary:
      'Go on with a run that has ended before its end: samples without an outcome, and those of our fault.',
    request: EvalIdSchema.extend({
      source,
      confirm: z.boolean().default(false).describe('As for a new run'),
    }),
    reply: EvalRunSchema,
    errors: { ...launchRefusals, unknown_run: 404, not_ended: 409, nothing_to_ask: 409 },
  }),
  cancelEval: defineCall({
    subject: 'boo.rpc.evals.cancel',
    summary: 'End a run before its end; samples that have their outcome stand.',
    request: EvalIdSchema.extend({ source }),
    reply: EvalRunSchema,
    errors: { unknown_run: 404, already_ended: 409 },
  }),
  evalRuns: defineCall({
    subject: 'boo.rpc.evals.runs',
    summary: 'Runs that are under way, and those that have ended, in pages.',
    request: EvalRunsQuerySchema,
    reply: EvalRunsPageSchema,
    errors: { bad_cursor: 400 },
  }),
  evalRun: defineCall({
    subject: 'boo.rpc.evals.run',
    summary: 'One run with what became of every item, in pages.',
    request: EvalIdSchema.extend(EvalRunQuerySchema.shape),
    reply: EvalRunDetailSchema,
    errors: { unknown_run: 404, bad_cursor: 400 },
  }),
  removeEvalRun: defineCall({
    subject: 'boo.rpc.evals.remove-run',
    summary: 'Remove a run that has ended, its samples included.',
    request: EvalIdSchema,
    reply: z.null(),
    errors: { unknown_run: 404, not_ended: 409 },
  }),
  evalSamples: defineCall({
    subject: 'boo.rpc.evals.samples',
    summary: 'Samples of a run, in pages.',
    request: EvalSamplesQuerySchema,
    reply: EvalSamplesPageSchema,
    errors: { unknown_run: 404, bad_cursor: 400 },
  }),
  evalSample: defineCall({
    subject: 'boo.rpc.evals.sample',
    summary: 'One sample with its prompt, answer and findings.',
    request: EvalSampleKeySchema,
    reply: EvalSampleSchema,
    errors: { unknown_run: 404, unknown_sample: 404 },
  }),
  regradeEvalSample: defineCall({
    subject: 'boo.rpc.evals.regrade',
    summary: 'Grade a sample once more, without asking the model.',
    request: EvalSampleKeySchema.extend({ source }),
    reply: EvalSampleSchema,
    errors: { unknown_run: 404, unknown_sample: 404, not_ended: 409, no_sandbox: 409 },
  }),
  evalLeaderboard: defineCall({
    subject: 'boo.rpc.evals.leaderboard',
    summary: 'Scores of every model of every host, with their intervals.',
    request: LeaderboardQuerySchema,
    reply: LeaderboardSchema,
    errors: {},
  }),
  compareEvals: defineCall({
    subject: 'boo.rpc.evals.compare',
    summary: 'Two runs of the same version of a suite, item by item.',
    request: CompareEvalsSchema,
    reply: EvalComparisonSchema,
    errors: { unknown_run: 404, not_comparable: 409 },
  }),
  evalSandboxes: defineCall({
    subject: 'boo.rpc.evals.sandboxes',
    summary: 'Where code of models may run on this machine, and why not elsewhere.',
    request: z.strictObject({}),
    reply: EvalSandboxesSchema,
    errors: {},
  }),
} as const;

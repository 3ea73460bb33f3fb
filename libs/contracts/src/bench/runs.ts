import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProblemSchema, ProviderIdSchema, SourceSchema } from '../common.js';
import { FigureKeySchema, FiguresSchema, SummarySchema } from './figures.js';
import {
  CalibrationSchema,
  CellPollutionSchema,
  CellRequestsSchema,
  ComparisonSchema,
  ContaminationSchema,
  FingerprintSchema,
  RateFoundSchema,
  SaturationSchema,
} from './result.js';
import { SampleSchema } from './sample.js';
import { CellSpecSchema, SuiteSchema } from './suite.js';

/** Benchmarks as the bench service keeps them: suites, runs, baselines, schedules. */

const count = z.int().min(0);
const cursor = z
  .string()
  .max(512)
  .optional()
  .describe('nextCursor of the page before; absent: the first page');
const nextCursor = z.string().nullable().describe('null: nothing older');

export const SuiteNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1 to 63 of a-z, 0-9 and hyphen, no hyphen at the ends',
  )
  .describe('Name of a stored suite: a slug of a-z, 0-9 and hyphen')
  .meta({ id: 'BenchSuiteName' });

/** A stored suite: one of its versions, each named by the hash of what it measures. */
export const BenchSuiteSchema = z
  .object({
    name: SuiteNameSchema,
    hash: z.string().describe('Of what it measures; two suites with the same hash measure the same'),
    origin: z
      .enum(['builtin', 'file', 'stored'])
      .describe(
        'builtin: it came with the program; file: from a YAML file of the data folder; stored: saved here',
      ),
    suite: SuiteSchema,
    at: InstantSchema.describe('When this version was stored'),
    runs: count.describe('Runs of this version'),
  })
  .meta({ id: 'BenchSuite' });
export type BenchSuite = z.infer<typeof BenchSuiteSchema>;

export const BenchSuitesSchema = z
  .object({
    suites: z.array(BenchSuiteSchema).describe('The newest version of each, by name'),
    problems: z
      .array(
        z.object({
          file: z.string().describe('Name of the file'),
          message: z.string().describe('What is wrong with it'),
        }),
      )
      .describe('Files of the data folder that are no suites'),
  })
  .meta({ id: 'BenchSuites' });
export type BenchSuites = z.infer<typeof BenchSuitesSchema>;
export const BenchSuiteVersionsSchema = z
  .object({ versions: z.array(BenchSuiteSchema).describe('Newest first') })
  .meta({ id: 'BenchSuiteVersions' });
export type BenchSuiteVersions = z.infer<typeof BenchSuiteVersionsSchema>;

export const BenchTargetSchema = z
  .strictObject({ providerId: ProviderIdSchema, model: ModelIdSchema })
  .describe('One model of one host')
  .meta({ id: 'BenchTarget' });
export type BenchTarget = z.infer<typeof BenchTargetSchema>;

const what = {
  suite: z
    .union([SuiteNameSchema, SuiteSchema])
    .describe('Name of a stored suite, or a suite that is not stored'),
  targets: z
    .array(BenchTargetSchema)
    .min(1)
    .max(200)
    .optional()
    .describe('What to measure; absent: the targets that the suite names'),
};

export const EstimateBenchSchema = z.strictObject(what).meta({ id: 'EstimateBench' });
export const StartBenchSchema = z
  .strictObject({
    ...what,
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional()
      .describe('Of a run that is to be repeated; absent: a new one'),
    confirm: z
      .boolean()
      .default(false)
      .describe(
        'true: also on hosts that others use or have used a moment ago, and on those that are leased',
      ),
  })
  .meta({ id: 'StartBench' });

/** What a run would be, before it is one. */
export const BenchEstimateSchema = z
  .object({
    targets: z
      .array(
        z.object({
          ...BenchTargetSchema.shape,
          cells: count.describe('Cells of the suite; of a search the most that it may take'),
          requests: count.describe('Requests that are measured'),
          seconds: z.number().min(0).describe('How long it will take, about'),
          from: z
            .enum(['runs', 'activity', 'guess'])
            .describe(
              'What that is reckoned from: earlier runs, requests of the last days, or nothing known',
            ),
          mustLoad: z.boolean().describe('Its model is not loaded, so that is done first'),
          unloads: z.array(z.string()).describe('Models that went for it when it was loaded before'),
          disturbs: z.array(z.string()).describe('Who used the host in the last minutes'),
          objection: ProblemSchema.nullable().describe(
            'Why it would be refused now, or would have to be confirmed; null: nothing speaks against it',
          ),
        }),
      )
      .describe('Each model of each host'),
    seconds: z
      .number()
      .min(0)
      .describe('For all: hosts are measured side by side, models of one host one after the other'),
  })
  .meta({ id: 'BenchEstimate' });
export type BenchEstimate = z.infer<typeof BenchEstimateSchema>;

export const BenchRunStateSchema = z
  .enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'])
  .describe('interrupted: it could not be brought to its end; what was measured stands')
  .meta({ id: 'BenchRunState' });
export type BenchRunState = z.infer<typeof BenchRunStateSchema>;

export const BenchRunSchema = z
  .object({
    id: z.uuid().describe('Names the run'),
    launch: z.uuid().describe('Runs that were asked for together have the same'),
    version: z
      .int()
      .min(1)
      .describe('Counts its changes: of two copies, the one with the higher version is newer'),
    kind: z
      .enum(['measured', 'imported'])
      .describe('imported: figures of llama-bench, which measures the engine without its server'),
    suiteName: z.string().describe('Of its suite'),
    suiteHash: z.string().describe('Of what its suite measures'),
    ...BenchTargetSchema.shape,
    state: BenchRunStateSchema,
    reason: ProblemSchema.nullable().describe('Why it is not whole; null: it is, or has not ended'),
    source: SourceSchema.describe('Who asked for it'),
    scheduleId: z.uuid().nullable().describe('The schedule that asked for it; null: a person or program did'),
    createdAt: InstantSchema.describe('When it was asked for'),
    startedAt: InstantSchema.nullable().describe('null: it has not begun'),
    endedAt: InstantSchema.nullable().describe('null: it has not ended'),
    seed: z.int().describe('The same seed and suite send the same prompts'),
    cellsDone: count.describe('Cells that are measured or left out'),
    cellsTotal: count.nullable().describe('null: not known yet, or a search decides as it goes'),
    contaminated: count.describe('Cells that something else may have touched'),
    polluted: count.describe('Cells whose figures are not what they would be by themselves'),
    regressed: count.nullable().describe('Figures that regressed against its baseline; null: not judged yet'),
    headline: z
      .partialRecord(FigureKeySchema, z.number())
      .describe('Medians of its first clean cell, or of the first; empty: nothing was measured yet'),
    loadMs: z.number().nullable().describe('How long the model took to load; null: it was loaded already'),
    engineBuild: z.string().nullable().describe('Of its fingerprint; null: not told'),
  })
  .describe('One model of one host, measured by a suite')
  .meta({ id: 'BenchRun' });
export type BenchRun = z.infer<typeof BenchRunSchema>;

export const BenchCellSchema = z
  .object({
    index: count.describe('From 0, in the order in which they are measured'),
    name: z.string().describe('The same for the same combination in every run: pp512 tg128 d0 c4'),
    spec: CellSpecSchema,
    state: z
      .enum(['waiting', 'running', 'measured', 'partial', 'skipped'])
      .describe('partial: not to its end; skipped: nothing of it was measured'),
    reason: z.string().nullable().describe('Why it was not measured, or not to its end'),
    attempt: z.int().min(0).describe('How often it was begun; each time it is measured whole'),
    startedAt: InstantSchema.nullable().describe('null: it has not begun'),
    endedAt: InstantSchema.nullable().describe('null: it has not ended'),
    warmups: count.describe('Requests that warmed up, and are in no figure'),
    requests: CellRequestsSchema.describe('What became of its requests'),
    figures: FiguresSchema,
    pollution: CellPollutionSchema,
    contamination: z.array(ContaminationSchema).max(100).describe('Empty: it had the host to itself'),
  })
  .meta({ id: 'BenchCell' });
export type BenchCell = z.infer<typeof BenchCellSchema>;

export const BenchRunDetailSchema = z
  .object({
    run: BenchRunSchema,
    suite: SuiteSchema,
    fingerprint: FingerprintSchema.nullable().describe('null: not known yet'),
    calibration: CalibrationSchema.nullable().describe(
      'How the lengths of prompts were come by; null: not yet',
    ),
    cells: z.array(BenchCellSchema).describe('In the order in which they are measured'),
    saturation: SaturationSchema,
    rates: z.array(RateFoundSchema).describe('What searches of a rate came to'),
    comparison: ComparisonSchema.extend({
      chosen: z
        .boolean()
        .describe('true: somebody set the baseline; false: it is the last clean run of the same fingerprint'),
    }).describe('Held against its baseline, as that is now'),
  })
  .meta({ id: 'BenchRunDetail' });
export type BenchRunDetail = z.infer<typeof BenchRunDetailSchema>;

export const BenchIdSchema = z.strictObject({ id: z.uuid().describe('Of the run') });
export const BenchRunsQuerySchema = z.strictObject({
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  model: ModelIdSchema.optional().describe('Of this model; absent: of all'),
  suite: z.string().max(100).optional().describe('Of this suite; absent: of all'),
  state: BenchRunStateSchema.optional().describe('In this state; absent: in any'),
  limit: z.int().min(1).max(200).default(50).describe('Runs of a page at most'),
  cursor,
});
export const BenchRunsPageSchema = z
  .object({
    open: z.array(BenchRunSchema).describe('Not ended, in the order of their turns; the same on every page'),
    ended: z.array(BenchRunSchema).describe('Newest first'),
    nextCursor,
  })
  .meta({ id: 'BenchRunsPage' });
export type BenchRunsPage = z.infer<typeof BenchRunsPageSchema>;

export const BenchStartedSchema = z
  .object({ runs: z.array(BenchRunSchema).describe('One for each model of each host') })
  .meta({ id: 'BenchStarted' });
export type BenchStarted = z.infer<typeof BenchStartedSchema>;

export const BenchSamplesQuerySchema = z.strictObject({
  id: z.uuid().describe('Of the run'),
  cell: count.optional().describe('Of this cell; absent: of all'),
  limit: z.int().min(1).max(1_000).default(200).describe('Samples of a page at most'),
  cursor,
});
export const BenchSamplesPageSchema = z
  .object({
    samples: z.array(SampleSchema).describe('In the order of cells and of their sending'),
    nextCursor: z.string().nullable().describe('null: there are no more'),
  })
  .meta({ id: 'BenchSamplesPage' });
export type BenchSamplesPage = z.infer<typeof BenchSamplesPageSchema>;

export const RerunCellsSchema = z.union([
  z.enum(['contaminated', 'unmeasured']),
  z.array(count).min(1).max(1_000),
]);
export type RerunCells = z.infer<typeof RerunCellsSchema>;
export const RerunBenchSchema = z
  .strictObject({
    cells: RerunCellsSchema.default('contaminated').describe(
      'Which cells are measured: those that something may have touched, those that never were because the run ended before them, or those named',
    ),
    confirm: z.boolean().default(false).describe('As for a new run'),
  })
  .meta({ id: 'RerunBench' });

export const BenchBaselineSchema = z
  .object({
    suiteName: z.string().describe('Of its suite'),
    ...BenchTargetSchema.shape,
    runId: z.uuid().describe('The run that others are held against'),
    setBy: SourceSchema.describe('Who set it'),
    at: InstantSchema.describe('When it was set'),
  })
  .meta({ id: 'BenchBaseline' });
export type BenchBaseline = z.infer<typeof BenchBaselineSchema>;
export const BenchBaselinesSchema = z
  .object({ baselines: z.array(BenchBaselineSchema).describe('By suite, host and model') })
  .meta({ id: 'BenchBaselines' });
export type BenchBaselines = z.infer<typeof BenchBaselinesSchema>;
export const BenchBaselineKeySchema = z
  .strictObject({
    suiteName: z.string().min(1).max(100).describe('Of its suite'),
    ...BenchTargetSchema.shape,
  })
  .meta({ id: 'BenchBaselineKey' });

export const BenchScheduleInputSchema = z
  .strictObject({
    suiteName: SuiteNameSchema,
    targets: z
      .array(BenchTargetSchema)
      .max(200)
      .default([])
      .describe('What to measure; empty: the targets that the suite names'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .describe('Time of day, HH:MM'),
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .default([1, 2, 3, 4, 5, 6, 7])
      .describe('Days of the week, 1: Monday to 7: Sunday'),
    timeZone: z.string().min(1).max(64).default('UTC').describe('Whose time of day, e.g. Europe/Berlin'),
    enabled: z.boolean().default(true).describe('false: it is kept, and not run'),
  })
  .meta({ id: 'BenchScheduleInput' });
export type BenchScheduleInput = z.infer<typeof BenchScheduleInputSchema>;
export const BenchScheduleSchema = BenchScheduleInputSchema.extend({
  id: z.uuid().describe('Names the schedule'),
  nextAt: InstantSchema.nullable().describe('When it is due; null: it is not enabled'),
  last: z
    .object({
      at: InstantSchema.describe('When it was due'),
      runs: count.describe('Runs that it began'),
      skipped: z
        .array(z.object({ ...BenchTargetSchema.shape, reason: ProblemSchema.describe('Why') }))
        .describe('What it left out, and why'),
      problem: ProblemSchema.nullable()
        .optional()
        .describe('Why nothing could be begun at all; null or absent: nothing spoke against it'),
    })
    .nullable()
    .describe('What became of it the last time; null: it was not due yet'),
}).meta({ id: 'BenchSchedule' });
export type BenchSchedule = z.infer<typeof BenchScheduleSchema>;
export const BenchSchedulesSchema = z
  .object({ schedules: z.array(BenchScheduleSchema).describe('The next one first') })
  .meta({ id: 'BenchSchedules' });
export type BenchSchedules = z.infer<typeof BenchSchedulesSchema>;

export const BenchHistoryQuerySchema = z.strictObject({
  figure: FigureKeySchema,
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  model: ModelIdSchema.optional().describe('Of this model; absent: of all'),
  suite: z.string().max(100).optional().describe('Of this suite; absent: of all'),
  cell: z.string().max(200).optional().describe('Of this cell; absent: of all'),
  days: z.int().min(1).max(3_650).default(90).describe('So far back'),
  limit: z.int().min(1).max(5_000).default(2_000).describe('Points at most; older ones are left out'),
});
export const BenchHistorySchema = z
  .object({
    points: z
      .array(
        z.object({
          runId: z.uuid().describe('Of which run'),
          at: InstantSchema.describe('When that began'),
          ...BenchTargetSchema.shape,
          suiteName: z.string().describe('Of its suite'),
          cell: z.string().describe('Name of the cell'),
          value: SummarySchema.omit({ repetitions: true }).describe('All values of the cell'),
          isClean: z.boolean().describe('false: contaminated or polluted'),
          engineBuild: z.string().nullable().describe('Of llama.cpp; null: not told'),
        }),
      )
      .describe('Oldest first'),
    leftOut: z.boolean().describe('There are more than were asked for'),
  })
  .meta({ id: 'BenchHistory' });
export type BenchHistory = z.infer<typeof BenchHistorySchema>;

export const BenchFastestSchema = z
  .object({
    models: z
      .array(
        z.object({
          model: ModelIdSchema,
          hosts: z
            .array(
              z.object({
                providerId: ProviderIdSchema,
                runId: z.uuid().describe('The newest run with a clean cell'),
                at: InstantSchema.describe('When that began'),
                cell: z.string().describe('Name of the cell: alone, with the longest answer'),
                genTps: z.number().nullable().describe('Median, tokens/s; null: not measured'),
                ttftMs: z.number().nullable().describe('Median, milliseconds; null: not measured'),
                promptTps: z.number().nullable().describe('Median, tokens/s; null: not measured'),
              }),
            )
            .describe('The fastest generation first'),
        }),
      )
      .describe('Models that were measured, by name'),
  })
  .meta({ id: 'BenchFastest' });
export type BenchFastest = z.infer<typeof BenchFastestSchema>;

export const ImportBenchSchema = z
  .strictObject({
    ...BenchTargetSchema.shape,
    output: z.string().min(2).max(500_000).describe('What llama-bench -o json printed'),
  })
  .meta({ id: 'ImportBench' });

export const RecordedTrafficQuerySchema = z
  .strictObject({
    source: SourceSchema.describe('Whose requests'),
    model: ModelIdSchema.optional().describe('To this model; absent: to any'),
    from: z.iso.datetime({ offset: true }).describe('RFC 3339 instant, inclusive'),
    to: z.iso.datetime({ offset: true }).describe('RFC 3339 instant, exclusive'),
  })
  .meta({ id: 'RecordedTrafficQuery' });
export type RecordedTrafficQuery = z.infer<typeof RecordedTrafficQuerySchema>;
export const RecordedTrafficSchema = z
  .object({
    suite: SuiteSchema.describe('A suite that sends the same at the same times'),
    leftOut: count.describe('Requests without the lengths of prompt or answer, or beyond 5,000'),
  })
  .meta({ id: 'RecordedTraffic' });
export type RecordedTraffic = z.infer<typeof RecordedTrafficSchema>;

/** What the figures are, in words: `definitionOf`, for programs that do not have it. */
export const BenchDefinitionsSchema = z
  .object({
    definitions: z
      .array(
        z.object({
          figure: FigureKeySchema,
          label: z.string().describe('In the head of a table'),
          unit: z.string().describe('ms, tokens/s, requests/s, tokens or %'),
          better: z.enum(['higher', 'lower']).nullable().describe('null: neither is better'),
          is: z.string().describe('In one sentence'),
          formula: z.string().describe('How it is reckoned'),
          source: z.string().describe('Who says it: our clock, the host’s own account, or both'),
          of: z
            .enum(['request', 'cell', 'run'])
            .describe('Of one request; of all requests of a cell together; of a run'),
          minEffect: z
            .number()
            .optional()
            .describe('Least change that counts in a comparison, as a part of 1; absent: it is not compared'),
        }),
      )
      .describe('Every figure'),
  })
  .meta({ id: 'BenchDefinitions' });
export type BenchDefinitions = z.infer<typeof BenchDefinitionsSchema>;

import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProblemSchema, ProviderIdSchema, SourceSchema } from '../common.js';
import { CursorSchema, nextCursorOf } from '../paging.js';
import { FigureKeySchema, FiguresSchema } from './figures.js';
import { BenchTargetSchema } from './launch.js';
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

/** Runs: one model of one host, measured by a suite. */

const count = z.int().min(0);

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
  cursor: CursorSchema,
});

export const BenchRunsPageSchema = z
  .object({
    open: z.array(BenchRunSchema).describe('Not ended, in the order of their turns; the same on every page'),
    ended: z.array(BenchRunSchema).describe('Newest first'),
    nextCursor: nextCursorOf('nothing older'),
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
  cursor: CursorSchema,
});

export const BenchSamplesPageSchema = z
  .object({
    samples: z.array(SampleSchema).describe('In the order of cells and of their sending'),
    nextCursor: nextCursorOf('there are no more'),
  })
  .meta({ id: 'BenchSamplesPage' });
export type BenchSamplesPage = z.infer<typeof BenchSamplesPageSchema>;

import { z } from 'zod';
import { ContaminationSchema, FingerprintSchema } from '../bench/result.js';
import { BenchTargetSchema } from '../bench/launch.js';
import { InstantSchema, ModelIdSchema, ProblemSchema, ProviderIdSchema, SourceSchema } from '../common.js';
import { JobStateSchema } from '../jobs.js';
import { ScoreCategorySchema } from '../scores.js';
import { CursorSchema, nextCursorOf } from '../paging.js';
import { EvalOutcomeSchema, EvalOutcomesSchema, EvalScoreSchema, EvalSpeedSchema } from './score.js';
import { EvalSuiteHashSchema } from './stored-suites.js';
import { EvalItemIdSchema, EvalKindSchema, EvalSamplerSchema, EvalSuiteNameSchema } from './suite.js';

/** Runs: one model of one host, asked all items of a suite. */

const count = z.int().min(0);

export const EvalRunSchema = z
  .object({
    id: z.uuid().describe('Names the run'),
    launch: z.uuid().describe('Runs that were asked for together have the same'),
    version: z
      .int()
      .min(1)
      .describe('Counts its changes: of two copies, the one with the higher version is newer'),
    suiteName: EvalSuiteNameSchema,
    suiteHash: EvalSuiteHashSchema,
    suiteTitle: z.string().describe('What its suite is called'),
    category: ScoreCategorySchema,
    ...BenchTargetSchema.shape,
    state: JobStateSchema,
    reason: ProblemSchema.nullable().describe('Why it is not whole; null: it is, or has not ended'),
    source: SourceSchema.describe('Who asked for it'),
    createdAt: InstantSchema.describe('When it was asked for'),
    startedAt: InstantSchema.nullable().describe('null: it has not begun'),
    endedAt: InstantSchema.nullable().describe('null: it has not ended'),
    k: z.int().min(1).describe('How often each item is asked'),
    isWhole: z.boolean().describe('false: only some items of the suite were asked for'),
    sampler: EvalSamplerSchema,
    concurrency: z.int().min(1).describe('Requests to its host at the same time'),
    done: count.describe('Samples that have their outcome'),
    total: count.describe('Samples in all'),
    outcomes: EvalOutcomesSchema,
    score: EvalScoreSchema.nullable().describe('null: no sample counts yet'),
    speed: EvalSpeedSchema.nullable().describe('null: no answer yet'),
    contaminated: count.describe(
      'Samples during which something else used the host: their times are not the model’s own',
    ),
    loadMs: z.number().nullable().describe('How long the model took to load; null: it was loaded already'),
    engineBuild: z.string().nullable().describe('Of its fingerprint; null: not told'),
    quant: z.string().nullable().describe('Quantisation, as the file or model name tells; null: not told'),
  })
  .describe('One model of one host, asked all items of a suite')
  .meta({ id: 'EvalRun' });
export type EvalRun = z.infer<typeof EvalRunSchema>;

export const EvalItemResultSchema = z
  .object({
    item: EvalItemIdSchema,
    kind: EvalKindSchema,
    family: z.string().nullable().describe('Items that stand or fall together; null: it stands alone'),
    difficulty: z.enum(['easy', 'medium', 'hard']).nullable().describe('null: not graded'),
    retired: z.boolean().describe('true: it is in no score'),
    samples: z
      .array(
        z.object({
          sample: count.describe('Which one of the item, from 0'),
          state: z.enum(['waiting', 'asking', 'grading', 'done']).describe('Where it is'),
          outcome: EvalOutcomeSchema.nullable().describe('null: not done'),
          isContaminated: z.boolean().describe('Something else used the host meanwhile'),
        }),
      )
      .describe('k of them'),
  })
  .meta({ id: 'EvalItemResult' });
export type EvalItemResult = z.infer<typeof EvalItemResultSchema>;

export const EvalRunDetailSchema = z
  .object({
    run: EvalRunSchema,
    fingerprint: FingerprintSchema.nullable().describe('null: not known yet'),
    contamination: z.array(ContaminationSchema).max(200).describe('What else the host was busy with'),
    items: z.array(EvalItemResultSchema).describe('One page of them, in the order of the suite'),
    nextCursor: nextCursorOf('nothing further'),
  })
  .meta({ id: 'EvalRunDetail' });
export type EvalRunDetail = z.infer<typeof EvalRunDetailSchema>;

export const EvalIdSchema = z.strictObject({ id: z.uuid().describe('Of the run') });

export const EvalRunQuerySchema = z.strictObject({ cursor: CursorSchema });

export const EvalRunsQuerySchema = z.strictObject({
  providerId: ProviderIdSchema.optional().describe('Of this host; absent: of all'),
  model: ModelIdSchema.optional().describe('Of this model; absent: of all'),
  suite: EvalSuiteNameSchema.optional().describe('Of this suite; absent: of all'),
  state: JobStateSchema.optional().describe('In this state; absent: in any'),
  limit: z.int().min(1).max(200).default(50).describe('Runs of a page at most'),
  cursor: CursorSchema,
});

export const EvalRunsPageSchema = z
  .object({
    open: z.array(EvalRunSchema).describe('Not ended, in the order of their turns; the same on every page'),
    ended: z.array(EvalRunSchema).describe('Newest first'),
    nextCursor: nextCursorOf('nothing further'),
  })
  .meta({ id: 'EvalRunsPage' });
export type EvalRunsPage = z.infer<typeof EvalRunsPageSchema>;

export const EvalStartedSchema = z
  .object({ runs: z.array(EvalRunSchema).describe('One for each model of each host') })
  .meta({ id: 'EvalStarted' });
export type EvalStarted = z.infer<typeof EvalStartedSchema>;

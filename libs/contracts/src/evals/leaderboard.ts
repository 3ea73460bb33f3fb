import { z } from 'zod';
import { BenchTargetSchema } from '../bench/launch.js';
import { InstantSchema } from '../common.js';
import { ScoreCategorySchema } from '../scores.js';
import { EvalEstimateSchema, EvalScoreSchema, EvalSpeedSchema } from './score.js';
import { EvalSuiteHashSchema } from './stored-suites.js';
import { EvalItemIdSchema, EvalSuiteNameSchema } from './suite.js';

/** Who is better at what, and how sure that is. */

export const LeaderboardEntrySchema = z
  .object({
    runId: z.uuid().describe('The newest whole run of this suite'),
    suiteName: EvalSuiteNameSchema,
    suiteHash: EvalSuiteHashSchema,
    category: ScoreCategorySchema,
    score: EvalScoreSchema,
    rank: z
      .object({ from: z.int().min(1).describe('Best place'), to: z.int().min(1).describe('Worst place') })
      .describe('Places that it may have: shared where intervals overlap'),
    speed: EvalSpeedSchema.describe('How fast it answered meanwhile'),
    at: InstantSchema.describe('When the run ended'),
    isStale: z
      .boolean()
      .describe(
        'true: the suite has a newer version, or the host now runs another build or file of the model',
      ),
  })
  .meta({ id: 'EvalLeaderboardEntry' });
export type LeaderboardEntry = z.infer<typeof LeaderboardEntrySchema>;

export const LeaderboardRowSchema = z
  .object({
    ...BenchTargetSchema.shape,
    quant: z.string().nullable().describe('Quantisation; null: not told'),
    sizeB: z.number().nullable().describe('Billions of parameters, as its name tells; null: not told'),
    vramMb: z
      .number()
      .nullable()
      .describe(
        'Memory in use on the GPUs of its host in MB, with no other model in memory, as the newest of these runs that tells it has measured; what other programs of the host hold is in it. null: not told',
      ),
    vramReason: z.string().nullable().describe('Why vramMb is not told, in words; null: it is'),
    loaded: z.boolean().describe('It is in memory now'),
    healthy: z.boolean().describe('Its host answers now'),
    scores: z.array(LeaderboardEntrySchema).describe('One for each suite, by category'),
  })
  .describe('One model of one host')
  .meta({ id: 'EvalLeaderboardRow' });
export type LeaderboardRow = z.infer<typeof LeaderboardRowSchema>;

export const LeaderboardQuerySchema = z.strictObject({
  category: ScoreCategorySchema.optional().describe('Of this category; absent: of all'),
  suite: EvalSuiteNameSchema.optional().describe('Of this suite; absent: of all'),
});
export const LeaderboardSchema = z
  .object({
    rows: z.array(LeaderboardRowSchema).describe('The best of the first category first'),
    categories: z.array(ScoreCategorySchema).describe('Those that have scores'),
    pareto: z
      .array(
        z.object({
          category: ScoreCategorySchema,
          runIds: z.array(z.uuid()).describe('None is both better and faster than these'),
        }),
      )
      .describe('By category'),
  })
  .meta({ id: 'EvalLeaderboard' });
export type Leaderboard = z.infer<typeof LeaderboardSchema>;

export const CompareEvalsSchema = z.strictObject({
  a: z.uuid().describe('A run'),
  b: z.uuid().describe('Another run of the same version of the same suite'),
});
export const EvalComparisonSchema = z
  .object({
    a: z
      .object({
        runId: z.uuid().describe('Of this run'),
        ...BenchTargetSchema.shape,
        pass1: EvalEstimateSchema.describe('Share of the items in common that one try passes'),
      })
      .describe('One of them'),
    b: z
      .object({
        runId: z.uuid().describe('Of this run'),
        ...BenchTargetSchema.shape,
        pass1: EvalEstimateSchema.describe('Share of the items in common that one try passes'),
      })
      .describe('The other'),
    items: z.int().min(0).describe('Items that both were asked and that count of both'),
    difference: z
      .object({
        mean: z.number().min(-1).max(1).describe('Of the shares passed, a − b'),
        low: z.number().min(-1).max(1).describe('Lower end of the 95 % interval, paired by item'),
        high: z.number().min(-1).max(1).describe('Upper end'),
      })
      .nullable()
      .describe('null: no item in common'),
    p: z.number().min(0).max(1).nullable().describe('Of no difference, paired; null: no item in common'),
    pCorrected: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('The same, corrected for all pairs of runs of this version (Holm); null: no item in common'),
    method: z
      .enum(['mcnemar', 'bootstrap'])
      .describe('mcnemar: one try each, exact; bootstrap: several tries or families, paired'),
    verdict: z.enum(['a_better', 'b_better', 'not_told_apart']).describe('By the corrected p, at 5 %'),
    onlyA: z.array(EvalItemIdSchema).describe('Items that a does better'),
    onlyB: z.array(EvalItemIdSchema).describe('Items that b does better'),
  })
  .meta({ id: 'EvalComparison' });
export type EvalComparison = z.infer<typeof EvalComparisonSchema>;

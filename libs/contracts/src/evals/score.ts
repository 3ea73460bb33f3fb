import { z } from 'zod';

/** What became of a sample, and how well a model did. */

const count = z.int().min(0);

export const EvalOutcomeSchema = z
  .enum(['passed', 'failed', 'timeout', 'oom', 'refused', 'invalid', 'harness_error'])
  .describe(
    'failed: a wrong answer, or none that could be used; timeout, oom: its code took too long or too much memory; refused: the model would not; invalid: it was not asked what was meant, so it does not count; harness_error: our fault, does not count',
  )
  .meta({ id: 'EvalOutcome' });
export type EvalOutcome = z.infer<typeof EvalOutcomeSchema>;

export const EvalOutcomesSchema = z
  .partialRecord(EvalOutcomeSchema, count)
  .describe('Samples by what became of them; one that is absent: none')
  .meta({ id: 'EvalOutcomes' });

/** A share with its interval, each from 0 to 1. */
export const EvalEstimateSchema = z
  .object({
    mean: z.number().min(0).max(1).describe('The estimate'),
    low: z.number().min(0).max(1).describe('Lower end of the 95 % interval'),
    high: z.number().min(0).max(1).describe('Upper end'),
  })
  .meta({ id: 'EvalEstimate' });
export type EvalEstimate = z.infer<typeof EvalEstimateSchema>;

export const EvalScoreSchema = z
  .object({
    pass1: EvalEstimateSchema.describe('Share of items that one try passes'),
    passAtK: EvalEstimateSchema.describe('Share of items of which at least one of k tries passes, unbiased'),
    passHatK: EvalEstimateSchema.describe('Share of items of which all k tries pass'),
    k: z.int().min(1).describe('Tries of an item'),
    items: z.int().min(1).describe('Items with at least one sample that counts'),
    families: z.int().min(1).describe('Groups of items that stand or fall together: what the interval is of'),
    samples: z.int().min(1).describe('Samples that count'),
    left: count.describe('Samples that do not count: invalid and harness_error'),
  })
  .describe('How well a model did in a suite')
  .meta({ id: 'EvalScore' });
export type EvalScore = z.infer<typeof EvalScoreSchema>;

export const EvalSpeedSchema = z
  .object({
    genTps: z
      .number()
      .nullable()
      .describe('Median tokens/s of generation, of samples that nothing else touched; null: not measured'),
    ttftMs: z
      .number()
      .nullable()
      .describe('Median time to the first token in milliseconds; null: not measured'),
    outputTokens: z.number().nullable().describe('Median length of an answer; null: not told'),
    concurrency: z.int().min(1).describe('Requests that were under way at the same time'),
  })
  .meta({ id: 'EvalSpeed' });
export type EvalSpeed = z.infer<typeof EvalSpeedSchema>;

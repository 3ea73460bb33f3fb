import { z } from 'zod';
import { ModelIdSchema, ProblemSchema, ProviderIdSchema } from '../common.js';
import { SuiteNameSchema } from './stored-suites.js';
import { SuiteSchema } from './suite.js';

/** What a run is asked for with, and what it would be. */

const count = z.int().min(0);

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

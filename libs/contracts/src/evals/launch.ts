import { z } from 'zod';
import { BenchTargetSchema } from '../bench/launch.js';
import { ProblemSchema } from '../common.js';
import { EvalSuiteHashSchema } from './stored-suites.js';
import { EvalItemIdSchema, EvalSamplerSchema, EvalSuiteNameSchema } from './suite.js';

/** What a run is asked for with, and what it would be. */

const count = z.int().min(0);

const what = {
  suite: EvalSuiteNameSchema,
  hash: EvalSuiteHashSchema.optional().describe('Version of the suite; absent: the newest'),
  targets: z
    .array(BenchTargetSchema)
    .min(1)
    .max(200)
    .describe('Models of hosts; hosts are asked side by side'),
  samples: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('How often each item is asked; absent: as the suite says'),
  items: z
    .array(EvalItemIdSchema)
    .min(1)
    .max(5_000)
    .optional()
    .describe('Only these; absent: all that are not retired'),
  sampler: EvalSamplerSchema.partial()
    .optional()
    .describe('What is sent instead of the sampler of the suite; absent: nothing'),
  concurrency: z.int().min(1).max(32).default(1).describe('Requests to a host at the same time'),
};

export const EstimateEvalSchema = z.strictObject(what).meta({ id: 'EstimateEval' });

export const StartEvalSchema = z
  .strictObject({
    ...what,
    confirm: z
      .boolean()
      .default(false)
      .describe(
        'true: also on hosts that others use or have used a moment ago, and on those that are leased',
      ),
  })
  .meta({ id: 'StartEval' });

export const EvalEstimateOfRunSchema = z
  .object({
    targets: z
      .array(
        z.object({
          ...BenchTargetSchema.shape,
          samples: count.describe('Requests, turns of conversations not counted'),
          seconds: z.number().min(0).describe('How long it will take, about'),
          from: z
            .enum(['runs', 'activity', 'guess'])
            .describe(
              'What that is reckoned from: earlier runs, requests of the last days, or nothing known',
            ),
          mustLoad: z.boolean().describe('Its model is not loaded, so that is done first'),
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
      .describe('For all: hosts side by side, models of one host one after the other'),
  })
  .meta({ id: 'EvalRunEstimate' });
export type EvalRunEstimate = z.infer<typeof EvalEstimateOfRunSchema>;

import { z } from 'zod';
import { InstantSchema, ProblemSchema } from '../common.js';
import { BenchTargetSchema } from './launch.js';
import { SuiteNameSchema } from './stored-suites.js';

/** Runs that begin by themselves. */

const count = z.int().min(0);

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

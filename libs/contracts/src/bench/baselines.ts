import { z } from 'zod';
import { InstantSchema, SourceSchema } from '../common.js';
import { BenchTargetSchema } from './launch.js';

/** The runs that others are held against. */

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

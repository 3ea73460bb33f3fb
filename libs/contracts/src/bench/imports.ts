import { z } from 'zod';
import { ModelIdSchema, SourceSchema } from '../common.js';
import { BenchTargetSchema } from './launch.js';
import { SuiteSchema } from './suite.js';

/** Figures and traffic that were not measured here. */

const count = z.int().min(0);

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

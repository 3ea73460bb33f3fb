import { z } from 'zod';
import { InstantSchema, ProviderIdSchema, SeqSchema } from './common.js';
import { GapSchema, InflightSchema, LivenessSchema, ModelSchema, PerfSchema } from './facts.js';

/** Throughput over time: tokens are spread evenly over the time their request ran. */
export const ThroughputBucketSchema = z.object({
  start: z.int().describe('Unix seconds, a multiple of 15'),
  outputTokens: z.number().describe('Tokens generated in this bucket'),
  inputTokens: z.number().describe('Prompt tokens in this bucket'),
  requests: z.int().describe('Requests that ended in this bucket'),
  errors: z
    .int()
    .describe('Of those, the failed ones: no answer, or a status from 400 but 499 (the client left)'),
});
export type ThroughputBucket = z.infer<typeof ThroughputBucketSchema>;

/**
 * One host as the fold knows it. Each slice has the stream sequence it contains; slices are independent of
 * each other, so a client may follow only those it shows.
 */
export const HostStateSchema = z
  .object({
    providerId: ProviderIdSchema,
    seqs: z
      .object({
        liveness: SeqSchema,
        models: SeqSchema,
        inflight: SeqSchema,
        perf: SeqSchema,
        requests: SeqSchema,
        gap: SeqSchema,
      })
      .describe('Sequence of the newest fact in each slice'),
    liveness: LivenessSchema.nullable().describe('null: not stated yet'),
    models: z.array(ModelSchema).describe('Models with their states'),
    inflight: InflightSchema.nullable().describe('null: not stated yet'),
    perf: PerfSchema.nullable().describe('The newest sample; null: none yet'),
    requests: z
      .object({
        buckets: z.array(ThroughputBucketSchema).describe('Ascending, at most 64: the last 16 minutes'),
        lastEndByModel: z
          .record(z.string(), InstantSchema)
          .describe('When the last request of each model ended; starts its time to unload'),
      })
      .describe('What its finished requests add up to'),
    gap: GapSchema.nullable().describe('The newest gap'),
  })
  .meta({ id: 'HostState' });
export type HostState = z.infer<typeof HostStateSchema>;
export type Slice = keyof HostState['seqs'];

export const FleetStateSchema = z
  .object({
    epoch: z
      .string()
      .describe(
        'Changes when the log was wiped or lost its tail: sequences of different epochs do not compare',
      ),
    hosts: z.record(z.string(), HostStateSchema).describe('By provider id'),
  })
  .meta({ id: 'FleetState' });
export type FleetState = z.infer<typeof FleetStateSchema>;

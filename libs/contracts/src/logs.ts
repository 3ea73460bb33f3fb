import { z } from 'zod';
import { AnyInstantSchema, InstantSchema, LogSourceSchema, ProviderIdSchema } from './common.js';
import { LogLineSchema } from './messages.js';

/** What is still kept of the logs of a host: the stream LOGS is a tail, not an archive. */

/** GET /api/logs */
export const LogLinesQuerySchema = z.strictObject({
  providerId: ProviderIdSchema,
  source: LogSourceSchema.optional().describe(
    'proxy: the host’s own log; upstream: what its model servers print; absent: both',
  ),
  from: AnyInstantSchema.optional().describe('Inclusive; absent: as far back as is kept'),
  to: AnyInstantSchema.optional().describe('Exclusive; absent: until now'),
  limit: z
    .int()
    .min(1)
    .max(500)
    .default(200)
    .describe('Lines of a page at most; fewer where they are long: a page ends with 1 MB of text'),
  cursor: z.string().max(512).optional().describe('nextCursor of the page before; absent: the first page'),
});
export type LogLinesQuery = z.output<typeof LogLinesQuerySchema>;

export const LogLinesSchema = z
  .object({
    lines: z
      .array(
        LogLineSchema.omit({ providerId: true }).extend({
          seq: z.int().describe('Its sequence in the LOGS stream'),
        }),
      )
      .describe('In the order in which they came'),
    nextCursor: z.string().nullable().describe('null: nothing later in the range'),
    kept: z
      .array(
        z.object({
          source: LogSourceSchema,
          since: InstantSchema.describe(
            'Every line that came since then is still kept; of what came before, some or all have left the log',
          ),
        }),
      )
      .describe('How far back the log of each source that was asked for reaches'),
  })
  .meta({ id: 'LogLines' });
export type LogLines = z.infer<typeof LogLinesSchema>;

import { databaseConfig } from '@boocontrol/platform';
import { z } from 'zod';

const days = (byDefault: number, what: string) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(byDefault)
    .meta({ examples: [String(byDefault)] })
    .describe(`Days that ${what} are kept`);

export const fleetStateConfig = databaseConfig.extend({
  PERF_RETENTION_DAYS: days(7, 'performance samples'),
  ROLLUP_RETENTION_DAYS: days(90, '5-minute rollups of performance samples'),
  REQUEST_RETENTION_DAYS: days(90, 'requests (and what is left of their captures)'),
  MODEL_EVENT_RETENTION_DAYS: days(90, 'model and host events'),
  CAPTURE_BUDGET_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(50)
    .meta({ examples: ['50'] })
    .describe('Captured bodies kept in all, in megabytes; the oldest go first'),
});
export type FleetStateConfig = z.infer<typeof fleetStateConfig>;

import { databaseConfig } from '@boocontrol/platform';
import { z } from 'zod';

export const benchConfig = databaseConfig.extend({
  BENCH_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(365)
    .meta({ examples: ['365'] })
    .describe('Days that ended benchmark runs are kept; baselines are kept for as long as they are ones'),
  BOOCONTROL_SUITES_DIR: z
    .string()
    .optional()
    .meta({ examples: ['./suites'] })
    .describe('Folder whose YAML files are benchmark suites; unset: none'),
});
export type BenchConfig = z.infer<typeof benchConfig>;

import { databaseConfig } from '@boocontrol/platform';
import { z } from 'zod';

export const actionsConfig = databaseConfig.extend({
  ACTION_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .meta({ examples: ['90'] })
    .describe('Days that ended actions and leases are kept'),
});
export type ActionsConfig = z.infer<typeof actionsConfig>;

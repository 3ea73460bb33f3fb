import { databaseConfig } from '@boocontrol/platform';
import { z } from 'zod';

export const evalsConfig = databaseConfig.extend({
  EVAL_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(365)
    .meta({ examples: ['365'] })
    .describe('Days that ended eval runs are kept, with every sample'),
  BOOCONTROL_EVALS_DIR: z
    .string()
    .optional()
    .meta({ examples: ['./evals'] })
    .describe(
      'Folder whose YAML files are suites that measure quality; unset: those that came with the program',
    ),
  BOOCONTROL_SANDBOX: z
    .string()
    .optional()
    .meta({ examples: ['./.boocontrol/sandbox'] })
    .describe('Folder of the sandbox that code of models runs in; unset: coding items are refused'),
});
export type EvalsConfig = z.infer<typeof evalsConfig>;

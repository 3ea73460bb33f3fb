import { z } from 'zod';
import { AnyInstantSchema, ProviderIdSchema, SearchTextSchema } from './common.js';

/** How good models are at something, as measured: what the gateway's decision knows of quality. */

const share = z.number().min(0).max(1);

export const ScoreCategorySchema = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .describe('What was measured, e.g. agent-coding');

const fields = z.object({
  model: SearchTextSchema.min(1)
    .max(256)
    .describe('Model id, `*` standing for any text, upper and lower case alike: `*qwen3-30b-a3b*`'),
  category: ScoreCategorySchema.nullable().describe('null: overall'),
  mean: share.describe('How well it does, 0 to 1'),
  low: share.describe('Lower end of the interval of the mean; this is what counts'),
  high: share.describe('Upper end of the interval'),
  n: z.int().min(1).describe('Tasks that were measured'),
  measuredAt: AnyInstantSchema.describe('When it was measured'),
  suite: z
    .object({ name: z.string().describe('Its name'), hash: z.string().describe('Its version') })
    .optional()
    .describe('What was asked; absent: not told'),
  providerId: ProviderIdSchema.optional().describe('Measured at this host; absent: at none in particular'),
  runId: z.string().max(64).optional().describe('The run that it comes of; absent: of none'),
  genTps: z.number().min(0).optional().describe('Tokens/s of generation meanwhile; absent: not measured'),
  ttftMs: z
    .number()
    .min(0)
    .optional()
    .describe('Milliseconds to the first token meanwhile; absent: not measured'),
  by: SearchTextSchema.min(1).max(160).describe('Who measured, and with what: a run, a person, a program'),
});

/** What of a score stands beside a choice that it led to. */
export const ScoreMarkSchema = fields.pick({
  category: true,
  mean: true,
  low: true,
  high: true,
  n: true,
  by: true,
  runId: true,
});

/** An entry of KV `scores`, under a key of its writer's choice. */
export const ScoreSchema = fields
  .refine(({ low, mean, high }) => low <= mean && mean <= high, 'the mean must lie between low and high')
  .describe(
    'How good a model is at something. Of several that fit a model, its own id comes before patterns, longer patterns before shorter ones, and newer before older.',
  )
  .meta({ id: 'Score' });
export type Score = z.infer<typeof ScoreSchema>;

/** GET /api/routing/scores. */
export const ScoresSchema = z
  .object({
    scores: z
      .array(
        ScoreSchema.safeExtend({
          healthy: z
            .boolean()
            .optional()
            .describe('Its host answers now; absent: measured at none in particular'),
          loaded: z
            .boolean()
            .optional()
            .describe('It is in memory there now; absent: measured at none in particular'),
        }),
      )
      .describe('By category, the overall ones first, then by model'),
  })
  .meta({ id: 'Scores' });
export type Scores = z.infer<typeof ScoresSchema>;

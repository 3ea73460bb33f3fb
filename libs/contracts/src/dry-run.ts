import { z } from 'zod';
import { InstantSchema, ModelIdSchema, ProviderIdSchema, SourceSchema } from './common.js';
import { NewRoutePolicySchema, RouteFactSchema, RouteFilterSchema, RouteTermsSchema } from './routes.js';

/** What a policy that is being edited would have chosen for the requests that its saved versions decided. */

const count = z.int().min(0);
const score = z.number().min(0).max(1);

/** So far back. */
const HOURS = 24;
/** So many requests and so many changes at most. */
export const DRY_RUN_REQUESTS = 5_000;
export const DRY_RUN_CHANGES = 500;

export const DryRunRequestSchema = z
  .strictObject({
    draft: NewRoutePolicySchema.describe(
      'The policy as it would be; it is held against the requests that the policy of its name has decided, and is not saved',
    ),
    hours: z.number().gt(0).max(HOURS).default(HOURS).describe('Requests of so many hours until now'),
  })
  .meta({ id: 'DryRunRequest' });

/** What a record does not hold, without which nothing certain can be said of a request. */
export const DryRunGapSchema = z
  .enum(['left_out', 'host_changed', 'quality', 'ability', 'cut', 'rules'])
  .describe(
    'left_out: a candidate that the draft might take was left out then, before it was scored; host_changed: tags or prices of a host were changed since; quality: the draft counts another category, and what was known of it then is not recorded; ability: the record is from before it was noted whether each candidate is known to be able to do what was asked; cut: more candidates than a record holds; rules: what decided then is no longer known, or scored otherwise than today',
  );
export type DryRunGap = z.infer<typeof DryRunGapSchema>;

const place = z.object({
  providerId: ProviderIdSchema,
  model: ModelIdSchema,
  terms: RouteTermsSchema.describe('The parts of its score, as they were then'),
  scoreThen: score.describe('By the policy that decided'),
  score: score
    .nullable()
    .describe(
      'By the draft; null: the draft leaves it out, or its quality by the draft’s category is not known',
    ),
});

export const DryRunChangeSchema = z
  .object({
    id: RouteFactSchema.shape.id,
    at: RouteFactSchema.shape.at,
    endpoint: RouteFactSchema.shape.endpoint,
    source: SourceSchema,
    version: z.int().min(1).describe('Of the policy that decided'),
    was: place
      .extend({
        leftOutBy: RouteFilterSchema.nullable().describe(
          'Why the draft leaves it out; null: it does not, or that is not known',
        ),
      })
      .describe('Who was chosen'),
    wouldBe: place.nullable().describe('Whom the draft would have chosen; null: see `becomes`'),
    becomes: z
      .enum(['other', 'nobody', 'not_told'])
      .describe(
        'other: `wouldBe`; nobody: the request would have been refused; not_told: certainly not the one that was chosen, but whom cannot be told',
      ),
  })
  .meta({ id: 'DryRunChange' });
export type DryRunChange = z.infer<typeof DryRunChangeSchema>;

/** POST /api/routing/dry-run */
export const DryRunSchema = z
  .object({
    from: InstantSchema.describe('Requests that came at or after this'),
    to: InstantSchema.describe('And before this'),
    requests: count.describe('That the policy decided then and that were looked at'),
    isCut: z.boolean().describe(`true: there were more than ${DRY_RUN_REQUESTS}; the newest were looked at`),
    same: count.describe('Of them, for which the draft chooses the same'),
    otherwise: count.describe('For which it certainly chooses otherwise'),
    untold: count.describe('Of which it cannot be told from their records'),
    gaps: z
      .array(
        z.object({
          because: DryRunGapSchema,
          requests: count.describe('Of which it cannot be told for this reason before all'),
        }),
      )
      .describe('What is missing for those; most requests first'),
    changes: z
      .array(DryRunChangeSchema)
      .max(DRY_RUN_CHANGES)
      .describe(`Those of \`otherwise\`, newest first, at most ${DRY_RUN_CHANGES}`),
  })
  .describe(
    'Each request is decided anew by itself, on the fleet as its record saw it: what the other choices would have changed (load, loaded models, where a session was) is not counted.',
  )
  .meta({ id: 'DryRun' });
export type DryRun = z.infer<typeof DryRunSchema>;

import { z } from 'zod';
import { AnyInstantSchema, InstantSchema, SourceSchema } from './common.js';
import { DIRECT, PolicyNameSchema } from './routes.js';

/** Keys of clients of `/v1`. The key itself is told once, when it is made; only its SHA-256 is kept. */

/** What every key begins with. */
export const API_KEY_PREFIX = 'boo_';

const name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters')
  .describe('What people call it');
const label = SourceSchema.describe('Source of its requests where the client does not say one');
const expiresAt = 'From then on it lets nobody in; null: never';
const models = z
  .array(z.string().min(1).max(320))
  .max(64)
  .describe('Only models whose id, or `<provider>/<id>`, fits one of these, `*` for any text; empty: all');
const policies = z
  .array(z.union([PolicyNameSchema, z.literal(DIRECT)]))
  .max(64)
  .describe('Only by these policies; "direct": where the client names a model itself; empty: all');
const limit = (most: number, what: string) => z.int().min(1).max(most).nullable().describe(what);
const requestsPerMinute = limit(1_000_000, 'Requests a minute; null: no limit');
const tokensPerMinute = limit(
  1_000_000_000,
  'Tokens a minute, of prompts and answers together; null: no limit',
);
const concurrentRequests = limit(10_000, 'Requests at the same time; null: no limit');
const monthlyTokens = limit(
  1_000_000_000_000,
  'Tokens in a month of the calendar (UTC), of prompts and answers together; null: no limit',
);
const frontier = z.boolean().describe('true: it may use providers that are marked as frontier');

/** POST /api/keys */
export const ApiKeyInputSchema = z
  .strictObject({
    name,
    label,
    expiresAt: AnyInstantSchema.nullable().default(null).describe(expiresAt),
    models: models.default([]),
    policies: policies.default([]),
    requestsPerMinute: requestsPerMinute.default(null),
    tokensPerMinute: tokensPerMinute.default(null),
    concurrentRequests: concurrentRequests.default(null),
    monthlyTokens: monthlyTokens.default(null),
    frontier: frontier.default(false),
  })
  .meta({ id: 'ApiKeyInput' });
export type ApiKeyInput = z.infer<typeof ApiKeyInputSchema>;

/** PATCH /api/keys/{id}: what it does not name stays. */
export const ApiKeyPatchSchema = z
  .strictObject({
    name: name.optional(),
    label: label.optional(),
    expiresAt: AnyInstantSchema.nullable().optional().describe(expiresAt),
    models: models.optional(),
    policies: policies.optional(),
    requestsPerMinute: requestsPerMinute.optional(),
    tokensPerMinute: tokensPerMinute.optional(),
    concurrentRequests: concurrentRequests.optional(),
    monthlyTokens: monthlyTokens.optional(),
    frontier: frontier.optional(),
    isDisabled: z.boolean().optional().describe('true: it lets nobody in until this is false again'),
  })
  .meta({ id: 'ApiKeyPatch' });
export type ApiKeyPatch = z.infer<typeof ApiKeyPatchSchema>;

/** A key as it may be shown: nothing of the key itself. */
export const ApiKeySchema = z
  .object({
    id: z.uuid().describe('Id of the key, which records of requests name'),
    name,
    label,
    createdAt: InstantSchema.describe('When it was made'),
    expiresAt: InstantSchema.nullable().describe(expiresAt),
    models,
    policies,
    requestsPerMinute,
    tokensPerMinute,
    concurrentRequests,
    monthlyTokens,
    frontier,
    disabledAt: InstantSchema.nullable().describe('When it was disabled; null: it is not'),
    lastUsedAt: InstantSchema.nullable().describe('When its newest request came; null: none did'),
    tokensThisMonth: z.int().min(0).describe('Tokens of its requests of this month (UTC)'),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKeySchema>;

export const CreatedApiKeySchema = z
  .object({
    apiKey: ApiKeySchema.describe('What is kept of it'),
    key: z
      .string()
      .regex(/^boo_[A-Za-z0-9_-]{43}$/)
      .describe('The key itself. It is told this once and cannot be had again'),
  })
  .meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof CreatedApiKeySchema>;

export const ApiKeysResponseSchema = z
  .object({
    keys: z.array(ApiKeySchema).describe('Oldest first'),
    isNeeded: z
      .boolean()
      .describe('true: other machines reach this gateway, so nobody is let in without a key'),
  })
  .meta({ id: 'ApiKeys' });
export type ApiKeys = z.infer<typeof ApiKeysResponseSchema>;

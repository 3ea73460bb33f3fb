import { z } from 'zod';
import { AnyInstantSchema, InstantSchema, ModelIdSchema, ProviderIdSchema } from './common.js';
import { PricesSchema } from './prices.js';

/** http(s), no credentials (they are secrets), no query or fragment; a path prefix is fine (reverse proxies). No trailing slash. */
export const BaseUrlSchema = z
  .string()
  .max(512)
  .transform((text, ctx) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
    const problem =
      !url || !['http:', 'https:'].includes(url.protocol)
        ? 'use an http:// or https:// address, e.g. http://192.168.1.20:8080'
        : url.username || url.password
          ? 'no user or password in the address; name an environment variable in apiKeyEnv'
          : url.search || url.hash
            ? 'no query or fragment in the address'
            : null;
    if (problem !== null || !url) {
      ctx.addIssue({ code: 'custom', message: problem ?? 'invalid address' });
      return z.NEVER;
    }
    return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  })
  .describe(
    'Address, e.g. http://192.168.1.20:8080. Of a service it may be with or without its /v1: what names a version in its path is used as it stands, to everything else /v1 is added',
  );

/** Only *_API_KEY: whoever may add a host must not be able to have any variable of the process sent to it. */
export const ApiKeyEnvSchema = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]*_API_KEY$/,
    'name an environment variable that ends in _API_KEY, e.g. TOWER_API_KEY',
  )
  .describe('Environment variable that holds the API key; the key itself is never stored');

export const ProviderKindSchema = z
  .enum(['llama-swap', 'openai', 'boocontrol-gateway'])
  .describe('What answers at the address')
  .meta({ id: 'ProviderKind' });
const isPlain = (value: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(value);
const plain = z.string().refine(isPlain, 'must not contain control characters');
const label = plain.trim().min(1).max(80).describe('What people call it');
const frontier = z
  .boolean()
  .describe(
    'true: a service of somebody else, for which API keys need a permission of their own; absent: so it is of kind openai, and of no other',
  );
const prices = PricesSchema.describe('What it takes for its tokens; absent: nothing, or not known');
const tags = z.array(plain.trim().min(1).max(32)).max(16).describe('Words to find and group hosts by');
const text = plain.max(256);
const remote = {
  os: text.optional().describe('e.g. windows, linux, macos; for people and remote hands'),
  gpuLabel: text.optional().describe('e.g. RTX 5090; shown where the host does not tell'),
  sshHost: text.optional().describe('Where remote hands log in'),
  sshUser: text.optional().describe('As whom they log in'),
  sshKeyPath: text.optional().describe('Path of the private key on the machine that runs BooControl'),
  configPath: text.optional().describe('llama-swap config on the host'),
  restartCmd: text.optional().describe('Restarts llama-swap on the host'),
};

export const ProviderInputSchema = z
  .strictObject({
    id: ProviderIdSchema,
    kind: ProviderKindSchema.default('llama-swap'),
    baseUrl: BaseUrlSchema,
    label: label.optional().describe('Shown name; the id when absent'),
    enabled: z.boolean().default(true).describe('false: it is not followed'),
    tags: tags.default([]),
    frontier: frontier.optional(),
    prices: prices.optional(),
    apiKeyEnv: ApiKeyEnvSchema.optional(),
    ...remote,
  })
  .meta({ id: 'ProviderInput' });
export type ProviderInput = z.input<typeof ProviderInputSchema>;

export const ProviderPatchSchema = z
  .strictObject({
    baseUrl: BaseUrlSchema.optional(),
    label: label.optional(),
    enabled: z.boolean().optional().describe('false: it is not followed'),
    tags: tags.optional(),
    frontier: frontier.optional(),
    prices: prices.nullable().optional().describe('null removes them'),
    apiKeyEnv: ApiKeyEnvSchema.nullable().optional().describe('null removes it'),
    ...remote,
  })
  .meta({ id: 'ProviderPatch' });
export type ProviderPatch = z.infer<typeof ProviderPatchSchema>;

/** What is said of a host that people work on. */
export const MaintenanceSchema = z
  .object({
    since: InstantSchema.describe('When it began'),
    note: plain.max(160).nullable().describe('Why, in words; null: not said'),
    until: InstantSchema.optional().describe(
      'When it ends by itself: from then on the host is in service again, whoever reads this; absent: when somebody ends it',
    ),
  })
  .meta({ id: 'Maintenance' });
export type Maintenance = z.infer<typeof MaintenanceSchema>;
export const MaintenanceInputSchema = z
  .strictObject({
    note: plain.trim().min(1).max(160).optional().describe('Why, in words'),
    until: AnyInstantSchema.optional().describe(
      'When it ends by itself, still to come; absent: when somebody ends it',
    ),
  })
  .meta({ id: 'MaintenanceInput' });
export type MaintenanceInput = z.infer<typeof MaintenanceInputSchema>;

/** As it stands in KV `providers`. */
export const ProviderSchema = z
  .object({
    id: ProviderIdSchema,
    kind: ProviderKindSchema,
    baseUrl: z
      .string()
      .refine((url) => BaseUrlSchema.safeParse(url).success, 'is no address of a host')
      .describe('Address of the host, without a slash at the end'),
    label,
    enabled: z.boolean().describe('false: it is not followed'),
    tags,
    frontier: frontier.optional(),
    prices: prices.optional(),
    apiKeyEnv: ApiKeyEnvSchema.optional(),
    ...remote,
    origin: z
      .enum(['file', 'flag', 'api', 'demo'])
      .describe('Who declared it: boocontrol.yaml, --host, the API or browser, the simulated fleet'),
    seedHash: z
      .string()
      .optional()
      .describe('What its file or flag said when it was last applied; absent for origin api'),
    maintenance: MaintenanceSchema.optional().describe(
      'Set, and `until` not over: nothing is asked of it and nothing routed to it',
    ),
    protectedModels: z
      .array(ModelIdSchema)
      .max(256)
      .optional()
      .describe('Models that are not unloaded by us without `confirm`; absent: none'),
    createdAt: InstantSchema.describe('When it was registered'),
    updatedAt: InstantSchema.describe('When its entry last changed'),
  })
  .meta({ id: 'Provider' });
export type Provider = z.infer<typeof ProviderSchema>;

/** boocontrol.yaml */
export const FleetFileSchema = z
  .strictObject({
    version: z.literal(1).default(1).describe('Of the form of this file'),
    providers: z.array(ProviderInputSchema).default([]).describe('The hosts'),
  })
  .superRefine((file, ctx) => {
    const seen = new Set<string>();
    file.providers.forEach((provider, index) => {
      if (seen.has(provider.id))
        ctx.addIssue({
          code: 'custom',
          path: ['providers', index, 'id'],
          message: `"${provider.id}" is declared twice`,
        });
      seen.add(provider.id);
    });
  })
  .meta({ id: 'FleetFile' });

export const FavoriteSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: ModelIdSchema,
    createdAt: InstantSchema.describe('When it was marked'),
  })
  .meta({ id: 'Favorite' });
export type Favorite = z.infer<typeof FavoriteSchema>;

/** Left out of lists and pickers; followed as before. */
export const HiddenSchema = z
  .object({
    providerId: ProviderIdSchema,
    model: ModelIdSchema.nullable().describe('null: the host itself'),
    hiddenAt: InstantSchema.describe('When it was hidden'),
  })
  .meta({ id: 'Hidden' });
export type Hidden = z.infer<typeof HiddenSchema>;

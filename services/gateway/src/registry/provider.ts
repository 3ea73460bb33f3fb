import type {
  Instant,
  Provider,
  ProviderInputSchema,
  ProviderPatch,
  PublicProvider,
} from '@boocontrol/contracts';
import type { z } from 'zod';
import type { Declaration } from './seed-decision.js';
import { upkeepOf } from './upkeep.js';

type ParsedInput = z.output<typeof ProviderInputSchema>;

/** A provider that was not there before. */
export function newProvider(input: ParsedInput, now: Instant): Provider {
  return { ...input, label: input.label ?? input.id, origin: 'api', createdAt: now, updatedAt: now };
}

/** A provider as its file or flag declares it, replacing `before`; what is said of its upkeep stays. */
export function declaredProvider(
  { input, origin, hash }: Declaration,
  before: Provider | null,
  now: Instant,
): Provider {
  const base = newProvider(input, now);
  return { ...base, ...upkeepOf(before), origin, seedHash: hash, createdAt: before?.createdAt ?? now };
}

/** Fields that the patch does not name stay. */
export function patchedProvider(before: Provider, patch: ProviderPatch, now: Instant): Provider {
  const { apiKeyEnv, prices, ...fields } = patch;
  const after: Provider = { ...before, ...withoutUndefined(fields), updatedAt: now };
  if (apiKeyEnv === null) delete after.apiKeyEnv;
  else if (apiKeyEnv !== undefined) after.apiKeyEnv = apiKeyEnv;
  if (prices === null) delete after.prices;
  else if (prices !== undefined) after.prices = prices;
  return after;
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What clients may see: no remote access details; of the key only whether it is there. */
export function publicProvider(
  provider: Provider,
  env: Readonly<Record<string, string | undefined>>,
): PublicProvider {
  const { sshKeyPath, sshUser, sshHost, restartCmd, configPath, seedHash, ...shown } = provider;
  const { apiKeyEnv } = provider;
  return { ...shown, apiKeySet: apiKeyEnv !== undefined && (env[apiKeyEnv] ?? '') !== '' };
}

export function byLabel(a: PublicProvider, b: PublicProvider): number {
  return a.label.localeCompare(b.label, 'en', { numeric: true }) || (a.id < b.id ? -1 : 1);
}

import type { Problem, Provider } from '@boocontrol/contracts';

/** Injection token of the environment that holds the hosts' API keys. */
export const ENVIRONMENT = Symbol('ENVIRONMENT');

/** The variables that hold the API keys of hosts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The key that a host is asked with, from the variable that its entry names; empty for a host that wants none.
 * @param service named in the problem, because every service has an environment of its own
 */
export function apiKeyOf(
  { apiKeyEnv }: Pick<Provider, 'apiKeyEnv'>,
  env: Environment,
  service: string,
): { apiKey?: string } | { problem: Problem } {
  if (apiKeyEnv === undefined) return {};
  const apiKey = env[apiKeyEnv]?.trim() ?? '';
  if (/[^\x20-\x7e]/.test(apiKey)) {
    const message = `The environment variable ${apiKeyEnv} holds characters that no API key can have. Set it again and start the ${service} service again.`;
    return { problem: { code: 'api_key_unusable', message } };
  }
  if (apiKey !== '') return { apiKey };
  const message = `The environment variable ${apiKeyEnv} is not set. Set it where the ${service} service runs and start it again.`;
  return { problem: { code: 'api_key_missing', message } };
}

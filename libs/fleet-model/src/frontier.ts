import type { Provider } from '@boocontrol/contracts';

/**
 * Whether a provider is a service of somebody else, which may cost money and sees what is sent to it: API keys need a
 * permission of their own for it. One of kind openai is, unless somebody says that it is not.
 */
export function isFrontier({ kind, frontier }: Pick<Provider, 'kind' | 'frontier'>): boolean {
  return frontier ?? kind === 'openai';
}

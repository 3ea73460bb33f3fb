import type { Problem, Provider } from '@boocontrol/contracts';

/** Of a provider that only answers requests; null: it is a llama-swap host, and can be asked for more. */
export function noHost({
  label,
  kind,
}: Pick<Provider, 'label' | 'kind'>): (Problem & { code: 'not_offered' }) | null {
  if (kind === 'llama-swap') return null;
  const what = kind === 'openai' ? 'a service' : 'another BooControl';
  const message = `${label} is ${what} and no llama-swap host: it answers requests, and that is all that can be asked of it.`;
  return { code: 'not_offered', message, details: { kind } };
}

import type { HostState, Price, PublicProvider } from '@boocontrol/contracts';
import { isFrontier } from '@boocontrol/fleet-model';
import { count, duration, plural, spoken } from '../format/number';

/** Of which everything is followed, and that can be told to do things; the others only answer requests. */
export const isHost = ({ kind }: Pick<PublicProvider, 'kind'>): boolean => kind === 'llama-swap';

export const KIND_WORDS: Readonly<Record<PublicProvider['kind'], string>> = {
  'llama-swap': 'llama-swap host',
  openai: 'OpenAI-compatible service',
  'boocontrol-gateway': 'Another BooControl',
};

interface ServiceView {
  kind: string;
  /** "412 models", "20 models, 3 loaded"; "not known yet" before its list was read. */
  models: string;
  /** How long its list took; null: not read yet. */
  list: string | null;
  /** "$0.28 in · $0.42 out"; null: nobody said. */
  price: string | null;
  /** Whether keys open it. */
  keys: string;
}

/** What there is to know of a provider that has no instruments. */
export function serviceView(
  provider: Pick<PublicProvider, 'kind' | 'frontier' | 'prices'>,
  { models, liveness }: Pick<HostState, 'models' | 'liveness'>,
): ServiceView {
  const loaded = models.filter(({ state }) => state === 'ready').length;
  const { ms, leftOut } = liveness?.list ?? { ms: null, leftOut: 0 };
  const parts = [
    plural(models.length, 'model'),
    ...(provider.kind === 'boocontrol-gateway' ? [`${count(loaded)} loaded`] : []),
    ...(leftOut > 0 ? [`${count(leftOut)} left out`] : []),
  ];
  return {
    kind: KIND_WORDS[provider.kind],
    models: models.length === 0 && ms === null ? 'not known yet' : parts.join(', '),
    list: ms === null ? null : spoken(duration(ms)),
    price: priceText(provider.prices),
    keys: isFrontier(provider)
      ? 'Only keys that may use frontier providers'
      : 'Every key that allows its models',
  };
}

function priceText(prices: PublicProvider['prices']): string | null {
  const single = prices?.models?.length ?? 0;
  const parts = [
    ...(prices?.default === undefined ? [] : [dollarsOf(prices.default)]),
    ...(single === 0 ? [] : [`${plural(single, 'price')} of single models`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

/** For a million tokens. */
export function dollarsOf({ input, cachedInput, output }: Price): string {
  const cached = cachedInput === undefined ? '' : ` (${dollars(cachedInput)} cached)`;
  return `${dollars(input)} in${cached} · ${dollars(output)} out`;
}

const format = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });
const dollars = (amount: number): string => `$${format.format(amount)}`;

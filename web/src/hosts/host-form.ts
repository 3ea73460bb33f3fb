import type { Price, Problem, ProviderInput, ProviderPatch, PublicProvider } from '@boocontrol/contracts';
import { isFrontier } from '@boocontrol/fleet-model';
import { complaints, sentIssues, type Complaints, type FieldWords, type Issue } from '../page/issues';

/** What the dialog holds: text as it was typed. */
export interface HostForm {
  baseUrl: string;
  label: string;
  id: string;
  tags: string;
  apiKeyEnv: string;
  gpuLabel: string;
  kind: PublicProvider['kind'];
  frontier: 'yes' | 'no';
  /** US dollars for a million tokens; empty: not said. */
  priceInput: string;
  priceCached: string;
  priceOutput: string;
}
export type FieldProblems = Partial<Record<keyof HostForm, string>>;

export const EMPTY_FORM: HostForm = {
  baseUrl: '',
  label: '',
  id: '',
  tags: '',
  apiKeyEnv: '',
  gpuLabel: '',
  kind: 'llama-swap',
  frontier: 'no',
  priceInput: '',
  priceCached: '',
  priceOutput: '',
};

/** Of another kind other things are usual. */
export const ofKind = (form: HostForm, kind: HostForm['kind']): HostForm => ({
  ...form,
  kind,
  frontier: yesOrNo(isFrontier({ kind })),
});

const yesOrNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');

export const formOf = (provider: PublicProvider): HostForm => ({
  baseUrl: provider.baseUrl,
  label: provider.label,
  id: provider.id,
  tags: provider.tags.join(', '),
  apiKeyEnv: provider.apiKeyEnv ?? '',
  gpuLabel: provider.gpuLabel ?? '',
  kind: provider.kind,
  frontier: yesOrNo(isFrontier(provider)),
  priceInput: typed(provider.prices?.default?.input),
  priceCached: typed(provider.prices?.default?.cachedInput),
  priceOutput: typed(provider.prices?.default?.output),
});

const typed = (amount: number | undefined): string => (amount === undefined ? '' : String(amount));

/** People type "tower:8080"; without a scheme it is http, but of a service on the net, which has no port in its name. */
export function completeUrl(typed: string, kind: HostForm['kind'] = 'llama-swap'): string {
  const text = typed.trim();
  if (text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const isOnTheNet = kind === 'openai' && /^[^/:]+\.[^/:]+(?:\/|$)/.test(text);
  return `${isOnTheNet ? 'https' : 'http'}://${text}`;
}

/** A slug from the name, else from the address; a number follows while it is taken. */
export function suggestId(label: string, baseUrl: string, taken: ReadonlySet<string>): string {
  const from = label.trim() || hostOf(baseUrl);
  const slug = from
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 56)
    .replace(/^-+|-+$/g, '');
  if (slug === '' || !taken.has(slug)) return slug;
  for (let n = 2; ; n++) if (!taken.has(`${slug}-${n}`)) return `${slug}-${n}`;
}

function hostOf(baseUrl: string): string {
  const url = completeUrl(baseUrl);
  // Browsers escape what is not an address ("not a url" becomes "not%20a%20url").
  if (/\s/.test(url) || !URL.canParse(url)) return '';
  return new URL(url).hostname.replace(/\.(local|lan|home|internal)$/, '');
}

const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** The body of POST /api/providers. */
export function toInput(form: HostForm): ProviderInput {
  return {
    id: form.id.trim(),
    baseUrl: completeUrl(form.baseUrl, form.kind),
    tags: tagsOf(form.tags),
    ...(form.label.trim() ? { label: form.label.trim() } : {}),
    ...(form.apiKeyEnv.trim() ? { apiKeyEnv: form.apiKeyEnv.trim() } : {}),
    ...(form.kind === 'llama-swap' ? ofHost(form) : ofService(form)),
  };
}

const ofHost = ({ gpuLabel }: HostForm): Partial<ProviderInput> =>
  gpuLabel.trim() ? { gpuLabel: gpuLabel.trim() } : {};

function ofService(form: HostForm): Partial<ProviderInput> {
  const price = priceOf(form);
  return {
    kind: form.kind,
    frontier: form.frontier === 'yes',
    ...(price === null ? {} : { prices: { currency: 'USD', default: price } }),
  };
}

/** null: nothing was typed. What is no number is NaN, and refused by the schema. */
function priceOf({ priceInput, priceCached, priceOutput }: HostForm): Price | null {
  const amount = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')));
  if ([priceInput, priceCached, priceOutput].every((text) => text.trim() === '')) return null;
  return {
    input: amount(priceInput),
    ...(priceCached.trim() === '' ? {} : { cachedInput: amount(priceCached) }),
    output: amount(priceOutput),
  };
}

/** The body of PATCH /api/providers/{id}: only what differs. */
export function toPatch(form: HostForm, before: PublicProvider): ProviderPatch {
  const patch: ProviderPatch = {};
  const [baseUrl, tags, key] = [
    completeUrl(form.baseUrl, form.kind),
    tagsOf(form.tags),
    form.apiKeyEnv.trim(),
  ];
  if (baseUrl !== before.baseUrl) patch.baseUrl = baseUrl;
  if (form.label.trim() !== before.label && form.label.trim()) patch.label = form.label.trim();
  if (tags.join('\n') !== before.tags.join('\n')) patch.tags = tags;
  if (key !== (before.apiKeyEnv ?? '')) patch.apiKeyEnv = key || null;
  if (form.gpuLabel.trim() !== (before.gpuLabel ?? '')) patch.gpuLabel = form.gpuLabel.trim();
  return before.kind === 'llama-swap' ? patch : { ...patch, ...servicePatch(form, before) };
}

function servicePatch(form: HostForm, before: PublicProvider): ProviderPatch {
  const patch: ProviderPatch = {};
  const known = formOf(before);
  if (form.frontier !== known.frontier) patch.frontier = form.frontier === 'yes';
  if (PRICE_FIELDS.every((name) => form[name].trim() === known[name])) return patch;
  const price = priceOf(form);
  const models = before.prices?.models;
  // Prices of single models are not in the form, and stay.
  patch.prices =
    price === null && models === undefined
      ? null
      : {
          currency: 'USD',
          ...(price === null ? {} : { default: price }),
          ...(models === undefined ? {} : { models }),
        };
  return patch;
}

const PRICE_FIELDS = ['priceInput', 'priceCached', 'priceOutput'] as const;

const WORDS: Readonly<Record<keyof HostForm, FieldWords>> = {
  baseUrl: { noun: 'address' },
  label: { noun: 'name' },
  id: { noun: 'id' },
  tags: { noun: 'tags', item: 'tag' },
  apiKeyEnv: { noun: 'variable' },
  gpuLabel: { noun: 'GPU' },
  kind: { noun: 'kind' },
  frontier: { noun: 'choice' },
  priceInput: { noun: 'number' },
  priceCached: { noun: 'number' },
  priceOutput: { noun: 'number' },
};

const FIELD_OF: Readonly<Record<string, keyof HostForm>> = {
  input: 'priceInput',
  cachedInput: 'priceCached',
  output: 'priceOutput',
};

/** The three prices are one value with three parts. */
function placed(issue: Issue): Issue {
  const [first, second, part] = issue.path.map(String);
  const field = first === 'prices' && second === 'default' ? FIELD_OF[part ?? ''] : undefined;
  return field === undefined ? issue : { ...issue, path: [field] };
}

/** What the schema complains of, beside the fields. */
export const hostProblems = (issues: readonly Issue[]): Complaints<keyof HostForm> =>
  complaints(issues.map(placed), WORDS, 'BooControl cannot take this host as it is.');

/** What /api answered, beside the fields where it belongs to some. */
export function sentProblems(problem: Problem): Complaints<keyof HostForm> {
  const { code, message } = problem;
  if (code === 'exists') return { fields: { id: message }, rest: null };
  return complaints(sentIssues(problem).map(placed), WORDS, message);
}

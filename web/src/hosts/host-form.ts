import type { Problem, ProviderInput, ProviderPatch, PublicProvider } from '@boocontrol/contracts';
import { complaints, sentIssues, type Complaints, type FieldWords, type Issue } from '../page/issues';

/** What the dialog holds: text as it was typed. */
export interface HostForm {
  baseUrl: string;
  label: string;
  id: string;
  tags: string;
  apiKeyEnv: string;
  gpuLabel: string;
}
export type FieldProblems = Partial<Record<keyof HostForm, string>>;

export const EMPTY_FORM: HostForm = { baseUrl: '', label: '', id: '', tags: '', apiKeyEnv: '', gpuLabel: '' };

export const formOf = (provider: PublicProvider): HostForm => ({
  baseUrl: provider.baseUrl,
  label: provider.label,
  id: provider.id,
  tags: provider.tags.join(', '),
  apiKeyEnv: provider.apiKeyEnv ?? '',
  gpuLabel: provider.gpuLabel ?? '',
});

/** People type "tower:8080"; without a scheme it is http. */
export function completeUrl(typed: string): string {
  const text = typed.trim();
  return text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
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
    baseUrl: completeUrl(form.baseUrl),
    tags: tagsOf(form.tags),
    ...(form.label.trim() ? { label: form.label.trim() } : {}),
    ...(form.apiKeyEnv.trim() ? { apiKeyEnv: form.apiKeyEnv.trim() } : {}),
    ...(form.gpuLabel.trim() ? { gpuLabel: form.gpuLabel.trim() } : {}),
  };
}

/** The body of PATCH /api/providers/{id}: only what differs. */
export function toPatch(form: HostForm, before: PublicProvider): ProviderPatch {
  const patch: ProviderPatch = {};
  const [baseUrl, tags, key] = [completeUrl(form.baseUrl), tagsOf(form.tags), form.apiKeyEnv.trim()];
  if (baseUrl !== before.baseUrl) patch.baseUrl = baseUrl;
  if (form.label.trim() !== before.label && form.label.trim()) patch.label = form.label.trim();
  if (tags.join('\n') !== before.tags.join('\n')) patch.tags = tags;
  if (key !== (before.apiKeyEnv ?? '')) patch.apiKeyEnv = key || null;
  if (form.gpuLabel.trim() !== (before.gpuLabel ?? '')) patch.gpuLabel = form.gpuLabel.trim();
  return patch;
}

const WORDS: Readonly<Record<keyof HostForm, FieldWords>> = {
  baseUrl: { noun: 'address' },
  label: { noun: 'name' },
  id: { noun: 'id' },
  tags: { noun: 'tags', item: 'tag' },
  apiKeyEnv: { noun: 'variable' },
  gpuLabel: { noun: 'GPU' },
};

/** What the schema complains of, beside the fields. */
export const hostProblems = (issues: readonly Issue[]): Complaints<keyof HostForm> =>
  complaints(issues, WORDS, 'BooControl cannot take this host as it is.');

/** What /api answered, beside the fields where it belongs to some. */
export function sentProblems(problem: Problem): Complaints<keyof HostForm> {
  const { code, message } = problem;
  if (code === 'exists') return { fields: { id: message }, rest: null };
  return complaints(sentIssues(problem), WORDS, message);
}

import type { ApiKey, ApiKeyInput, ApiKeyPatch, Problem } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { localText, parseLocal } from '../format/time';
import { complaints, sentIssues, type Complaints, type FieldWords, type Issue } from '../page/issues';

/** What the dialog holds: text as it was typed. */
export interface KeyForm {
  name: string;
  label: string;
  expiresAt: string;
  models: string;
  policies: readonly string[];
  requestsPerMinute: string;
  tokensPerMinute: string;
  concurrentRequests: string;
  monthlyTokens: string;
  frontier: boolean;
}
export type KeyField = keyof KeyForm;
export type TextField = Exclude<KeyField, 'policies' | 'frontier'>;

export const EMPTY_KEY: KeyForm = {
  name: '',
  label: '',
  expiresAt: '',
  models: '',
  policies: [],
  requestsPerMinute: '',
  tokensPerMinute: '',
  concurrentRequests: '',
  monthlyTokens: '',
  frontier: false,
};

const typed = (limit: number | null): string => (limit === null ? '' : String(limit));

export const formOfKey = (key: ApiKey): KeyForm => ({
  name: key.name,
  label: key.label,
  expiresAt: key.expiresAt === null ? '' : localText(instantToMs(key.expiresAt)),
  models: key.models.join(', '),
  policies: key.policies,
  requestsPerMinute: typed(key.requestsPerMinute),
  tokensPerMinute: typed(key.tokensPerMinute),
  concurrentRequests: typed(key.concurrentRequests),
  monthlyTokens: typed(key.monthlyTokens),
  frontier: key.frontier,
});

const TIMES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9 };

/** "50M", "200 k", "1,000"; empty is no limit (null), and what is no number is NaN, which no schema takes. */
export function readLimit(text: string): number | null {
  const plain = text.replace(/[\s,_]/g, '').toLowerCase();
  if (plain === '') return null;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kmgb]?)$/.exec(plain) ?? [];
  return digits === undefined ? Number.NaN : Math.round(Number(digits) * (TIMES[unit] ?? 1) * 1e3) / 1e3;
}

/** "qwen*, tower/*" */
export const readList = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter(Boolean),
  ),
];

/** A source is made of few letters: "Laptop of Ada" is "laptop-of-ada". */
export const suggestLabel = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');

function expiry(text: string): string | null {
  if (text === '') return null;
  const ms = parseLocal(text);
  return ms === null ? text : new Date(ms).toISOString();
}

/** The body of POST /api/keys. */
export const toKeyInput = (form: KeyForm): ApiKeyInput => ({
  name: form.name.trim(),
  label: form.label.trim(),
  expiresAt: expiry(form.expiresAt),
  models: readList(form.models),
  policies: [...form.policies],
  requestsPerMinute: readLimit(form.requestsPerMinute),
  tokensPerMinute: readLimit(form.tokensPerMinute),
  concurrentRequests: readLimit(form.concurrentRequests),
  monthlyTokens: readLimit(form.monthlyTokens),
  frontier: form.frontier,
});

/** The body of PATCH /api/keys/{id}: only what was changed in the dialog. */
export function toKeyPatch(form: KeyForm, before: ApiKey): ApiKeyPatch {
  const [now, was] = [toKeyInput(form), toKeyInput(formOfKey(before))];
  const changed = Object.entries(now).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(was[field as keyof ApiKeyInput]),
  );
  return Object.fromEntries(changed) as ApiKeyPatch;
}

const WORDS: Readonly<Record<KeyField, FieldWords>> = {
  name: { noun: 'name' },
  label: { noun: 'source' },
  expiresAt: { noun: 'moment of its end' },
  models: { noun: 'models', item: 'model' },
  policies: { noun: 'policies', item: 'policy' },
  requestsPerMinute: { noun: 'number' },
  tokensPerMinute: { noun: 'number, as 200k' },
  concurrentRequests: { noun: 'number' },
  monthlyTokens: { noun: 'number, as 50M' },
  frontier: { noun: 'permission' },
};

const SOURCE_WORDS = 'use up to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first';

/** What the schema complains of, beside the fields. */
export const keyProblems = (issues: readonly Issue[]): Complaints<KeyField> =>
  complaints(
    issues.map((issue) =>
      issue.path[0] === 'label' && issue.code === 'invalid_format'
        ? { ...issue, message: SOURCE_WORDS }
        : issue,
    ),
    WORDS,
    'BooControl cannot make this key as it is.',
  );

/** What /api answered, beside the fields where it belongs to some. */
export const sentKeyProblems = (problem: Problem): Complaints<KeyField> =>
  complaints(sentIssues(problem), WORDS, problem.message);

import type { Problem, RoutePolicy, RoutePolicyInput, RouteTerms } from '@boocontrol/contracts';
import { complaints, sentIssues, type Complaints, type FieldWords, type Issue } from '../page/issues';

/** What the editor holds: text as it was typed. */
export interface PolicyForm {
  name: string;
  description: string;
  weights: RouteTerms;
  category: string;
  providers: readonly string[];
  tags: readonly string[];
  models: string;
  attempts: number;
  firstByteS: string;
  budgetS: string;
  hedgeAfterMs: string;
  maxPrice: string;
}
export type PolicyField = keyof PolicyForm;

/** A new policy begins as a bit of everything. */
export const EMPTY_POLICY: PolicyForm = {
  name: '',
  description: '',
  weights: { quality: 1, speed: 0.7, readiness: 1, load: 0.7, affinity: 0.7, price: 0.3 },
  category: '',
  providers: [],
  tags: [],
  models: '',
  attempts: 3,
  firstByteS: '600',
  budgetS: '',
  hedgeAfterMs: '',
  maxPrice: '',
};

export const formOfPolicy = (name: string, policy: RoutePolicyInput): PolicyForm => ({
  name,
  description: policy.description,
  weights: policy.weights,
  category: policy.category ?? '',
  providers: policy.providers,
  tags: policy.tags,
  models: policy.models.join(', '),
  attempts: policy.attempts,
  firstByteS: String(policy.firstByteS),
  budgetS: policy.budgetS === null ? '' : String(policy.budgetS),
  hedgeAfterMs: policy.hedgeAfterMs === null ? '' : String(policy.hedgeAfterMs),
  maxPrice: policy.maxPrice === null ? '' : String(policy.maxPrice),
});

export const readGlobs = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter(Boolean),
  ),
];

const readNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** The body of PUT /api/routing/policies/{name}. What is no number is NaN, which no schema takes. */
export const toPolicyInput = (form: PolicyForm): RoutePolicyInput => ({
  description: form.description.trim(),
  weights: form.weights,
  category: form.category.trim() || null,
  providers: [...form.providers],
  tags: [...form.tags],
  models: readGlobs(form.models),
  attempts: form.attempts,
  firstByteS: readNumber(form.firstByteS),
  budgetS: form.budgetS.trim() === '' ? null : readNumber(form.budgetS),
  hedgeAfterMs: form.hedgeAfterMs.trim() === '' ? null : readNumber(form.hedgeAfterMs),
  maxPrice: form.maxPrice.trim() === '' ? null : readNumber(form.maxPrice),
});

/** What a version of a policy says, without what the gateway adds. */
export const inputOf = ({
  name: _name,
  version: _version,
  isBuiltIn: _isBuiltIn,
  updatedAt: _updatedAt,
  ...input
}: RoutePolicy): RoutePolicyInput => input;

/** As clients ask for it. */
export const askedName = (name: string): string => (name === 'auto' ? name : `auto:${name}`);

const WORDS: Readonly<Record<PolicyField, FieldWords>> = {
  name: { noun: 'name' },
  description: { noun: 'description' },
  weights: { noun: 'weights' },
  category: { noun: 'category' },
  providers: { noun: 'hosts', item: 'host' },
  tags: { noun: 'tags', item: 'tag' },
  models: { noun: 'models', item: 'model' },
  attempts: { noun: 'number of attempts' },
  firstByteS: { noun: 'number of seconds' },
  budgetS: { noun: 'number of seconds' },
  hedgeAfterMs: { noun: 'number of milliseconds' },
  maxPrice: { noun: 'price' },
};

const CATEGORY_WORDS = 'use up to 40 of a-z, 0-9 and hyphen';

/** What the schema complains of, beside the fields. */
export const policyProblems = (issues: readonly Issue[]): Complaints<PolicyField> =>
  complaints(
    issues.map((issue) =>
      issue.path[0] === 'category' && issue.code === 'invalid_format'
        ? { ...issue, message: CATEGORY_WORDS }
        : issue,
    ),
    WORDS,
    'BooControl cannot take this policy as it is.',
  );

/** What /api answered, beside the fields where it belongs to some. */
export function sentPolicyProblems(problem: Problem): Complaints<PolicyField> {
  if (problem.code === 'exists') return { fields: { name: problem.message }, rest: null };
  return complaints(sentIssues(problem), WORDS, problem.message);
}

import type { EvalItem, EvalKind, EvalSampler, EvalSuite } from '@boocontrol/contracts';

/** What the launcher holds beside suite and models: text as it was typed, empty: as the suite has it. */
export interface LaunchForm {
  difficulty: string | null;
  kind: string | null;
  samples: string;
  concurrency: string;
  temperature: string;
  maxTokens: string;
  seed: string;
}
export const NO_CHANGES: LaunchForm = {
  difficulty: null,
  kind: null,
  samples: '',
  concurrency: '',
  temperature: '',
  maxTokens: '',
  seed: '',
};

/** Ids of the items that are asked; null: all that are not retired. */
export function itemsOf(
  { items }: Pick<EvalSuite, 'items'>,
  retired: readonly string[],
  { difficulty, kind }: Pick<LaunchForm, 'difficulty' | 'kind'>,
): string[] | null {
  if (difficulty === null && kind === null) return null;
  return items
    .filter(
      (item) => (difficulty ?? item.difficulty) === item.difficulty && (kind ?? item.kind) === item.kind,
    )
    .map(({ id }) => id)
    .filter((id) => !retired.includes(id));
}

export const kindsIn = (items: readonly EvalItem[]): EvalKind[] => [
  ...new Set(items.map(({ kind }) => kind)),
];
export const difficultiesIn = (items: readonly EvalItem[]): string[] =>
  ['easy', 'medium', 'hard'].filter((each) => items.some(({ difficulty }) => difficulty === each));

interface Limit {
  from: number;
  to: number;
  whole: boolean;
}
type NumberField = 'samples' | 'concurrency' | 'temperature' | 'maxTokens' | 'seed';
/** As the contract has them. */
const LIMITS: Readonly<Record<NumberField, Limit>> = {
  samples: { from: 1, to: 100, whole: true },
  concurrency: { from: 1, to: 32, whole: true },
  temperature: { from: 0, to: 5, whole: false },
  maxTokens: { from: 1, to: 131_072, whole: true },
  seed: { from: 0, to: 2 ** 31 - 1, whole: true },
};

/** A sentence on a field that does not fit; undefined: it does. */
export function problemOf(field: NumberField, typed: string): string | undefined {
  if (typed.trim() === '') return undefined;
  const { from, to, whole } = LIMITS[field];
  const value = Number(typed.replaceAll(',', ''));
  const fits = Number.isFinite(value) && value >= from && value <= to && (!whole || Number.isInteger(value));
  return fits ? undefined : `From ${from} to ${to.toLocaleString('en')}${whole ? ', a whole number' : ''}.`;
}

const valueOf = (typed: string): number | undefined =>
  typed.trim() === '' ? undefined : Number(typed.replaceAll(',', ''));

/** What is asked for beside suite and models; null: a field does not fit. */
export function changesOf(
  form: LaunchForm,
): { samples?: number; concurrency?: number; sampler?: Partial<EvalSampler> } | null {
  const fields = Object.keys(LIMITS) as NumberField[];
  if (fields.some((field) => problemOf(field, form[field]) !== undefined)) return null;
  const [samples, concurrency, temperature, maxTokens, seed] = [
    valueOf(form.samples),
    valueOf(form.concurrency),
    valueOf(form.temperature),
    valueOf(form.maxTokens),
    valueOf(form.seed),
  ];
  const sampler = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(seed === undefined ? {} : { seed }),
  };
  return {
    ...(samples === undefined ? {} : { samples }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(Object.keys(sampler).length > 0 ? { sampler } : {}),
  };
}

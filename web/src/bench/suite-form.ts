import { SuiteSchema, type Suite, type SuiteInput } from '@boocontrol/contracts';
import { complaints, type Complaints, type FieldWords, type Issue } from '../page/issues';

/** What the form holds: text as it was typed. What it has no field for is in the JSON beside it. */
export interface SuiteForm {
  description: string;
  promptTokens: string;
  outputTokens: string;
  depth: string;
  loadKind: Suite['load']['kind'];
  /** Requests at once, or a second; of a search from and to. */
  loads: string;
  repetitions: string;
  cache: Suite['cache'];
  /** `<host>/<model>`, one a line. */
  targets: string;
  sloTtft: string;
  sloTpot: string;
  maxS: string;
}
export type SuiteField = keyof SuiteForm;

/** A suite as it is being written: nothing of it need be right yet. */
export type Draft = Readonly<Record<string, unknown>>;

export const NEW_SUITE: Suite = SuiteSchema.parse({
  name: 'new-suite',
  promptTokens: [512],
  outputTokens: [128],
} satisfies SuiteInput);

const object = (value: unknown): Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : {};
const listText = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : text(value));
const text = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : '';

/** "128, 1,024" is two numbers: groups of three digits belong together where no space is between. */
export function readNumbers(typed: string): number[] {
  return typed
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
}
const readNumber = (typed: string): number | undefined =>
  typed.trim() === '' ? undefined : Number(typed.replaceAll(',', ''));

export function formOf(draft: Draft): SuiteForm {
  const load = object(draft['load']);
  const slo = object(draft['slo']);
  const kind =
    (['closed', 'open', 'search', 'replay'] as const).find((each) => each === load['kind']) ?? 'closed';
  return {
    description: text(draft['description']),
    promptTokens: listText(draft['promptTokens']),
    outputTokens: listText(draft['outputTokens']),
    depth: listText(draft['depth']),
    loadKind: kind,
    loads:
      kind === 'closed'
        ? listText(load['concurrency'])
        : kind === 'open'
          ? listText(load['ratePerS'])
          : kind === 'search'
            ? `${text(load['fromPerS'])}, ${text(load['toPerS'])}`
            : '',
    repetitions: text(draft['repetitions']),
    cache: draft['cache'] === 'warm' ? 'warm' : 'cold',
    targets: (Array.isArray(draft['targets']) ? (draft['targets'] as unknown[]) : [])
      .map((each) => `${text(object(each)['provider'])}/${text(object(each)['model'])}`)
      .join('\n'),
    sloTtft: text(slo['ttftMs']),
    sloTpot: text(slo['tpotMs']),
    maxS: text(object(draft['stop'])['maxS']),
  };
}

const readTargets = (typed: string): { provider: string; model: string }[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const at = line.indexOf('/');
      return at < 0
        ? { provider: '*', model: line }
        : { provider: line.slice(0, at), model: line.slice(at + 1) };
    });

function loadOf(form: SuiteForm, before: Draft): unknown {
  const rest = before['kind'] === form.loadKind ? before : { kind: form.loadKind };
  const numbers = readNumbers(form.loads);
  switch (form.loadKind) {
    case 'closed':
      return { ...rest, concurrency: numbers.length > 0 ? numbers : [1] };
    case 'open':
      return { ...rest, ratePerS: numbers.length > 0 ? numbers : [1] };
    case 'search':
      return { ...rest, fromPerS: numbers[0] ?? 0.5, toPerS: numbers[1] ?? 64 };
    case 'replay':
      return rest;
  }
}

/** What the form says, over what it has no field for. */
export function draftOf(form: SuiteForm, before: Draft): Draft {
  const { slo: _slo, ...rest } = before;
  const [ttftMs, tpotMs, maxS] = [form.sloTtft, form.sloTpot, form.maxS].map(readNumber);
  const { ttftMs: _a, tpotMs: _b, ...otherSlo } = object(before['slo']);
  const { maxS: _c, ...otherStop } = object(before['stop']);
  const slo = {
    ...otherSlo,
    ...(ttftMs === undefined ? {} : { ttftMs }),
    ...(tpotMs === undefined ? {} : { tpotMs }),
  };
  return {
    ...rest,
    description: form.description,
    targets: readTargets(form.targets),
    promptTokens: readNumbers(form.promptTokens),
    outputTokens: readNumbers(form.outputTokens),
    depth: form.depth.trim() === '' ? [0] : readNumbers(form.depth),
    load: loadOf(form, object(before['load'])),
    repetitions: readNumber(form.repetitions) ?? 5,
    cache: form.cache,
    ...(Object.keys(slo).length > 0 ? { slo } : {}),
    stop: { ...otherStop, ...(maxS === undefined ? {} : { maxS }) },
  };
}

export const jsonOf = (draft: Draft): string => JSON.stringify(draft, null, 2);

/** What was typed as JSON; null: it is none, or no object. */
export function readJson(typed: string): Draft | null {
  try {
    const value: unknown = JSON.parse(typed);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Draft) : null;
  } catch {
    return null;
  }
}

type Complained =
  | 'name'
  | 'description'
  | 'promptTokens'
  | 'outputTokens'
  | 'depth'
  | 'load'
  | 'repetitions'
  | 'targets'
  | 'slo'
  | 'stop';
const WORDS: Readonly<Record<Complained, FieldWords>> = {
  name: { noun: 'name' },
  description: { noun: 'description' },
  promptTokens: { noun: 'length of prompts', item: 'number of tokens' },
  outputTokens: { noun: 'length of answers', item: 'number of tokens' },
  depth: { noun: 'depth', item: 'number of tokens' },
  load: { noun: 'load', item: 'number' },
  repetitions: { noun: 'number' },
  targets: { noun: 'models', item: 'pattern as host/model' },
  slo: { noun: 'limit', item: 'number of milliseconds' },
  stop: { noun: 'limit', item: 'number' },
};

/** What the schema complains of, beside the fields; of what has none, where it is in the JSON. */
export function suiteProblems(issues: readonly Issue[]): Complaints<Complained> {
  const [other] = issues.filter(({ path }) => !Object.hasOwn(WORDS, String(path[0] ?? '')));
  const where = other?.path.map(String).join('.');
  return complaints(
    issues,
    WORDS,
    other ? `${where ? `${where}: ` : ''}${other.message}` : 'This is no suite as it is.',
  );
}
export type SuiteProblems = Partial<Record<Complained, string>>;

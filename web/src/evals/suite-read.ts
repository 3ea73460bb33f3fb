import { EvalItemSchema, EvalSuiteSchema, type EvalItem, type EvalSuite } from '@boocontrol/contracts';
import { complaints, type FieldWords, type Issue } from '../page/issues';
import { readText, type ItemProblem } from './items-text';
import { FIRST_ITEM, type SuiteForm } from './suite-form';

/** What a text of items holds, or what is wrong with it and where. */
export type ReadItems = { items: EvalItem[] } | { problems: ItemProblem[] };
/** Past so many nobody reads them. */
const TOLD_MOST = 8;

/** Reads items, JSON or YAML: what is neither is named by its line, what is no item by its line, its id and its part. */
export function readItems(text: string): ReadItems {
  const read = readText(text);
  if ('problem' in read) return { problems: [read.problem] };
  const { value, lines } = read;
  if (!Array.isArray(value))
    return { problems: [{ line: 1, message: 'Items are a list: [ … ] in JSON, “- …” in YAML.' }] };
  if (value.length === 0) return { problems: [{ line: 1, message: 'There is no item yet.' }] };
  const seen = new Set<string>();
  const items: EvalItem[] = [];
  const problems = value.flatMap((each: unknown, index): ItemProblem[] => {
    const line = lines[index] ?? null;
    const name = nameOf(each, index);
    const parsed = EvalItemSchema.safeParse(each);
    if (!parsed.success)
      return parsed.error.issues.slice(0, 2).map(({ path, message }) => ({
        line,
        message: `${name}${path.length > 0 ? `, ${path.map(String).join('.')}` : ''}: ${said(message)}`,
      }));
    if (seen.has(parsed.data.id)) return [{ line, message: `${name} is there twice: ids are told apart.` }];
    seen.add(parsed.data.id);
    items.push(parsed.data);
    return [];
  });
  return problems.length > 0 ? { problems: problems.slice(0, TOLD_MOST) } : { items };
}

/** What zod writes for programs is said for people. */
function said(message: string): string {
  if (/^Invalid input: expected \w+, received undefined/.test(message)) return 'it is missing.';
  const [, expected] = /^Invalid input: expected (\w+)/.exec(message) ?? [];
  if (expected !== undefined) return `it has to be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}.`;
  if (/^Unrecognized keys?: /.test(message))
    return `${message.replace(/^Unrecognized keys?: /, '')} is not known here.`;
  return `${message.replace(/^Invalid input$/, 'it is none of the shapes that are known').replace(/\.$/, '')}.`;
}

function nameOf(value: unknown, index: number): string {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' && id !== '' ? `Item “${id}”` : `Item ${index + 1}`;
}

type Complained =
  'name' | 'title' | 'description' | 'category' | 'licence' | 'samples' | 'system' | 'sampler' | 'timeoutS';
const WORDS: Readonly<Record<Complained, FieldWords>> = {
  name: { noun: 'name' },
  title: { noun: 'title' },
  description: { noun: 'description' },
  category: { noun: 'category' },
  licence: { noun: 'licence' },
  samples: { noun: 'number' },
  system: { noun: 'system prompt' },
  sampler: { noun: 'sampler', item: 'number' },
  timeoutS: { noun: 'number of seconds' },
};
export type SuiteProblems = Partial<Record<Complained, string>>;

export type ReadSuite =
  { suite: EvalSuite } | { fields: SuiteProblems; items: readonly ItemProblem[]; rest: string | null };

const numberOf = (typed: string): number | undefined =>
  typed.trim() === '' ? undefined : Number(typed.replaceAll(',', ''));

/** The suite that the form says, or all that is wrong with it. @param before what the form has no field for */
export function readSuite(form: SuiteForm, before: EvalSuite | null): ReadSuite {
  const read = readItems(form.items);
  const draft = {
    name: form.name.trim(),
    title: form.title.trim(),
    description: form.description.trim(),
    category: form.category.trim(),
    licence: form.licence.trim(),
    samples: numberOf(form.samples) ?? 1,
    ...(form.system.trim() === '' ? {} : { system: form.system }),
    sampler: {
      ...before?.sampler,
      temperature: numberOf(form.temperature),
      maxTokens: numberOf(form.maxTokens),
    },
    timeoutS: numberOf(form.timeoutS) ?? 300,
    items: 'items' in read ? read.items : [FIRST_ITEM],
  };
  const checked = EvalSuiteSchema.safeParse(draft);
  const problems = 'problems' in read ? read.problems : [];
  if (checked.success && problems.length === 0) return { suite: checked.data };
  const issues: readonly Issue[] = checked.error?.issues ?? [];
  const ofItems = issues.filter(({ path }) => path[0] === 'items');
  const { fields } = complaints(
    issues.map((issue) =>
      issue.path[0] === 'category' ? { ...issue, message: 'use a-z, 0-9 and hyphen' } : issue,
    ),
    WORDS,
    '',
  );
  const hasFields = Object.keys(fields).length > 0;
  return {
    fields,
    items: [...problems, ...ofItems.map(({ message }) => ({ line: null, message: `The items ${message}.` }))],
    rest: hasFields || problems.length > 0 || ofItems.length > 0 ? null : 'This is no suite as it is.',
  };
}

import type { EvalItemResult, EvalOutcome } from '@boocontrol/contracts';
import { OUTCOMES } from './words';

/** What items can be grouped by. */
export const GROUPINGS = [
  { name: 'difficulty', text: 'Difficulty' },
  { name: 'family', text: 'Family' },
] as const;
export type Grouping = (typeof GROUPINGS)[number]['name'];
export const groupingOf = (text: string | null): Grouping =>
  GROUPINGS.find(({ name }) => name === text)?.name ?? 'difficulty';

export interface ItemGroup {
  name: string;
  items: readonly EvalItemResult[];
  /** Samples that passed, and those that count. */
  passed: number;
  counted: number;
}

const HARDER = ['easy', 'medium', 'hard'];
const NO_COUNT: ReadonlySet<EvalOutcome> = new Set(['invalid', 'harness_error']);

/** Items in their groups: difficulties from easy to hard, families by name; those of none last. */
export function groupsOf(items: readonly EvalItemResult[], by: Grouping): ItemGroup[] {
  const none = by === 'difficulty' ? 'not graded' : 'on their own';
  const groups = new Map<string, EvalItemResult[]>();
  for (const item of items) {
    const name = item[by] ?? none;
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  const place = (name: string): number => (name === none ? 1e6 : HARDER.indexOf(name));
  return [...groups]
    .map(([name, held]) => {
      const outcomes = held
        .filter(({ retired }) => !retired)
        .flatMap(({ samples }) => samples.flatMap(({ outcome }) => outcome ?? []));
      return {
        name,
        items: held,
        passed: outcomes.filter((outcome) => outcome === 'passed').length,
        counted: outcomes.filter((outcome) => !NO_COUNT.has(outcome)).length,
      };
    })
    .toSorted(
      (a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name, 'en', { numeric: true }),
    );
}

export interface SampleAt {
  item: string;
  sample: number;
}

/** Samples that have an outcome, in the order of the suite. @param only with this outcome; null: with any */
export const settledOf = (items: readonly EvalItemResult[], only: EvalOutcome | null): SampleAt[] =>
  items.flatMap(({ item, samples }) =>
    samples
      .filter(({ outcome }) => outcome !== null && (only ?? outcome) === outcome)
      .map(({ sample }) => ({ item, sample })),
  );

/** The sample before or after one of them; null: it is the first or the last. One that is not among them leads to the first. */
export function neighbour(all: readonly SampleAt[], at: SampleAt, by: 1 | -1): SampleAt | null {
  const index = all.findIndex(({ item, sample }) => item === at.item && sample === at.sample);
  return index < 0 ? (all[0] ?? null) : (all[index + by] ?? null);
}

/** How many there are of each outcome that there is. */
export const counted = (
  outcomes: Readonly<Record<string, number | undefined>>,
): { outcome: EvalOutcome; n: number }[] =>
  OUTCOMES.flatMap((outcome) => {
    const n = outcomes[outcome] ?? 0;
    return n > 0 ? [{ outcome, n }] : [];
  });

export const outcomeOf = (text: string | null): EvalOutcome | null =>
  OUTCOMES.find((outcome) => outcome === text) ?? null;

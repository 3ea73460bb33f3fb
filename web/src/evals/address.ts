/** What the page shows; the address names it where it is not the first. */
export const VIEWS = [
  { name: 'board', text: 'Leaderboard' },
  { name: 'runs', text: 'Runs' },
  { name: 'suites', text: 'Suites' },
] as const;
export type EvalView = (typeof VIEWS)[number]['name'];

export const viewOf = (what: string | null): EvalView =>
  VIEWS.find(({ name }) => name === what)?.name ?? 'board';

export const viewHref = (view: EvalView): string => (view === 'board' ? '/evals/' : `/evals/?what=${view}`);

/** The page of a run. */
export const runHref = (id: string): string => `/evals/?run=${encodeURIComponent(id)}`;

/** A sample of a run: ids of items have no colon. */
export const sampleKey = (item: string, sample: number): string => `${item}:${sample}`;

export function readSampleKey(text: string | null): { item: string; sample: number } | null {
  const [, item = '', digits = ''] = /^(.+):(\d{1,4})$/.exec(text ?? '') ?? [];
  return item === '' ? null : { item, sample: Number(digits) };
}

/** Two runs that are held against each other. */
export const pairKey = (a: string, b: string): string => `${a}~${b}`;

export function readPair(text: string | null): { a: string; b: string } | null {
  const [a = '', b = ''] = text?.split('~') ?? [];
  return a === '' || b === '' ? null : { a, b };
}

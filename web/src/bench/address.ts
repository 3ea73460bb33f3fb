/** What the page shows; the address names it where it is not the first. */
export const VIEWS = [
  { name: 'runs', text: 'Runs' },
  { name: 'history', text: 'History' },
  { name: 'suites', text: 'Suites' },
  { name: 'schedules', text: 'Schedules' },
] as const;
export type BenchView = (typeof VIEWS)[number]['name'];

export const viewOf = (what: string | null): BenchView =>
  VIEWS.find(({ name }) => name === what)?.name ?? 'runs';

export const viewHref = (view: BenchView): string => (view === 'runs' ? '/bench/' : `/bench/?what=${view}`);

/** The page of a run. */
export const runHref = (id: string): string => `/bench/?run=${encodeURIComponent(id)}`;

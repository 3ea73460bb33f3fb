import { FACETS, STATUS_CLASSES, type Facet, type FeedFilter } from './filters';

export interface Suggestion {
  facet: Facet;
  word: string;
  value: string;
  /** What people call it: a host's label. */
  label: string;
}
export type Known = Readonly<Record<Exclude<Facet, 'status'>, readonly { value: string; label: string }[]>>;

const STATUS_LABEL: Record<(typeof STATUS_CLASSES)[number], string> = {
  ok: 'ok',
  failed: 'failed',
  client_left: '499 client left',
  none: '0 no answer',
  '2xx': '2xx answered',
  '3xx': '3xx redirected',
  '4xx': '4xx refused',
  '5xx': '5xx failed',
};
const MOST_OF_A_FACET = 8;

/** Filters that can be added, those that hold every typed word; "host tow" finds the host Tower. */
export function suggestions(known: Known, filter: FeedFilter, typed: string): Suggestion[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const statuses = STATUS_CLASSES.map((value) => ({ value, label: STATUS_LABEL[value] }));
  return FACETS.flatMap(({ param, word }) => {
    const values = param === 'status' ? statuses : known[param];
    return values
      .filter(({ value, label }) => {
        const hay = `${word} ${value} ${label}`.toLowerCase();
        return !filter[param].includes(value) && words.every((each) => hay.includes(each));
      })
      .slice(0, MOST_OF_A_FACET)
      .map(({ value, label }) => ({ facet: param, word, value, label }));
  });
}

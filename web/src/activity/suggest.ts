import { FACETS, STATUS_CLASSES, type Facet, type FeedFilter } from './filters';

export interface Suggestion {
  facet: Facet;
  word: string;
  value: string;
  /** What people call it: a host's label. */
  label: string;
}
interface KnownValue {
  value: string;
  label: string;
  /** Somebody hid it: it has a name where it is asked for, and is not offered. */
  hidden?: boolean;
}
export type Known = Readonly<Record<Exclude<Facet, 'status'>, readonly KnownValue[]>>;

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

/** Filters that can be added, those that hold every typed word; "host tow" finds the host Tower. Nothing that is hidden. */
export function suggestions(known: Known, filter: FeedFilter, typed: string): Suggestion[] {
  return FACETS.flatMap(({ param, word }) =>
    matching(known, filter, param, word, typed)
      .filter(({ hidden = false }) => !hidden)
      .slice(0, MOST_OF_A_FACET)
      .map(({ value, label }) => ({ facet: param, word, value, label })),
  );
}

/** Whether something is known by what is typed, but hidden. */
export const matchesHidden = (known: Known, filter: FeedFilter, typed: string): boolean =>
  FACETS.some(({ param, word }) =>
    matching(known, filter, param, word, typed).some(({ hidden = false }) => hidden),
  );

const STATUSES: readonly KnownValue[] = STATUS_CLASSES.map((value) => ({
  value,
  label: STATUS_LABEL[value],
}));

function matching(
  known: Known,
  filter: FeedFilter,
  param: Facet,
  word: string,
  typed: string,
): readonly KnownValue[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return (param === 'status' ? STATUSES : known[param]).filter(({ value, label }) => {
    const hay = `${word} ${value} ${label}`.toLowerCase();
    return !filter[param].includes(value) && words.every((each) => hay.includes(each));
  });
}

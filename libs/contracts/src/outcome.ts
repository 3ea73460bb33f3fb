// Without zod: the web app's own script holds it.

/** Statuses from … to, both included. */
export type StatusRange = readonly [from: number, to: number];

/** As nginx has it: the client closed the connection before the answer was there. llama-swap says it so, too. */
const CLIENT_LEFT = 499;
const LAST = 999;

/**
 * How a finished request came out, by its status. The one definition: of counts, filters, colours and of the SQL that asks
 * for them, which is made from these ranges. Every status of a row (0 to 999) is in exactly one.
 * A client that left got what it wanted or lost interest: nobody has to look after that. No answer at all (0) is a failure,
 * and so is a refusal (429): somebody who wanted something did not get it.
 */
const OUTCOME_RANGES = {
  ok: [[100, 399]],
  client_left: [[CLIENT_LEFT, CLIENT_LEFT]],
  failed: [
    [0, 99],
    [400, CLIENT_LEFT - 1],
    [CLIENT_LEFT + 1, LAST],
  ],
} as const satisfies Record<string, readonly StatusRange[]>;

const CLASS_RANGES = {
  none: [[0, 0]],
  '2xx': [[200, 299]],
  '3xx': [[300, 399]],
  '4xx': [[400, 499]],
  '5xx': [[500, 599]],
} as const satisfies Record<string, readonly StatusRange[]>;

const RANGES: Readonly<Record<StatusFilter, readonly StatusRange[]>> = { ...OUTCOME_RANGES, ...CLASS_RANGES };

export type Outcome = keyof typeof OUTCOME_RANGES;
export const OUTCOMES = Object.keys(OUTCOME_RANGES) as readonly Outcome[];

/** What rows can be asked for by: an outcome, or a class of statuses. `none`: there was no answer (status 0). */
export const STATUS_FILTERS = ['ok', 'failed', 'client_left', 'none', '2xx', '3xx', '4xx', '5xx'] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

export function isStatusFilter(text: string): text is StatusFilter {
  return (STATUS_FILTERS as readonly string[]).includes(text);
}

/** The statuses that pass a filter. */
export function statusRanges(filter: StatusFilter): readonly StatusRange[] {
  return RANGES[filter];
}

/** Whether a status passes any of the filters. */
export function passesStatus(filters: readonly StatusFilter[], status: number): boolean {
  return filters.some((filter) => RANGES[filter].some(([from, to]) => from <= status && status <= to));
}

/** @param status of a finished request, 0 to 999; what no table knows is a failure */
export function outcomeOf(status: number): Outcome {
  return OUTCOMES.find((outcome) => passesStatus([outcome], status)) ?? 'failed';
}

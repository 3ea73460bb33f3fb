import { SuiteSchema, type ActivityRow, type Replayed, type Suite } from '@boocontrol/contracts';
import { toldPrompt } from '@boocontrol/fleet-model';

/** A request of an activity row: when it came, how long it and its answer were. */
export interface Arrival extends Omit<Replayed, 'atMs'> {
  /** Unix milliseconds, by the clock of its host. */
  arrivedMs: number;
  /** Attempts of the same request have the same; null: nothing tells. */
  dispatchId: string | null;
  isChat: boolean;
}

const MOST_TOKENS = 1_000_000;
const MOST_REQUESTS = 5_000;

/**
 * What can be sent again of a row; null: its lengths are not known, as of a request that failed or an embedding. The whole
 * prompt counts, new and cached tokens, whichever way its host counts them. Rows are of the end of their request.
 */
export function arrivalOf(row: ActivityRow): Arrival | null {
  const { promptTokens } = toldPrompt(row);
  const { outputTokens } = row;
  if (!isLength(promptTokens) || !isLength(outputTokens)) return null;
  return {
    arrivedMs: Date.parse(row.ts) - row.durationMs,
    promptTokens,
    outputTokens,
    dispatchId: row.dispatchId ?? null,
    isChat: !/(?<!\/chat)\/completions$/.test(row.reqPath),
  };
}

const isLength = (tokens: number | null): tokens is number =>
  tokens !== null && tokens >= 1 && tokens <= MOST_TOKENS;

/** Of whose requests a suite is made. */
export interface Recorded {
  source: string;
  /** null: to any model. */
  model: string | null;
  from: string;
  to: string;
}

/**
 * A suite that sends the same at the same times: the first 5,000 in the order in which they came, and of a request that was
 * tried at several hosts the first that answered.
 * @returns null: there is nothing to send
 */
export function replaySuite(
  arrivals: readonly Arrival[],
  { source, model, from, to }: Recorded,
): { suite: Suite; beyond: number } | null {
  const ordered = firstOfEach(arrivals.toSorted((a, b) => a.arrivedMs - b.arrivedMs));
  const used = ordered.slice(0, MOST_REQUESTS);
  const [first] = used;
  if (first === undefined) return null;
  const requests = used.map(({ arrivedMs, promptTokens, outputTokens }) => ({
    atMs: Math.round((arrivedMs - first.arrivedMs) * 1_000) / 1_000,
    promptTokens,
    outputTokens,
  }));
  const suite = SuiteSchema.parse({
    name: `requests of ${source}`,
    description: `${used.length} requests of ${source}${model === null ? '' : ` to ${model}`} from ${from} to ${to}, at the times and of the lengths that they had`,
    endpoint: used.some(({ isChat }) => isChat) ? 'chat' : 'completions',
    promptTokens: [Math.max(...requests.map(({ promptTokens }) => promptTokens))],
    outputTokens: [Math.max(...requests.map(({ outputTokens }) => outputTokens))],
    load: { kind: 'replay', requests },
    repetitions: 1,
  });
  return { suite, beyond: ordered.length - used.length };
}

function firstOfEach(arrivals: readonly Arrival[]): Arrival[] {
  const seen = new Set<string>();
  return arrivals.filter(({ dispatchId }) => {
    if (dispatchId === null) return true;
    const isFirst = !seen.has(dispatchId);
    seen.add(dispatchId);
    return isFirst;
  });
}

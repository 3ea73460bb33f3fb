import type { ActivityRow, Request, RouteAttempt, RouteFact } from '@boocontrol/contracts';
import { toActivityRow } from './key.js';
import { instantFromMs, instantToMs } from './time.js';

/** An attempt of a request to /v1 with its place in it, from 1. */
export interface PlacedAttempt {
  attempt: RouteAttempt;
  place: number;
}

/** Attempts that may have a row somewhere: where no connection came about, nobody knows of them. Never throws. */
export function sentAttempts({ attempts }: RouteFact): PlacedAttempt[] {
  return attempts
    .map((attempt, i) => ({ attempt, place: i + 1 }))
    .filter(({ attempt }) => attempt.outcome !== 'refused');
}

/** When the attempt was over, Unix milliseconds. */
export function attemptEndMs({ startedAt, durationMs }: RouteAttempt): number {
  return instantToMs(startedAt) + durationMs;
}

/** Whether the provider tells of its requests itself. Facts from before this was said are of such providers. */
export function tellsItself({ providerKind = 'llama-swap' }: RouteAttempt): boolean {
  return providerKind === 'llama-swap';
}

/** As nginx and llama-swap have it: the client closed the connection. */
const CLIENT_LEFT = 499;

/**
 * The row of an attempt at a provider that tells of none itself.
 *
 * @param seq of the fact on ROUTES: the row's entry id. `ts` tells apart what a log that began anew counts alike.
 */
export function requestOfAttempt(fact: RouteFact, { attempt, place }: PlacedAttempt, seq: number): Request {
  const { providerId, model, outcome, status, durationMs, message } = attempt;
  const end = instantFromMs(attemptEndMs(attempt));
  // What is counted is of the answer that the client got: the last attempt's.
  const isLast = place === fact.attempts.length;
  const promptTokens = isLast ? fact.promptTokens : null;
  return {
    providerId,
    at: end,
    entryId: seq,
    ts: end,
    endedAt: end,
    model,
    source: fact.source,
    reqPath: `/v1${fact.endpoint}`,
    respContentType: null,
    statusCode: outcome === 'abandoned' ? CLIENT_LEFT : (status ?? 0),
    durationMs,
    cacheTokens: isLast ? fact.cacheTokens : null,
    inputTokens: promptTokens,
    promptTokens,
    promptCounts: 'known',
    outputTokens: isLast ? fact.outputTokens : null,
    draftTokens: null,
    draftAcceptedTokens: null,
    promptTps: null,
    genTps: null,
    hasCapture: false,
    errorMsg: message,
    dispatchId: fact.id,
  };
}

/**
 * Rows of a request to /v1 at providers that tell of none themselves: one for each attempt that was sent, as a host that
 * keeps a list of its own would have one, and as each may be charged for.
 *
 * @param seq of the fact on ROUTES
 * @throws {DOMException} as activityKey does
 */
export function rowsOfDispatch(fact: RouteFact, seq: number): ActivityRow[] {
  return sentAttempts(fact)
    .filter(({ attempt }) => !tellsItself(attempt))
    .map((placed) => ({
      ...toActivityRow(requestOfAttempt(fact, placed, seq)),
      dispatch: {
        joined: 'exact',
        attempt: placed.place,
        attempts: fact.attempts.length,
        outcome: placed.attempt.outcome,
      },
    }));
}

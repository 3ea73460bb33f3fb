import { outcomeOf, type Request, type RouteFact } from '@boocontrol/contracts';
import { toldPrompt } from '@boocontrol/fleet-model';

export type RequestOutcome = RouteFact['outcome'];

/** What is counted of one request that has ended, wherever it is known from. Durations are seconds. */
export interface RequestFigures {
  /** null: no host was asked. */
  providerId: string | null;
  /** As the host names it; null: none was chosen. */
  model: string | null;
  /** The host that has the model, whether it was asked or not; null with the model. */
  modelAt: string | null;
  /** null: the request named a model; undefined: it did not come through /v1. */
  policy: string | null | undefined;
  consumer: string;
  outcome: RequestOutcome;
  promptTokens: number | null;
  cachedTokens: number | null;
  outputTokens: number | null;
  /** null: no stream, or no content came. */
  ttft: number | null;
  tpot: number | null;
  /** null: it was sent to nobody, or not by us. */
  queued: number | null;
  /** Why hosts before the last one did not answer. */
  fallbacks: readonly string[];
}

/** Of a request through /v1: the host that was asked last stands for it. */
export function figuresOfDispatch(fact: RouteFact): RequestFigures {
  const last = fact.attempts.at(-1);
  const [named] = fact.policy === null ? fact.candidates : [];
  // With two at the same time, the one that was left may have ended last.
  const chosen = fact.attempts.findLast(({ outcome }) => outcome === 'answered') ?? last;
  const { firstContentMs, durationMs, outputTokens, outcome, isStream } = fact;
  const ttftMs = isStream ? firstContentMs : null;
  const isMeasured = ttftMs !== null && outcome === 'succeeded' && (outputTokens ?? 0) > 1;
  return {
    providerId: chosen?.providerId ?? null,
    model: chosen?.model ?? named?.model ?? null,
    modelAt: chosen?.providerId ?? named?.providerId ?? null,
    policy: fact.policy?.name ?? null,
    consumer: fact.source,
    outcome,
    promptTokens: fact.promptTokens,
    cachedTokens: fact.cacheTokens,
    outputTokens,
    ttft: ttftMs === null ? null : ttftMs / 1_000,
    tpot: isMeasured ? (durationMs - ttftMs) / 1_000 / ((outputTokens ?? 0) - 1) : null,
    queued: chosen === undefined ? null : fact.queueMs / 1_000,
    fallbacks: fact.attempts.filter((attempt) => attempt !== chosen).map((attempt) => attempt.outcome),
  };
}

/** Paths that generate text: each whole answer of theirs has tokens. */
const GENERATES = /\/(chat\/completions|completions|responses|messages)$/;

/** Of a host's own row of a request that came from elsewhere. */
export function figuresOfRow(row: Request): RequestFigures {
  const { genTps } = row;
  return {
    providerId: row.providerId,
    model: row.model,
    modelAt: row.providerId,
    policy: undefined,
    consumer: row.source,
    outcome: outcomeOfRow(row),
    promptTokens: toldPrompt(row).promptTokens,
    cachedTokens: row.cacheTokens,
    outputTokens: row.outputTokens,
    ttft: null,
    tpot: genTps === null || genTps <= 0 ? null : 1 / genTps,
    queued: null,
    fallbacks: [],
  };
}

function outcomeOfRow({
  statusCode,
  reqPath,
  respContentType,
  inputTokens,
  outputTokens,
}: Request): RequestOutcome {
  const outcome = outcomeOf(statusCode);
  if (outcome !== 'ok') return outcome;
  // A llama-swap whose model was unloaded in the middle of a stream says 200 and no tokens.
  const isCut =
    statusCode === 200 &&
    inputTokens === 0 &&
    outputTokens === 0 &&
    GENERATES.test(reqPath) &&
    respContentType?.startsWith('text/event-stream') === true;
  return isCut ? 'incomplete' : 'succeeded';
}

import type { Problem, RouteAttempt, RouteCandidate, RouteFact, RoutePolicy } from '@boocontrol/contracts';
import { instantFromMs } from '@boocontrol/fleet-model';
import type { Attempt } from './attempt.js';
import type { ClientAnswer } from './client-answer.js';
import type { Target, Watched } from './parts.js';
import { noTokens, type TokenCounts } from './tokens.js';
import type { RequestTrace } from './trace-context.js';

const MAX_CANDIDATES = 64;
const MAX_ATTEMPTS = 3;

/** What becomes of one request, gathered while it happens; times are of the monotonic clock. */
export class RequestRecord {
  readonly startedAtMs = performance.now();
  readonly at = new Date();
  asked = '';
  source = '';
  keyId: string | null = null;
  policy: RoutePolicy | null = null;
  candidates: readonly RouteCandidate[] = [];
  readonly attempts: RouteAttempt[] = [];
  error: Problem | null = null;
  isStream = false;
  queueMs = 0;
  firstContentAtMs: number | null = null;
  requestBytes = 0;
  tokens: TokenCounts = noTokens();
  /** The host that it waits for or that was asked last; null: none yet. */
  target: Target | null = null;
  /** On its way to the target or from there; null: it waits for a place. */
  sending: Attempt | null = null;
  /** How its prompt begins is observed; null: it is not. */
  watched: Watched | null = null;

  constructor(
    readonly id: string,
    readonly endpoint: string,
    /** null: it belongs to none. */
    readonly trace: RequestTrace | null = null,
  ) {}

  attempted(
    { providerId, model, kind }: Target,
    attempt: Attempt,
    startedAtMs: number,
    outcome: RouteAttempt['outcome'],
    message: string | null,
  ): void {
    const { status, firstByteAtMs, bytes, spanId } = attempt;
    if (spanId !== null) this.trace?.attemptIds.push(spanId);
    this.attempts.push({
      providerId,
      model,
      providerKind: kind,
      startedAt: instantFromMs(this.at.getTime() + startedAtMs - this.startedAtMs),
      outcome,
      status,
      firstByteMs: firstByteAtMs === null ? null : rounded(firstByteAtMs - startedAtMs),
      durationMs: rounded(performance.now() - startedAtMs),
      bytes,
      message: message?.slice(0, 512) ?? null,
    });
  }

  fact(outcome: RouteFact['outcome'], answer: ClientAnswer): RouteFact {
    const since = (atMs: number | null): number | null =>
      atMs === null ? null : rounded(Math.max(0, atMs - this.startedAtMs));
    const { policy, tokens } = this;
    return {
      id: this.id,
      at: instantFromMs(this.at.getTime()),
      endpoint: this.endpoint.slice(0, 64),
      asked: this.asked.slice(0, 512),
      policy: policy === null ? null : { name: policy.name, version: policy.version },
      source: this.source,
      keyId: this.keyId,
      candidates: this.candidates.slice(0, MAX_CANDIDATES),
      attempts: this.attempts.slice(-MAX_ATTEMPTS),
      outcome,
      status: answer.status,
      error: this.error,
      isStream: this.isStream,
      queueMs: rounded(this.queueMs),
      firstByteMs: since(answer.firstByteAtMs),
      firstContentMs: since(this.firstContentAtMs),
      durationMs: rounded(performance.now() - this.startedAtMs),
      requestBytes: this.requestBytes,
      responseBytes: answer.bytes,
      promptTokens: tokens.prompt,
      cacheTokens: tokens.cached,
      outputTokens: tokens.output,
    };
  }
}

/** To tenths of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

import type { Request, RouteAttempt } from '@boocontrol/contracts';
import {
  activityKey,
  apartMs,
  attemptEndMs,
  instantToMs,
  mayBeSame,
  tellsItself,
  toldPrompt,
  type AttemptSight,
  type RowSight,
} from '@boocontrol/fleet-model';

/** How long a row waits for the attempt that it may be: the two are told by different processes. Milliseconds. */
const GRACE_MS = 10_000;
/** Rows may come late, after ingest was away; then not at all. */
const KEPT_MS = 15 * 60_000;
const MOST_ROUTED = 10_000;
const MOST_WAITING = 10_000;
const MOST_KEYS = 20_000;

interface OwnAttempt extends AttemptSight {
  place: string;
}

/** A request to /v1 with the attempts that have ended so far. */
export interface Routed {
  id: string;
  source: string;
  /** Below /v1. */
  endpoint: string;
  attempts: readonly RouteAttempt[];
}

const placeOf = ({ providerId, model }: { providerId: string; model: string }): string =>
  `${providerId}/${model}`;

/**
 * Tells rows of hosts that came through our own /v1, which are counted there, from those that did not. Where a row's headers
 * are known they say it; else the attempt of ours at that host and for that model that ended closest to it is taken to be it,
 * one for one. No I/O; times are Unix milliseconds.
 */
export class DirectRows {
  /** By id of the request, oldest first: its attempts. */
  private readonly routed = new Map<string, OwnAttempt[]>();
  /** By host and model: attempts whose row has not come yet. */
  private readonly open = new Map<string, Set<OwnAttempt>>();
  private readonly waiting: { row: Request; dueMs: number }[] = [];
  /** Of rows that have come: after a wiped bus they come again. */
  private readonly keys = new Set<string>();

  /** Notes what of a request is not known yet. It may come several times, with ever more attempts. */
  noteRouted({ id, source, endpoint, attempts }: Routed): void {
    if (attempts.length === 0) return;
    const known = this.routed.get(id) ?? [];
    // They are in the order in which they ended, so what is known is the beginning.
    for (const attempt of attempts.slice(known.length)) {
      const { outcome, status, startedAt } = attempt;
      const own: OwnAttempt = {
        place: placeOf(attempt),
        model: attempt.model,
        source,
        reqPath: `/v1${endpoint}`,
        outcome,
        status,
        startMs: instantToMs(startedAt),
        endMs: attemptEndMs(attempt),
        promptTokens: null,
        outputTokens: null,
      };
      known.push(own);
      if (outcome !== 'refused' && tellsItself(attempt)) this.openAt(own.place).add(own);
    }
    this.routed.set(id, known);
    for (const oldest of this.routed.keys()) {
      if (this.routed.size <= MOST_ROUTED) break;
      this.forget(oldest);
    }
  }

  noteRow(row: Request, nowMs: number): void {
    const key = activityKey(row);
    if (this.keys.has(key)) return;
    this.keys.add(key);
    if (this.keys.size > MOST_KEYS) this.keys.delete(this.keys.values().next().value ?? '');
    this.waiting.push({ row, dueMs: row.dispatchId === null ? nowMs : nowMs + GRACE_MS });
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Rows that did not come through /v1, each once, as soon as that is known.
   * @param isUnderWay whether a request of that id is on its way through our /v1
   */
  take(nowMs: number, isUnderWay: (id: string) => boolean): Request[] {
    this.forgetOld(nowMs);
    const direct: Request[] = [];
    for (const waiting of this.waiting.splice(0)) {
      const { row, dueMs } = waiting;
      if (this.isRouted(row)) continue;
      if (dueMs > nowMs || (row.dispatchId != null && isUnderWay(row.dispatchId))) this.waiting.push(waiting);
      else direct.push(row);
    }
    return direct;
  }

  private isRouted(row: Request): boolean {
    const { dispatchId } = row;
    if (dispatchId === null) return false;
    const place = placeOf(row);
    if (dispatchId === undefined) return this.close(this.closest(place, row));
    const own = this.routed.get(dispatchId);
    const open = this.open.get(place);
    this.close(own?.find((attempt) => attempt.place === place && open?.has(attempt) === true));
    return own !== undefined;
  }

  private closest(place: string, row: Request): OwnAttempt | undefined {
    let closest: OwnAttempt | undefined;
    let leastMs = Infinity;
    const sight = sightOf(row);
    for (const attempt of this.open.get(place) ?? []) {
      const ms = apartMs(attempt, sight);
      if (ms < leastMs && mayBeSame(attempt, sight)) [closest, leastMs] = [attempt, ms];
    }
    return closest;
  }

  private close(attempt: OwnAttempt | undefined): boolean {
    if (attempt === undefined) return false;
    const open = this.open.get(attempt.place);
    open?.delete(attempt);
    if (open?.size === 0) this.open.delete(attempt.place);
    return true;
  }

  private openAt(place: string): Set<OwnAttempt> {
    const known = this.open.get(place);
    if (known !== undefined) return known;
    const made = new Set<OwnAttempt>();
    this.open.set(place, made);
    return made;
  }

  private forgetOld(nowMs: number): void {
    for (const [id, attempts] of this.routed) {
      if (attempts.some(({ endMs }) => nowMs - endMs <= KEPT_MS)) break;
      this.forget(id);
    }
  }

  private forget(id: string): void {
    for (const attempt of this.routed.get(id) ?? []) this.close(attempt);
    this.routed.delete(id);
  }
}

function sightOf(row: Request): RowSight {
  const { model, reqPath, source, statusCode, endedAt, durationMs, outputTokens } = row;
  const { promptTokens, promptCounts } = toldPrompt(row);
  return {
    model,
    reqPath,
    source,
    status: statusCode,
    endMs: instantToMs(endedAt),
    durationMs,
    promptTokens,
    isPromptCertain: promptCounts === 'known',
    outputTokens,
  };
}

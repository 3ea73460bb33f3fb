import type { ApiKey } from '@boocontrol/contracts';
import { RateBucket } from './rate-bucket.js';

export type Limits = Pick<
  ApiKey,
  'requestsPerMinute' | 'tokensPerMinute' | 'concurrentRequests' | 'monthlyTokens'
>;

export interface Exhausted {
  /** Completes "This key …". */
  why: string;
  retryAfterS: number;
}

/** A month of the calendar in UTC, as `2026-11`. */
export function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

function nextMonthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** What a key has used, held against what it may use. */
export class Meter {
  private requests: RateBucket | null = null;
  private tokens: RateBucket | null = null;
  private underWay = 0;
  private month = '';
  private tokensOfMonth = 0;

  constructor(
    private limits: Limits,
    nowMs: number,
  ) {
    this.setLimits(limits, nowMs);
  }

  /** What was used so far counts on. */
  setLimits(limits: Limits, nowMs: number): void {
    this.limits = limits;
    this.requests = bucket(this.requests, limits.requestsPerMinute, nowMs);
    this.tokens = bucket(this.tokens, limits.tokensPerMinute, nowMs);
  }

  /** Lets a request begin, or says what is used up; nothing is taken then. */
  begin(nowMs: number): Exhausted | null {
    const exhausted = this.exhausted(nowMs);
    if (exhausted !== null) return exhausted;
    this.requests?.take(1, nowMs);
    this.underWay++;
    return null;
  }

  end(): void {
    this.underWay--;
  }

  spend(tokens: number, nowMs: number): void {
    this.tokens?.take(tokens, nowMs);
    this.raise(monthOf(nowMs), this.usedIn(monthOf(nowMs)) + tokens);
  }

  /** What the table says was used in a month. It lags behind what is known here, or knows what another gateway let pass. */
  raise(month: string, tokens: number): void {
    if (month < this.month) return;
    this.tokensOfMonth = Math.max(this.usedIn(month), tokens);
    this.month = month;
  }

  private usedIn(month: string): number {
    return month === this.month ? this.tokensOfMonth : 0;
  }

  private exhausted(nowMs: number): Exhausted | null {
    const { concurrentRequests, monthlyTokens, requestsPerMinute, tokensPerMinute } = this.limits;
    if (monthlyTokens !== null && this.usedIn(monthOf(nowMs)) >= monthlyTokens)
      return {
        why: `has used its ${monthlyTokens} tokens of this month`,
        retryAfterS: seconds(nextMonthMs(nowMs) - nowMs),
      };
    if (concurrentRequests !== null && this.underWay >= concurrentRequests)
      return {
        why: `has ${concurrentRequests} requests under way, which is all it may have`,
        retryAfterS: 1,
      };
    // One is enough: what the request will take is not known before it has ended.
    const tokensMs = this.tokens?.waitMs(1, nowMs) ?? 0;
    if (tokensMs > 0)
      return {
        why: `has used its ${tokensPerMinute} tokens a minute`,
        retryAfterS: seconds(tokensMs),
      };
    const requestsMs = this.requests?.waitMs(1, nowMs) ?? 0;
    if (requestsMs > 0)
      return {
        why: `has sent its ${requestsPerMinute} requests a minute`,
        retryAfterS: seconds(requestsMs),
      };
    return null;
  }
}

function bucket(before: RateBucket | null, perMinute: number | null, nowMs: number): RateBucket | null {
  if (perMinute === null) return null;
  if (before === null) return new RateBucket(perMinute, nowMs);
  before.setRate(perMinute, nowMs);
  return before;
}

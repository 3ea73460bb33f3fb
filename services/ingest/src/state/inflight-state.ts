import type { InflightNow } from '@boocontrol/llama-swap';
import type { Timings } from '../timings.js';
import { LatestFact, type Facts } from './facts.js';

const LISTED_MAX = 200;

/**
 * The requests under way, at most four facts a second, the newest always. While a host is not connected nothing is known
 * of what it serves: then the fact says none, and liveness says why.
 */
export class InflightState {
  private readonly fact: LatestFact<'inflight'>;
  private newest: InflightNow = { total: 0, requests: [] };
  private stated: { members: string; bytes: string } | null = null;
  private statedAtMs = 0;
  private comparedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    facts: Facts,
    private readonly timings: Pick<Timings, 'inflightEveryMs' | 'inflightBytesEveryMs'>,
  ) {
    this.fact = new LatestFact(facts, 'inflight');
  }

  /** Cheap, because a host may say it thousands of times a second. */
  set(now: InflightNow): void {
    this.newest = now;
    if (this.timer !== undefined) return;
    const waitMs = this.comparedAtMs + this.timings.inflightEveryMs - Date.now();
    if (waitMs <= 0) this.stateChange();
    else this.timer = setTimeout(() => this.stateChange(), waitMs);
  }

  /** The connection is gone. */
  forget(): void {
    this.stopTimer();
    this.newest = { total: 0, requests: [] };
    if (this.stated === null || this.stated.members !== summary(this.newest).members) this.state();
  }

  repeat(): void {
    this.fact.repeat();
  }

  async idle(): Promise<void> {
    this.stopTimer();
    await this.fact.idle();
  }

  private stateChange(): void {
    this.stopTimer();
    this.comparedAtMs = Date.now();
    const { members, bytes } = summary(this.newest);
    const isDue = this.comparedAtMs - this.statedAtMs >= this.timings.inflightBytesEveryMs;
    if (members !== this.stated?.members || (bytes !== this.stated.bytes && isDue)) this.state();
    else if (bytes !== this.stated.bytes)
      this.timer = setTimeout(() => this.stateChange(), this.timings.inflightEveryMs);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private state(): void {
    this.stated = summary(this.newest);
    this.statedAtMs = Date.now();
    const { total, requests } = this.newest;
    this.fact.set({ total, requests: requests.slice(0, LISTED_MAX) });
  }
}

function summary({ total, requests }: InflightNow): { members: string; bytes: string } {
  return {
    members: `${total}:${requests.map(({ id, model, source }) => `${id} ${model} ${source}`).join()}`,
    bytes: requests.map(({ respBytes }) => respBytes).join(),
  };
}

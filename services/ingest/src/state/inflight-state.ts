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
  private timer: NodeJS.Timeout | undefined;

  constructor(
    facts: Facts,
    private readonly timings: Pick<Timings, 'inflightEveryMs' | 'inflightBytesEveryMs'>,
  ) {
    this.fact = new LatestFact(facts, 'inflight');
  }

  set(now: InflightNow): void {
    this.newest = now;
    const { members, bytes } = summary(now);
    if (members === this.stated?.members && bytes === this.stated.bytes) return;
    const isMembers = members !== this.stated?.members;
    const everyMs = isMembers ? this.timings.inflightEveryMs : this.timings.inflightBytesEveryMs;
    const waitMs = this.statedAtMs + everyMs - Date.now();
    clearTimeout(this.timer);
    if (waitMs <= 0) this.state();
    else this.timer = setTimeout(() => this.state(), waitMs);
  }

  /** The connection is gone. */
  forget(): void {
    clearTimeout(this.timer);
    this.newest = { total: 0, requests: [] };
    if (this.stated === null || this.stated.members !== summary(this.newest).members) this.state();
  }

  repeat(): void {
    this.fact.repeat();
  }

  async idle(): Promise<void> {
    clearTimeout(this.timer);
    await this.fact.idle();
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

import { Rng } from '../core/rng.js';
import type { SimTime } from '../core/sim-time.js';
import type { Reply, TrafficClient } from './client.js';

/** A host as the traffic sees it. */
export interface TrafficTarget {
  url: string;
  chatModels: readonly string[];
  embeddingModels: readonly string[];
  /** How often this host is chosen against the others. */
  weight: number;
}

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a consumer works with: the fleet, a clock, luck, and a way to ask. */
export class World {
  #requests = 0;
  #failures = 0;

  constructor(
    readonly targets: readonly TrafficTarget[],
    readonly time: SimTime,
    readonly rng: Rng,
    readonly signal: AbortSignal,
    private readonly client: TrafficClient,
  ) {}

  /** Everybody on a host mostly uses the same model for a while, so that swaps stay rare; the phase differs by host. */
  favourite(target: TrafficTarget): string {
    const index = this.targets.indexOf(target);
    const shift = Math.floor((this.time.simMs() + index * 23_000) / (75_000 + index * 11_000));
    return target.chatModels[shift % target.chatModels.length] ?? '';
  }

  chatTarget(): TrafficTarget {
    return this.#weighted(this.targets.filter((target) => target.chatModels.length > 0));
  }

  embeddingTarget(): TrafficTarget | undefined {
    const able = this.targets.filter((target) => target.embeddingModels.length > 0);
    return able.length === 0 ? undefined : this.#weighted(able);
  }

  think(meanMs: number): Promise<void> {
    return this.time.sleep(Math.min(meanMs * 3, this.rng.exponential(meanMs)), this.signal);
  }

  /** `patienceMs`: gives up after so long (simulated), as users do. */
  async ask(
    target: TrafficTarget,
    path: string,
    body: object,
    headers: Record<string, string>,
    patienceMs?: number,
  ): Promise<Reply> {
    this.#requests += 1;
    const patience = new AbortController();
    const cancel = patienceMs === undefined ? () => {} : this.time.after(patienceMs, () => patience.abort());
    const signal = AbortSignal.any([this.signal, patience.signal]);
    const reply = await this.client.post(target.url, path, body, headers, signal);
    cancel();
    if (reply.status !== 200) this.#failures += 1;
    return reply;
  }

  stats(): { requests: number; failures: number } {
    return { requests: this.#requests, failures: this.#failures };
  }

  #weighted(targets: readonly TrafficTarget[]): TrafficTarget {
    let ticket = this.rng.next() * targets.reduce((sum, target) => sum + target.weight, 0);
    for (const target of targets) {
      ticket -= target.weight;
      if (ticket <= 0) return target;
    }
    return this.rng.pick(targets);
  }
}

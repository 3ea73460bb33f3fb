import { HostError } from '@boocontrol/llama-swap';
import { pause } from '@boocontrol/platform';
import type { Contact } from '../follow/followed.js';
import { MAX_RETRY_AFTER_MS } from '../state/link.js';
import type { LivenessState } from '../state/liveness.js';
import type { Timings } from '../timings.js';
import type { ModelListClient } from './model-list-client.js';
import type { ReadList } from './read-list.js';

const JITTER = 0.1;

/** Who is told of the lists. */
export interface ListReader {
  readonly liveness: LivenessState;
  readonly timings: Pick<Timings, 'listEveryMs'>;
  /** null: there is no list in it. */
  readonly read: (body: unknown) => ReadList | null;
  /** @param tookMs how long it took to get it */
  listed(list: ReadList, tookMs: number, nowMs: number): void;
}

/** Reads the list again and again, calmly, until it cannot be had. */
export class ListContact implements Contact {
  constructor(
    private readonly client: ModelListClient,
    private readonly followed: ListReader,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const askedMs = await this.ask(signal);
      const everyMs = this.followed.timings.listEveryMs * (1 - JITTER + 2 * JITTER * Math.random());
      await pause(Math.max(everyMs, askedMs), signal);
      signal.throwIfAborted();
    }
  }

  onBusReconnect(): void {
    // What was stated is stated again by FollowedList; nothing is under way here.
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** @returns milliseconds that it asks to be left alone for */
  private async ask(signal: AbortSignal): Promise<number> {
    const { followed } = this;
    const startedMs = performance.now();
    let body: unknown;
    try {
      body = await this.client.read(signal);
    } catch (error) {
      if (!this.isCalmWanted(error)) throw error;
      followed.liveness.heard(Date.now());
      return Math.min(error.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    }
    const list = followed.read(body);
    if (list === null) throw this.client.noList('JSON in which there is no list of models');
    followed.listed(list, performance.now() - startedMs, Date.now());
    return 0;
  }

  /** Who is connected and says that it is asked too often is there, and what it listed still holds. */
  private isCalmWanted(error: unknown): error is HostError {
    const isConnected = this.followed.liveness.link.state === 'connected';
    return isConnected && error instanceof HostError && error.code === 'rate_limited';
  }
}

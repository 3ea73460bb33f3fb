import { hasOwnLog, HostError, type HostCommands } from '@boocontrol/llama-swap';
import { backoffDelayMs, pause } from '@boocontrol/platform';
import type { Facts } from '../state/facts.js';
import { Wake } from '../wake.js';
import type { HostLogs } from './host-logs.js';

/** Each is a connection. Of more models than that some have no certain lines. */
export const MOST_STREAMS = 16;
/** Of each: a hundred times what a busy model server writes. */
const BYTES_PER_S = 1024 * 1024;
const AGAIN = { baseMs: 1_000, maxMs: 30_000 };
/** A model that has stopped is heard out; nothing else tells when it is silent. */
const LOOK_EVERY_MS = 1_000;

/**
 * Reads the logs of the models that run, each by itself: they tell which lines are whose. The log of a model that does not
 * run is never asked for.
 */
export class ModelStreams {
  private readonly streams = new Map<string, AbortController>();
  private readonly wake = new Wake();

  constructor(
    private readonly host: Pick<HostCommands, 'followLog'>,
    private readonly logs: HostLogs,
    private readonly facts: Pick<Facts, 'log' | 'providerId'>,
  ) {}

  /** The host has another list of models. */
  changed(): void {
    this.wake.raise();
  }

  /** Until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.fit();
      await this.wake.wait(LOOK_EVERY_MS, signal);
    }
    for (const stream of this.streams.values()) stream.abort(signal.reason);
  }

  private fit(): void {
    const { writers } = this.logs;
    const writing = writers.now(performance.now());
    for (const [model, stream] of this.streams) {
      if (writing.has(model)) continue;
      stream.abort(new Error('it has stopped'));
      this.streams.delete(model);
    }
    for (const model of writers.running) {
      if (this.streams.size >= MOST_STREAMS) return;
      if (this.streams.has(model) || !hasOwnLog(model)) continue;
      const stream = new AbortController();
      this.streams.set(model, stream);
      void this.read(model, stream.signal);
    }
  }

  /** Never rejects. */
  private async read(model: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      this.logs.follow(model);
      try {
        const options = { signal, history: false, bytesPerS: BYTES_PER_S };
        const followed = await this.host.followLog(model, options);
        // Its next run is another chance.
        if (!followed.ok) return;
        for await (const lines of followed.chunks) {
          attempt = 0;
          this.logs.heard(model, lines);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof HostError)) {
          const { log, providerId } = this.facts;
          log.error({ err: error, provider: providerId, model }, 'the log of a model cannot be read');
        }
      } finally {
        this.logs.unfollow(model);
      }
      await pause(backoffDelayMs(attempt, AGAIN, Math.random()), signal);
    }
  }
}

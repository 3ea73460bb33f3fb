import type { Problem, Provider } from '@boocontrol/contracts';
import { HostError } from '@boocontrol/llama-swap';
import {
  apiKeyOf,
  backoffDelayMs,
  pause,
  PublishError,
  type Environment,
  type JetStreamSetup,
  type Log,
} from '@boocontrol/platform';
import { metrics } from '../metrics.js';
import { scopeOf, Wake } from '../wake.js';
import type { Contact, Followed } from './followed.js';

/** Follows one provider for as long as this process holds it: connects, reads, states, and connects again as the link's machine decides. */
export class Connector {
  private readonly stopping = new AbortController();
  private readonly wake = new Wake();
  private contact: { current: Contact; abort: AbortController } | null = null;
  private running: Promise<void> | undefined;

  constructor(
    private readonly followed: Followed,
    /** Ends everything that its facts wait for. */
    private readonly life: AbortController,
    private readonly setup: JetStreamSetup,
    private readonly env: Environment,
    private readonly log: Log,
  ) {}

  get provider(): Provider {
    return this.followed.provider;
  }

  get state(): string {
    return this.followed.liveness.link.state;
  }

  start(): void {
    this.running ??= this.run().catch((error: unknown) => {
      this.log.error({ err: error, provider: this.provider.id }, 'a connector ended');
    });
  }

  /** Connects again at once; false when the host is disabled. */
  reconnect(): boolean {
    if (!this.provider.enabled) return false;
    this.followed.liveness.step({ type: 'reconnect' });
    this.contact?.abort.abort(new Error('asked to reconnect'));
    this.wake.raise();
    return true;
  }

  onBusReconnect(): void {
    void this.followed.repeat();
    this.contact?.current.onBusReconnect();
  }

  /** Releases the host: what is in hand is finished and the last word stated, as long as the bus takes it within 3 s. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the connector stops'));
    const late = setTimeout(() => this.life.abort(), 3_000);
    await this.running;
    await this.followed.idle();
    await this.followed.liveness.release();
    clearTimeout(late);
    this.life.abort();
  }

  /** The lease is lost: not one more word. */
  async drop(): Promise<void> {
    this.life.abort();
    this.stopping.abort(new Error('the lease is lost'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { liveness } = this.followed;
    const { signal } = this.stopping;
    await this.recover(signal);
    if (signal.aborted) return;
    if (!this.provider.enabled) {
      liveness.step({ type: 'disable' });
      this.followed.disabled();
      return;
    }
    while (!signal.aborted) {
      const dueMs = liveness.link.nextAttemptAtMs;
      if (dueMs !== null && dueMs > Date.now()) {
        await this.wake.wait(dueMs - Date.now(), signal);
        continue;
      }
      liveness.step({ type: 'connecting' });
      await this.connect(signal);
    }
  }

  private async recover(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.followed.recover();
      } catch (error) {
        this.log.warn({ err: error, provider: this.provider.id }, 'the log cannot be read, trying again');
        await this.setup.ensure().catch(() => undefined); // The next attempt says what is wrong.
        await pause(backoffDelayMs(attempt, { baseMs: 100, maxMs: 3_000 }, Math.random()), signal);
      }
    }
  }

  /** One contact. Returns when it is lost or was not made; the link then knows why. */
  private async connect(stopping: AbortSignal): Promise<void> {
    const key = apiKeyOf(this.provider, this.env, 'ingest');
    if ('problem' in key) return this.failed(key.problem);
    metrics.attempts.inc({ provider: this.provider.id });
    const abort = scopeOf(stopping);
    const current = this.followed.contact(key);
    this.contact = { current, abort };
    try {
      await current.run(abort.signal);
    } catch (error) {
      // Asked to: the link says already what comes next.
      if (!abort.signal.aborted) this.failed(problemOf(error), error);
    } finally {
      this.contact = null;
      abort.abort();
      await current.close();
    }
  }

  private failed(reason: Problem, error?: unknown): void {
    const { log } = this;
    metrics.reconnects.inc({ provider: this.provider.id, code: reason.code });
    if (error instanceof HostError || error === undefined)
      log.info({ provider: this.provider.id, reason }, 'not connected');
    else log.error({ provider: this.provider.id, err: error }, 'a connection ended by an error of ours');
    const retryAfterMs = error instanceof HostError ? error.retryAfterMs : null;
    this.followed.liveness.step({ type: 'failed', reason, retryAfterMs });
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof HostError)
    return {
      code: error.code,
      message: error.message,
      ...(error.status === undefined ? {} : { details: { status: error.status } }),
    };
  if (error instanceof PublishError)
    return { code: 'bus', message: `Its facts cannot be stated: ${error.message}` };
  return {
    code: 'internal',
    message: 'The connector failed; the log of the ingest service says how. It tries again.',
  };
}

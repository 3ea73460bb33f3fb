import { setMaxListeners } from 'node:events';
import { DIRECT, subjects, type DirectPrompt, type PrefixDrift, type RouteFact } from '@boocontrol/contracts';
import { BUS, busState, counter, Fifo, LOG, pause, PipelinedPublisher, type Log } from '@boocontrol/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Recorder } from '../inference/parts.js';
import { RecentDispatches } from './recent-dispatches.js';

/** What may wait for the bus: so many facts, so many characters of JSON. */
const MOST_WAITING = 10_000;
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** Under way to the bus at once; the publisher is not ours alone. */
const MOST_UNDER_WAY = 128;
/** While facts are dropped, the log says how many this often. */
const TELL_EVERY_MS = 10_000;
/** How long the end of the process waits for the bus to take the last ones. */
const FLUSH_MS = 3_000;

const lostTotal = counter(
  'boo_dispatches_lost_total',
  'Records of requests to /v1 that did not reach the log',
  ['reason'],
);

interface Waiting {
  id: string;
  subject: string;
  text: string;
}

/**
 * Brings what became of requests to /v1 to the log, each under its id. Nobody waits for it. While the bus is away a
 * bounded number waits here; then the oldest are dropped, which the metric and the log say.
 */
@Injectable()
export class DispatchRecorder implements Recorder, OnApplicationShutdown {
  readonly recent = new RecentDispatches();
  private readonly stopping = new AbortController();
  private readonly waiting = new Fifo<Waiting>();
  private characters = 0;
  private underWay = 0;
  private dropped = 0;
  private toldAtMs = -Infinity;
  private readonly listeners: ((fact: RouteFact) => void)[] = [];

  constructor(
    @Inject(PipelinedPublisher) private readonly publisher: PipelinedPublisher,
    @Inject(BUS) private readonly nc: NatsConnection,
    @Inject(LOG) private readonly log: Log,
  ) {
    // Each that is under way listens while it waits for its next try.
    setMaxListeners(2 * MOST_UNDER_WAY, this.stopping.signal);
  }

  /** After the requests themselves have ended. */
  async onApplicationShutdown(): Promise<void> {
    const deadlineMs = performance.now() + FLUSH_MS;
    while (this.isBusy && performance.now() < deadlineMs && busState(this.nc).connected) await pause(10);
    this.stopping.abort();
    while (this.waiting.size > 0) this.drop('stopped');
    this.tellDropped();
  }

  /** Facts that the bus has not acknowledged yet. */
  get outstanding(): number {
    return this.waiting.size + this.underWay;
  }

  /** Is told of each at once, as long as the process runs. It must not throw. */
  onRecord(listener: (fact: RouteFact) => void): void {
    this.listeners.push(listener);
  }

  record(fact: RouteFact): void {
    for (const listener of this.listeners) listener(fact);
    const text = JSON.stringify(fact);
    this.recent.add(fact.id, text);
    this.enqueue({ id: fact.id, subject: subjects.route(fact.policy?.name ?? DIRECT), text });
  }

  /** As record(), of a prompt that did not begin as before, or was not in the cache. */
  recordDrift(drift: PrefixDrift): void {
    this.enqueue({ id: `drift-${drift.id}`, subject: subjects.drift, text: JSON.stringify(drift) });
  }

  /** As record(), of a request that went straight to a host. */
  recordDirectPrompt(prompt: DirectPrompt): void {
    this.enqueue({ id: `prompt-${prompt.id}`, subject: subjects.directPrompt, text: JSON.stringify(prompt) });
  }

  private get isBusy(): boolean {
    return this.outstanding > 0;
  }

  private enqueue(fact: Waiting): void {
    this.waiting.push(fact);
    this.characters += fact.text.length;
    this.advance();
    while (this.waiting.size > MOST_WAITING || this.characters > MOST_CHARACTERS) this.drop('bus_away');
    if (this.dropped > 0 && performance.now() - this.toldAtMs > TELL_EVERY_MS) this.tellDropped();
  }

  private advance(): void {
    while (this.underWay < MOST_UNDER_WAY && !this.stopping.signal.aborted) {
      const next = this.take();
      if (next === undefined) break;
      this.underWay++;
      void this.send(next);
    }
    if (this.waiting.size === 0) this.tellDropped();
  }

  private async send({ id, subject, text }: Waiting): Promise<void> {
    try {
      await this.publisher.publishReliably(subject, text, { msgId: id, signal: this.stopping.signal });
    } catch (error) {
      const isStopping = this.stopping.signal.aborted;
      lostTotal.inc({ reason: isStopping ? 'stopped' : 'refused' });
      if (isStopping) this.dropped++;
      else this.log.error({ err: error, id }, 'the record of a request was refused by the bus');
    }
    this.underWay--;
    this.advance();
  }

  private take(): Waiting | undefined {
    const next = this.waiting.shift();
    this.characters -= next?.text.length ?? 0;
    return next;
  }

  private drop(reason: 'bus_away' | 'stopped'): void {
    this.take();
    this.dropped++;
    lostTotal.inc({ reason });
  }

  private tellDropped(): void {
    if (this.dropped === 0) return;
    this.log.warn(
      { dropped: this.dropped },
      `${this.dropped} records of requests to /v1 were dropped: the bus did not take them in time`,
    );
    this.dropped = 0;
    this.toldAtMs = performance.now();
  }
}

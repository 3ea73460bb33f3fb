import {
  BUCKETS,
  STREAMS,
  subjects,
  type Action,
  type ActionEvent,
  type ActionFact,
  type Fact,
  type FactKind,
  type FactMap,
  type Lease,
  type LeaseEvent,
  type LeaseFact,
  type LogSource,
} from '@boocontrol/contracts';
import { connectBus, createLogger, ensureBuckets, ensureStreams } from '@boocontrol/platform';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { body } from './facts.js';

/** Publishes as ingest does, and answers as services do. */
export class TestBus {
  private constructor(
    readonly nc: NatsConnection,
    readonly js: JetStreamClient,
    readonly jsm: JetStreamManager,
  ) {}

  static async open(url: string): Promise<TestBus> {
    const nc = await connectBus({ url, name: 'test', log: createLogger('test', { level: 'silent' }) });
    const bus = new TestBus(nc, jetstream(nc), await jetstreamManager(nc, { checkAPI: false }));
    await bus.prepare();
    return bus;
  }

  async prepare(): Promise<void> {
    await ensureStreams(this.nc, STREAMS);
    await ensureBuckets(this.nc, BUCKETS);
  }

  close(): Promise<void> {
    return this.nc.close();
  }

  /** Resolves when the connection, lost after this call, is back. A publish on the way would be lost or repeated. */
  async reconnected(): Promise<void> {
    for await (const { type } of this.nc.status()) if (type === 'reconnect') return;
  }

  async fact<K extends FactKind>(kind: K, value: FactMap[K]): Promise<number> {
    return (await this.js.publish(subjects.fact(value.providerId, kind), JSON.stringify(value))).seq;
  }

  /** The n-th fact of a kind; its sequence on the log. */
  async nth(kind: FactKind, providerId: string, n: number, atMs?: number): Promise<Fact> {
    const value = body(kind, providerId, n, atMs);
    return { kind, seq: await this.fact(kind, value), body: value } as Fact;
  }

  async line(providerId: string, source: LogSource, line: string): Promise<number> {
    const at = '2026-11-20T16:00:00.000000Z';
    const message = JSON.stringify({ providerId, at, source, line, cut: false });
    return (await this.js.publish(subjects.log(providerId, source), message)).seq;
  }

  /** A step in the life of an action, as the actions service tells it. */
  async action(event: ActionEvent, action: Action): Promise<void> {
    const fact: ActionFact = { event, at: action.createdAt, action };
    await this.js.publish(subjects.action(action.providerId, event), JSON.stringify(fact));
  }

  async lease(event: LeaseEvent, lease: Lease): Promise<void> {
    const fact: LeaseFact = { event, at: lease.since, lease };
    await this.js.publish(subjects.lease(lease.providerId, event), JSON.stringify(fact));
  }

  /** Answers a question as Nest's transport does. `answer` gets the body; what it throws goes back as the error. */
  answer(subject: string, answer: (body: unknown) => unknown): { stop: () => void } {
    const subscription = this.nc.subscribe(subject, {
      callback: (_error, message) => {
        const { data } = message.json<{ data: unknown }>();
        try {
          message.respond(JSON.stringify({ response: answer(data), isDisposed: true }));
        } catch (err) {
          message.respond(JSON.stringify({ err, isDisposed: true }));
        }
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  /** Everything that was on the bus is gone. */
  async wipe(): Promise<void> {
    for await (const { config } of this.jsm.streams.list()) await this.jsm.streams.delete(config.name);
  }
}

import {
  CaptureSchema,
  STREAM,
  subjects,
  type Capture,
  type FactKind,
  type FactMap,
  type Provider,
} from '@boocontrol/contracts';
import { toInstant } from '@boocontrol/fleet-model';
import { busConnectionOptions, createLogger, JetStreamSetup, PipelinedPublisher } from '@boocontrol/platform';
import type { SimHost } from '@boocontrol/sim';
import { testNats, waitFor, type TestNats } from '@boocontrol/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { expect } from 'vitest';
import { ConnectorFactory } from '../ownership/connector-factory.js';
import type { Connector } from '../follow/connector.js';
import { TIMINGS, type Timings } from '../timings.js';

/** Waits short enough for tests; what they prove is not how long they are. */
export const QUICK: Timings = {
  ...TIMINGS,
  silenceMs: 700,
  reconcileEveryMs: 400,
  settleMs: 300,
  perfEveryMs: 150,
  perfAskAgainMs: 300,
  runningEveryMs: 300,
  captureTimeoutMs: 400,
  captureBreakMs: 600,
  captureRetryMs: 200,
  listEveryMs: 150,
  listRestPerKbMs: 50,
  listTimeoutMs: 1_500,
};

/** A bus of its own, and connectors of this process on it. */
export class Bench {
  private readonly connectors = new Set<Connector>();

  private constructor(
    readonly nats: TestNats,
    readonly nc: NatsConnection,
    readonly setup: JetStreamSetup,
    readonly publisher: PipelinedPublisher,
  ) {}

  static async open(): Promise<Bench> {
    const nats = await testNats();
    const nc = await connect(busConnectionOptions(nats.url, 'bench'));
    const setup = new JetStreamSetup(nc);
    await setup.ensure();
    return new Bench(nats, nc, setup, new PipelinedPublisher(nc, { onNoStream: () => setup.ensure() }));
  }

  /** Drops every connector: nothing more is stated about its host. */
  async unfollow(): Promise<void> {
    await Promise.all([...this.connectors].map((connector) => connector.drop()));
    this.connectors.clear();
  }

  async close(): Promise<void> {
    await this.unfollow();
    this.publisher.close();
    await this.nc.close();
    await this.nats.stop();
  }

  follow(provider: Provider, env: Record<string, string> = {}, timings = QUICK): Connector {
    const log = createLogger('ingest', { level: process.env['TEST_LOG'] ?? 'silent' });
    const factory = new ConnectorFactory(this.nc, this.publisher, this.setup, log, env, timings);
    const connector = factory.create(provider);
    this.connectors.add(connector);
    connector.start();
    return connector;
  }

  /** All facts of a kind, oldest first. */
  async facts<K extends FactKind>(providerId: string, kind: K): Promise<FactMap[K][]> {
    return (await readAll(this.nc, STREAM.fleet, subjects.fact(providerId, kind))) as FactMap[K][];
  }

  async newest<K extends FactKind>(providerId: string, kind: K): Promise<FactMap[K] | undefined> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    const message = await jsm.streams.getMessage(STREAM.fleet, {
      last_by_subj: subjects.fact(providerId, kind),
    });
    return message?.json<FactMap[K]>();
  }

  all(stream: string, subject: string): Promise<unknown[]> {
    return readAll(this.nc, stream, subject);
  }

  /** One by one: a work queue lets nobody look on. */
  async captures(providerId: string): Promise<Capture[]> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    const captures: Capture[] = [];
    for (let seq = 1; ;) {
      const query = { seq, next_by_subj: subjects.capture(providerId) };
      const message = await jsm.streams.getMessage(STREAM.captures, query);
      if (message === null) return captures;
      captures.push(CaptureSchema.parse(message.json()));
      seq = message.seq + 1;
    }
  }

  until<K extends FactKind>(
    providerId: string,
    kind: K,
    what: string,
    holds: (fact: FactMap[K]) => boolean,
  ): Promise<FactMap[K]> {
    return waitFor(
      async () => {
        const fact = await this.newest(providerId, kind);
        return fact !== undefined && holds(fact) ? fact : undefined;
      },
      { what: `${providerId} ${kind}: ${what}` },
    );
  }

  connected(providerId: string): Promise<FactMap['liveness']> {
    return this.until(providerId, 'liveness', 'connected', ({ state }) => state === 'connected');
  }

  /** Waits until every row of the ledger is on the log, then holds both against each other. */
  async expectLedger(sim: SimHost, providerId: string, lost: ReadonlySet<string> = new Set()): Promise<void> {
    const expected = sim.rows().map(({ row }) => rowKey(row.id, toInstant(row.timestamp) ?? ''));
    const wanted = expected.filter((key) => !lost.has(key));
    await waitFor(
      async () => {
        const facts = await this.facts(providerId, 'request');
        const there = new Set(facts.map(({ entryId, ts }) => rowKey(entryId, ts)));
        const missing = wanted.filter((key) => !there.has(key));
        if (missing.length > 0) throw new Error(`${missing.length} missing, e.g. ${missing[0]}`);
        return true;
      },
      { what: `${wanted.length} rows of ${providerId} on the log` },
    );
    const keys = (await this.facts(providerId, 'request')).map(({ entryId, ts }) => rowKey(entryId, ts));
    expect(new Set(keys).size, 'no row twice').toBe(keys.length);
    expect([...keys].sort()).toEqual([...wanted].sort());
  }
}

export const rowKey = (entryId: number, ts: string): string => `${entryId} ${ts}`;

export function providerOf(sim: Pick<SimHost, 'id' | 'url'>, more: Partial<Provider> = {}): Provider {
  const at = '2026-11-20T16:00:00.000000Z';
  return {
    id: sim.id,
    kind: 'llama-swap',
    baseUrl: sim.url,
    label: sim.id,
    enabled: true,
    tags: [],
    origin: 'api',
    createdAt: at,
    updatedAt: at,
    ...more,
  };
}

async function readAll(nc: NatsConnection, stream: string, subject: string): Promise<unknown[]> {
  const consumer = await jetstream(nc).consumers.get(stream, { filter_subjects: [subject] });
  const { num_pending: stored } = await consumer.info(true);
  const bodies: unknown[] = [];
  if (stored === 0) return bodies;
  for await (const message of await consumer.fetch({ max_messages: stored, expires: 5_000 })) {
    bodies.push(message.json());
    if (bodies.length === stored) break;
  }
  return bodies;
}

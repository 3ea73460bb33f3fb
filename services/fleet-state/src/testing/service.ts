import { subjects, type FactKind } from '@boocontrol/contracts';
import { connectBus, PipelinedPublisher, RpcClient, type PublishAck } from '@boocontrol/platform';
import { spawnService, testNats, type RunningService, type TestNats } from '@boocontrol/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import type { HistoryFact } from '../projection/history-fact.js';
import { quiet } from './database.js';

export interface TestBus {
  nats: TestNats;
  nc: NatsConnection;
  publisher: PipelinedPublisher;
  rpc: RpcClient;
  /** Publishes a fact until it is acknowledged; a request with the message id that ingest gives it. */
  publish: (fact: HistoryFact) => Promise<PublishAck>;
  publishRaw: (providerId: string, kind: FactKind, body: string) => Promise<PublishAck>;
  close: () => Promise<void>;
}

/** A NATS of its own and a client on it. */
export async function testBus(): Promise<TestBus> {
  const nats = await testNats();
  const nc = await connectBus({ url: nats.url, name: 'test', log: quiet });
  const publisher = new PipelinedPublisher(nc);
  const publishRaw = (
    providerId: string,
    kind: FactKind,
    body: string,
    msgId?: string,
  ): Promise<PublishAck> =>
    publisher.publishReliably(subjects.fact(providerId, kind), body, msgId === undefined ? {} : { msgId });
  return {
    nats,
    nc,
    publisher,
    rpc: new RpcClient(nc),
    publishRaw,
    publish: ({ kind, body }) => {
      const msgId = kind === 'request' ? `${body.providerId}:${body.entryId}:${body.ts}` : undefined;
      return publishRaw(body.providerId, kind, JSON.stringify(body), msgId);
    },
    close: async () => {
      publisher.close();
      await nc.close();
      await nats.stop();
    },
  };
}

/** The built service as a process of its own, ready. */
export async function spawnFleetState(
  natsUrl: string,
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<RunningService> {
  const service = await spawnService('services/fleet-state/dist/main.js', {
    NATS_URL: natsUrl,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'warn',
    ...env,
  });
  await service.waitReady();
  return service;
}
